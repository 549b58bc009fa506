"""`python -m bot` runs the bot; other commands try it, check it, and see to its database."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from bot.loading import loading
from bot.settings import Settings, SettingsInvalid

# Loading the program takes a second: each command loads what it needs, and a wrong setting does
# not wait for any of it.
# ruff: noqa: PLC0415


def main() -> int:
    """Run what the command line asks for; the result is the exit status."""
    parser = _parser()
    arguments, others = parser.parse_known_args()
    if others and arguments.command is not _demo:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    arguments.others = others
    command: Callable[[Namespace], int] = arguments.command
    try:
        return command(arguments)
    except SettingsInvalid as failure:
        return _refuse(failure)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m bot", description="Runs the bot if given no command.")
    parser.set_defaults(command=_serve)
    commands = parser.add_subparsers(title="commands", metavar="")

    demo = commands.add_parser(
        "demo", help="try the bot in a browser, without credentials", add_help=False
    )
    demo.set_defaults(command=_demo)

    check = commands.add_parser("check", help="look whether everything is set up right")
    check.set_defaults(command=_check)

    backup = commands.add_parser("backup", help="copy the SQLite database while the bot runs")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.set_defaults(command=_backup)

    move = commands.add_parser("move", help="carry everything over to another database")
    move.add_argument("source", metavar="SOURCE_URL")
    move.add_argument("target", metavar="TARGET_URL")
    move.set_defaults(command=_move)
    return parser


def _serve(_: Namespace) -> int:
    settings = Settings.load()
    with loading():
        from bot.log import configure_logging
        from bot.telegram import lazy_models

        configure_logging(level=settings.log_level, form=settings.log_format)
        lazy_models.install()  # before anything imports aiogram

        from bot.app import run
        from bot.storage.errors import DatabaseUnusable
        from bot.workers.presence import ReplicaLost

    try:
        asyncio.run(run(settings))
    except asyncio.CancelledError:
        return 0
    except (DatabaseUnusable, ExceptionGroup) as failure:
        match _alone(failure):
            case SettingsInvalid() | DatabaseUnusable() as known:
                return _refuse(known)
            case ReplicaLost() as lost:
                return _refuse(lost, status=1)
            case _:
                raise
    return 0


def _demo(arguments: Namespace) -> int:
    from bot.sandbox.demo import main as demo

    return demo(arguments.others)


def _check(_: Namespace) -> int:
    settings = Settings.load()
    from bot.log import configure_logging
    from bot.telegram import lazy_models

    configure_logging(level="ERROR", form="console")  # the findings say what was tried
    lazy_models.install()  # before anything imports aiogram

    from bot.operating.check import check

    return asyncio.run(check(settings))


def _backup(arguments: Namespace) -> int:
    from bot.operating.backup import backup

    return backup(Settings.load(), arguments.file)


def _move(arguments: Namespace) -> int:
    from bot.log import configure_logging
    from bot.operating.move import move

    configure_logging(level="ERROR", form="console")
    return move(arguments.source, arguments.target)


def _alone(failure: Exception) -> Exception:
    """Take a failure out of the groups that it came in, unless others came with it."""
    while isinstance(failure, ExceptionGroup) and len(failure.exceptions) == 1:
        failure = failure.exceptions[0]
    return failure


def _refuse(failure: Exception, *, status: int = 2) -> int:
    print(failure, file=sys.stderr)  # noqa: T201 - for the person at the terminal
    return status


if __name__ == "__main__":
    sys.exit(main())
