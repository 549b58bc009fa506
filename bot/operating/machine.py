"""Checks what the machine gives the bot, and the settings that concern nobody else."""

import asyncio
import errno
import shutil
from http import HTTPStatus

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.elumenta import find_text_model
from bot.operating.finding import Finding, well, wrong
from bot.parts.making import default_models
from bot.settings import Settings, SettingsInvalid
from bot.storage.engine import Database
from bot.storage.errors import DatabaseUnusable
from bot.storage.sqlite import prepare_place
from bot.storage.upgrade import NEWEST_STEP

MEGABYTE = 1_000_000
LEAST_FREE = 100 * MEGABYTE
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared, not listened on
ANSWER = ClientTimeout(total=10)


async def check_models(settings: Settings) -> Finding:
    """Look for the chosen models in the catalogue; a new model for chats is worth a try."""
    try:
        media = default_models(settings).values()
    except SettingsInvalid as failure:
        return wrong("; ".join(failure.problems))
    chat = settings.default_chat_model
    is_known = find_text_model(chat) is not None
    return well(", ".join((chat if is_known else f"{chat} (not in the catalogue)", *media)))


async def check_database(settings: Settings) -> Finding:
    """Open the database, and look at which migration it is."""
    try:
        database = Database(settings.database_url)
        if database.file is not None:
            prepare_place(database.file)
            if not database.file.exists():
                return well(f"the bot makes {database.file} when it starts")
        try:
            return _judge(await database.find_step())
        finally:
            await database.close()
    except DatabaseUnusable as failure:
        return wrong(str(failure))


async def check_volume(settings: Settings) -> Finding:
    """Look whether there is room beside a database that is a file."""
    try:
        file = Database(settings.database_url).file
        if file is None:
            return well("nothing is kept on this machine")
        prepare_place(file)
    except DatabaseUnusable as failure:
        return wrong(str(failure))
    free = shutil.disk_usage(file.parent).free
    room = f"{free / MEGABYTE:,.0f} MB are free in {file.parent}"
    return well(room) if free >= LEAST_FREE else wrong(f"only {room}: make room there")


async def check_port(settings: Settings) -> Finding:
    """Look whether the port is free for the bot, or held by one that is well."""
    host, port = settings.http_host, settings.http_port
    if port is None:
        return well("none: health and metrics are not served")
    try:
        server = await asyncio.start_server(lambda *_: None, host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return await _judge_who_listens("127.0.0.1" if host in EVERYWHERE else host, port)
        return wrong(f"{host}:{port} cannot be served ({error.strerror}): set another HTTP_PORT")
    server.close()
    return well(f"{port} is free for the bot")


def _judge(step: str | None) -> Finding:
    if step is None:
        return well("it answers; the bot makes its tables when it starts")
    if step < NEWEST_STEP:
        return well(f"it answers; the bot takes it from {step} to {NEWEST_STEP} when it starts")
    if step == NEWEST_STEP:
        return well(f"it answers, and is at the newest migration ({step})")
    said = (
        f"it is of a newer version of the bot (migration {step}): "
        "install that version, or set DATABASE_URL to another database"
    )
    return wrong(said)


async def _judge_who_listens(host: str, port: int) -> Finding:
    try:
        async with (
            ClientSession(timeout=ANSWER) as session,
            session.get(f"http://{host}:{port}/healthz") as answer,
        ):
            status = answer.status
    except (ClientError, TimeoutError):
        status = None
    match status:
        case HTTPStatus.OK:
            return well(f"a bot serves {port}, and is well")
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return wrong(f"a bot serves {port}, and is not well: look into /healthz and its log")
        case _:
            return wrong(f"another program holds {port}: set another HTTP_PORT")
