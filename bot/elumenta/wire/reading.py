"""How lenient the client is with what the service sends."""

from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from bot.elumenta.errors import ProtocolError


class WireModel(BaseModel):
    """Something the service sends; what it does not document is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


T = TypeVar("T")
M = TypeVar("M", bound=WireModel)


def read(model: type[M], body: bytes | str) -> M:
    """Read JSON; raises ProtocolError, which names the fields that are wrong."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        problem = f"an answer that is no {model.__name__.strip('_').lower()}: {_where(error)}"
    raise ProtocolError(problem)


def first(*values: T | None) -> T | None:
    """Give what the service told, where it may say the same under several names."""
    return next((value for value in values if value is not None), None)


def _where(error: ValidationError) -> str:
    """Name the fields and what is wrong with them, but no value: it may be private."""
    return ", ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'body'} ({problem['type']})"
        for problem in error.errors(include_input=False, include_url=False, include_context=False)
    )


def _or_none(value: object, read_it: ValidatorFunctionWrapHandler) -> object:
    try:
        return read_it(value)
    except ValidationError:
        return None


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        problem = "a time outside of the calendar"
        raise ValueError(problem) from error


Hint = Annotated[T | None, WrapValidator(_or_none)]
"""Nice to know: no answer is refused because a hint is missing or odd."""

Id = Annotated[str, Field(coerce_numbers_to_str=True, min_length=1)]
Words = Annotated[str, Field(min_length=1)]
Moment = Annotated[datetime, AfterValidator(_in_utc)]
"""A time in UTC, also where the service names no zone."""

Count = Annotated[int, Field(ge=0, lt=2**63)]
Pixels = Annotated[int, Field(gt=0, lt=2**31)]
Seconds = Annotated[float, Field(ge=0, le=10**9, allow_inf_nan=False)]
"""Numbers that every database and every calendar can hold."""
