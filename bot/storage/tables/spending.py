"""What was spent, and how much may be."""

from sqlalchemy import BigInteger, Column, Date, Index, Table

from bot.model import ExpenseKind, ExpenseOutcome
from bot.storage.columns import AnyText, UtcDateTime, one_of, row_id
from bot.storage.tables.naming import metadata

expenses = Table(
    "expenses",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("kind", one_of(ExpenseKind), nullable=False),
    # The turn or the job that is paid for, by the kind.
    Column("item_id", BigInteger, nullable=False),
    Column("person_id", BigInteger),
    Column("chat_id", BigInteger, nullable=False),
    Column("model", AnyText, nullable=False),
    Column("day", Date, nullable=False),
    Column("reserved_tokens", BigInteger, nullable=False),
    # What counts: first what is reserved, and in the end what was spent.
    Column("tokens", BigInteger, nullable=False),
    Column("outcome", one_of(ExpenseOutcome), nullable=False),
    Column("reserved_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
)

Index(None, expenses.c.kind, expenses.c.item_id, expenses.c.id)

# What is used of a limit is summed up before each request, from one of these alone.
Index(None, expenses.c.person_id, expenses.c.day, expenses.c.tokens)
Index(None, expenses.c.chat_id, expenses.c.day, expenses.c.tokens)
Index(None, expenses.c.day, expenses.c.tokens)

spending_limits = Table(
    "spending_limits",
    metadata,
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("tokens", BigInteger, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)
