FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /build

# Without pip, which nobody needs in there once everything is installed.
RUN python -m venv --without-pip /opt/bot

# What changes seldom comes first, so that a new version of the bot downloads nothing again.
COPY requirements.lock .
RUN --mount=type=cache,target=/root/.cache/pip \
    pip --python /opt/bot install --no-compile --require-hashes --requirement requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY locales locales
COPY bot bot
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --no-deps --wheel-dir dist . \
    && pip --python /opt/bot install --no-compile --no-deps dist/*.whl

# The running bot cannot write bytecode, and must not have to compile at every start. Docstrings,
# assertions and columns for tracebacks would take 6 MB of its memory.
RUN PYTHONNODEBUGRANGES=1 /opt/bot/bin/python -m compileall -q -o 2 -j 0 --invalidation-mode unchecked-hash /opt/bot/lib


FROM python:3.13-slim

LABEL org.opencontainers.image.title="Elumenta bot" \
      org.opencontainers.image.description="A self-hosted Telegram bot in front of the Elumenta AI aggregator" \
      org.opencontainers.image.licenses="MIT"

# Python comes without bytecode of its own library, which would be compiled at every start, too.
RUN PYTHONNODEBUGRANGES=1 python -m compileall -q -o 2 -j 0 -x site-packages "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin bot \
    && install --directory --owner bot --group bot /data

COPY --from=build /opt/bot /opt/bot

# Files under way to Telegram go to the volume: a temporary file system would be memory. Nor does a
# program that is one thread at a time need more than one arena to allocate from.
ENV PATH=/opt/bot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONOPTIMIZE=2 \
    MALLOC_ARENA_MAX=1 \
    TMPDIR=/data \
    DATABASE_URL=sqlite+aiosqlite:////data/bot.sqlite3 \
    HTTP_PORT=8080

USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=20s --timeout=10s --start-period=40s CMD ["python", "-m", "bot.web.probe"]
CMD ["python", "-m", "bot"]
