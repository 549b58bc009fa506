"""Serves an application on a port, for as long as a block runs."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp.web import Application, AppRunner, TCPSite

from bot.settings import SettingsInvalid

FAREWELL_SECONDS = 2.0
"""How long requests under way may take at the end."""


@asynccontextmanager
async def open_server(application: Application, *, host: str, port: int) -> AsyncIterator[int]:
    """Listen, and give the port: one that is free where it is 0.

    Raises SettingsInvalid where nobody can listen there.
    """
    runner = AppRunner(
        application, access_log=None, logger=_silence(), shutdown_timeout=FAREWELL_SECONDS
    )
    await runner.setup()
    try:
        try:
            await TCPSite(runner, host, port).start()
        except OSError as error:
            problem = f"HTTP_PORT: nobody can listen on {host}, port {port} ({error.strerror})"
            raise SettingsInvalid([problem]) from None
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _silence() -> logging.Logger:
    """Keep the library quiet: it quotes requests that it cannot read, and with them secrets."""
    silence = logging.Logger("silence")  # noqa: LOG001 - no setting of logs shall wake it
    silence.disabled = True
    return silence
