"""Column types that keep the same value on every database."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.model import TurnState


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; a naive value is refused, since nobody can tell when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a time without a zone: {value!r}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class AnyText(TypeDecorator[str]):
    """Text from outside, which can hold what no database takes.

    NUL and surrogates without their other half become U+FFFD; two halves that were
    cut apart become the one character they are.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        if value is None:
            return None
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\x00", "\ufffd")


def row_id() -> TypeEngine[int]:
    """Build a 64-bit id; only a plain INTEGER counts by itself on SQLite, and it has 64 bits."""
    return BigInteger().with_variant(Integer, "sqlite")


def turn_state() -> Enum:
    """Build the state as text, unchecked by the database: a new state needs no new table."""
    return Enum(
        TurnState,
        native_enum=False,
        length=16,
        values_callable=lambda states: [state.value for state in states],
    )
