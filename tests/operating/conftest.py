from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.storage.engine import Database
from bot.storage.history import HistoryStore

TOKEN = "123456789:" + "a" * 35


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Settings]:
    """Load settings as an operator writes them, by their names in lower case."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("ELUMENTA_API_KEY", "nb_live_example")
    monkeypatch.chdir(tmp_path)

    def load(**values: str) -> Settings:
        for name, value in values.items():
            monkeypatch.setenv(name.upper(), value)
        return Settings.load()

    return load


@pytest.fixture
def history(database: Database) -> HistoryStore:
    return HistoryStore(database)
