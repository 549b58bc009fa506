from datetime import timedelta
from itertools import count

import pytest

from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from tests.storage.questions import FIRST_MOMENT


@pytest.fixture
def history(database: Database) -> HistoryStore:
    """A store for which a second passes whenever it asks for the time."""
    seconds = count()
    return HistoryStore(database, now=lambda: FIRST_MOMENT + timedelta(seconds=next(seconds)))
