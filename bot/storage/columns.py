"""Column types that keep the same value on every database."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

LARGEST_INTEGER = 2**63 - 1


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
        return None if value is None else _mend(value)


class AnyInteger(TypeDecorator[int]):
    """A whole number from outside, good to know; one that no database takes stays unknown."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        del dialect
        return None if value is None or abs(value) > LARGEST_INTEGER else value


class Arguments(TypeDecorator[Mapping[str, str | int]]):
    """Names and their values, as JSON; their texts are kept as `AnyText` keeps them."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self, value: Mapping[str, str | int] | None, dialect: Dialect
    ) -> str | None:
        del dialect
        if value is None:
            return None
        return json.dumps({_mend(name): _mend_any(given) for name, given in value.items()})

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> Mapping[str, str | int] | None:
        del dialect
        if value is None:
            return None
        stored: dict[str, str | int] = json.loads(value)
        return stored


def row_id() -> TypeEngine[int]:
    """Build a 64-bit id; only a plain INTEGER counts by itself on SQLite, and it has 64 bits."""
    return BigInteger().with_variant(Integer, "sqlite")


def one_of(words: type[StrEnum]) -> Enum:
    """Build a word as text, unchecked by the database: a new word needs no new table."""
    return Enum(
        words,
        native_enum=False,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


def _mend(text: str) -> str:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "\ufffd")


def _mend_any(value: str | int) -> str | int:
    return _mend(value) if isinstance(value, str) else value
