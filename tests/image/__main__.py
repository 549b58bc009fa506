"""`python -m tests.image` builds the image and sees whether a bot in it does its work."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from secrets import token_hex

from bot.sandbox.elumenta import ElumentaServer
from bot.sandbox.telegram import TelegramServer
from tests.image.building import IMAGE, build, provide_base
from tests.image.container import MEMORY, Container
from tests.image.engine import PODMAN_NEEDS, Engine, EngineFailed, find_engine
from tests.image.scenes import SCENES, Trial
from tests.stage import free_port

MISSING = (
    "there is no Docker here, nor what stands in for it; as root, "
    f"`apt-get install --no-install-recommends {' '.join(PODMAN_NEEDS)}` brings that"
)


async def main() -> None:
    """Raise when the image is not as it should be; say so where nobody can know."""
    engine = await find_engine()
    if engine is None:
        return _skip(MISSING)
    try:
        await provide_base(engine)
    except EngineFailed as failure:
        return _skip(f"the base image can neither be had nor be made: {failure}")

    seconds = await build(engine)
    _say("the image is built", f"{seconds:.0f} s, {await _size(engine):.0f} MB")
    async with _open_trial(engine) as trial:
        for scene in SCENES:
            _say(scene.__name__.replace("_", " "), await scene(trial))
    return _say(f"all of it within {MEMORY}")


@asynccontextmanager
async def _open_trial(engine: Engine) -> AsyncIterator[Trial]:
    """Start the servers, and leave nothing of what ran between them."""
    telegram, elumenta = TelegramServer(), ElumentaServer(pace=0)
    async with AsyncExitStack() as resources:
        for server in (telegram, elumenta):
            await server.start()
            resources.push_async_callback(server.close)

        settings = {
            "BOT_TOKEN": telegram.token,
            "ELUMENTA_API_KEY": elumenta.api_key,
            "TELEGRAM_API_URL": telegram.url,
            "ELUMENTA_BASE_URL": elumenta.url,
            "ACCESS": "open",
            "CONFIRM_ABOVE": "1000",
            "HTTP_PORT": str(free_port()),
        }
        container = Container(engine, settings, name=f"{IMAGE}-{token_hex(4)}")
        resources.push_async_callback(container.close)

        ann = telegram.person("Ann")
        chat = telegram.private_chat(ann)
        yield Trial(telegram=telegram, elumenta=elumenta, container=container, chat=chat)


async def _size(engine: Engine) -> float:
    return int(await engine.do("image", "inspect", "--format={{.Size}}", IMAGE)) / 1e6


def _say(claim: str, measured: str = "") -> None:
    print(f"✔ {claim}" + (f": {measured}" if measured else ""), flush=True)  # noqa: T201


def _skip(reason: str) -> None:
    print(f"== THE IMAGE WAS NOT TRIED: {reason}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
