"""What requests cost, how it is spent, and how to look into the ledger."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from bot.model import (
    EVERYBODY,
    Charge,
    ConversationKey,
    ExpenseKind,
    ExpenseOutcome,
    Question,
    Turn,
)
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.ledger import LedgerStore
from bot.storage.tables import expenses
from tests.storage.questions import FIRST_MOMENT, added

ANN, BOB = 5_000_000_001, 5_000_000_002
GROUP, OTHER_GROUP = -1001234567890, -1009876543210
TODAY = FIRST_MOMENT.date()
YESTERDAY = TODAY - timedelta(days=1)


def a_question(person_id: int | None = ANN, chat_id: int = GROUP) -> Question:
    """Build a question that can be asked as often as one likes."""
    return Question(
        key=ConversationKey(chat_id=chat_id),
        message_id=None,
        person_id=person_id,
        language="en",
        asked_at=FIRST_MOMENT,
        prompt="Hello",
    )


def a_charge(
    tokens: int = 10,
    limits: Mapping[int, int] | None = None,
    *,
    kind: ExpenseKind = ExpenseKind.ANSWER,
    model: str = "gpt-5",
    day: date = TODAY,
) -> Charge:
    return Charge(kind=kind, model=model, tokens=tokens, day=day, limits=limits or {})


async def begun(
    history: HistoryStore, charge: Charge | None = None, question: Question | None = None
) -> Turn:
    """Ask a question, and let its tokens be reserved."""
    turn = await added(history, question or a_question())
    assert await history.begin(turn.id, charge or a_charge())
    return turn


async def used(ledger: LedgerStore, subject_id: int = EVERYBODY, *, day: date = TODAY) -> int:
    (spending,) = await ledger.spendings({subject_id: 0}, day=day)
    return spending.tokens


async def entries(database: Database) -> list[tuple[ExpenseOutcome, int]]:
    """Return what became of each expense, and what it counts, in the order they were made."""
    statement = select(expenses.c.outcome, expenses.c.tokens).order_by(expenses.c.id)
    async with database.engine.connect() as connection:
        return [(row.outcome, row.tokens) for row in await connection.execute(statement)]
