"""Logging: one format for our own lines and those of the libraries, without secrets."""

import logging
import re
from typing import Literal

import stamina
import structlog
from structlog.typing import EventDict, Processor

SECRETS = re.compile(r"\d{6,}:[\w-]{30,}|nb_[^\s'\"]{4,}")
"""Bot tokens and Elumenta keys; no word boundary, because addresses say `/bot123456:AA...`."""

QUIET = ("aiogram.event", "httpx", "httpcore", "alembic", "aiosqlite")
"""Loggers that tell of every single call; heard only when something is wrong."""


def configure_logging(*, level: str, form: Literal["console", "json"]) -> None:
    """Send everything to standard error, secrets replaced; *form* is `LOG_FORMAT`."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )

    handler = logging.StreamHandler()
    handler.setLevel(level)
    handler.setFormatter(_formatter(shared, form))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Its own lines would show answers that could not be read, and those quote people.
    stamina.instrumentation.set_on_retry_hooks([])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _formatter(shared: list[Processor], form: str) -> logging.Formatter:
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer, _redact],
    )


def _redact(_logger: object, _method: str, line: EventDict | str) -> str:
    return SECRETS.sub("[secret]", str(line))
