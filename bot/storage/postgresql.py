"""What PostgreSQL needs to serve for long: connections that are waited for when it restarts."""

from collections.abc import Callable

import asyncpg  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import URL

from bot.storage.async_engine import AsyncEngine, create_async_engine
from bot.storage.patience import QUEUE_SECONDS, persist

CONNECT_SECONDS = 20.0
"""How long a connection is tried for; a restart takes a few."""

# Whoever is cut off in the middle of a transaction keeps others waiting no longer than this.
SERVER_SETTINGS = {"idle_in_transaction_session_timeout": "30s"}


def build_engine(url: URL, *, is_patient: Callable[[], bool]) -> AsyncEngine:
    """Build an engine whose connections are tried once each, unless it *is_patient*."""

    async def connect(**where: object) -> object:
        if not is_patient():
            return await asyncpg.connect(**where)
        return await persist(lambda _: asyncpg.connect(**where), seconds=CONNECT_SECONDS)

    return create_async_engine(
        url,
        hide_parameters=True,  # they are what people said
        pool_pre_ping=True,
        pool_timeout=QUEUE_SECONDS,
        connect_args={"server_settings": SERVER_SETTINGS, "async_creator_fn": connect},
    )
