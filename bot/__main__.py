"""`python -m bot` runs the bot, `python -m bot demo` tries it without credentials."""

import asyncio
import sys

from bot.settings import Settings, SettingsInvalid

USAGE = "usage: python -m bot [demo]"


def main() -> int:
    """Run what the command line asks for; the result is the exit status."""
    match sys.argv[1:]:
        case []:
            return _serve()
        case ["demo"]:
            from bot.sandbox.demo import main as demo  # noqa: PLC0415 - the bot must not load it

            return demo()
        case _:
            print(USAGE, file=sys.stderr)  # noqa: T201 - for the person at the terminal
            return 2


def _serve() -> int:
    try:
        settings = Settings.load()
    except SettingsInvalid as failure:
        return _refuse(failure)

    # Loading takes seconds, which a wrong setting need not wait for.
    from bot.app import run  # noqa: PLC0415
    from bot.log import configure_logging  # noqa: PLC0415
    from bot.storage.errors import DatabaseUnusable  # noqa: PLC0415

    configure_logging(level=settings.log_level, form=settings.log_format)
    try:
        asyncio.run(run(settings))
    except (SettingsInvalid, DatabaseUnusable) as failure:
        return _refuse(failure)
    except asyncio.CancelledError:
        return 0
    return 0


def _refuse(failure: Exception) -> int:
    print(failure, file=sys.stderr)  # noqa: T201 - for the person who starts the bot
    return 2


if __name__ == "__main__":
    sys.exit(main())
