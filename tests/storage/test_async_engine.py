"""The ORM of SQLAlchemy stays on the disk."""

import subprocess
import sys
from textwrap import dedent


def test_the_program_does_not_load_the_orm() -> None:
    assert _run("""
        import sys
        from bot.telegram import lazy_models
        lazy_models.install()
        import bot.app
        print("sqlalchemy.orm" in sys.modules)
    """) == ["False"]


def test_the_real_package_comes_whole_later_with_the_same_engine() -> None:
    assert _run("""
        from bot.storage.async_engine import AsyncEngine
        import sqlalchemy.ext.asyncio as whole
        print(whole.AsyncEngine is AsyncEngine, hasattr(whole, "AsyncSession"))
    """) == ["True", "True"]


def test_the_real_package_may_have_come_first() -> None:
    assert _run("""
        import sqlalchemy.ext.asyncio as whole
        from bot.storage.async_engine import AsyncEngine
        print(whole.AsyncEngine is AsyncEngine)
    """) == ["True"]


def _run(program: str) -> list[str]:
    """Run it in a fresh interpreter; gives the words it prints."""
    command = [sys.executable, "-W", "error", "-c", dedent(program)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return done.stdout.split()
