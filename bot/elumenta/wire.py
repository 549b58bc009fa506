"""Bytes to values and back: the only place that knows how the service spells things.

The documentation shows two shapes of almost everything; both are read.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from bot.elumenta.chat import (
    ChatEvent,
    ChatMessage,
    ChatRequest,
    Finished,
    Generation,
    GenerationStatus,
    RateLimits,
    RequestStyle,
    Role,
    Started,
    TextDelta,
)
from bot.elumenta.errors import ProtocolError, ProviderFailed


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(value)
    except ValidationError:
        return None


T = TypeVar("T")
Id = Annotated[str, Field(coerce_numbers_to_str=True, min_length=1)]
Hint = Annotated[T | None, WrapValidator(_or_none)]
"""Nice to know: no answer is refused because a hint is missing or odd."""


class WireModel(BaseModel):
    """Something the service sends; what it does not document is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


M = TypeVar("M", bound=WireModel)


def chat_body(request: ChatRequest, style: RequestStyle, *, stream: bool) -> dict[str, object]:
    """Spell a request in one of the documented styles, never in both: that doubles the history."""
    body: dict[str, object] = {"model": request.model}
    if style is RequestStyle.PARAMS:
        body |= _in_params(request)
    else:
        body |= {"messages": _spell(request.messages), **_options(request)}
    return body | {"stream": True} if stream else body


def read_generation(body: bytes) -> Generation:
    """Read the answer to an order or to a look-up; raises ProtocolError."""
    return _read(_Generation, body).value()


def read_event(payload: str) -> ChatEvent | None:
    """Read one event of a stream; None for what is unknown or empty.

    Raises ProviderFailed for an `error` event, and ProtocolError.
    """
    match _read(_Event, payload).type:
        case "generation_start":
            start = _read(_Start, payload)
            return Started(id=start.id, model=start.model) if start.id else None
        case "content_delta":
            text = _read(_Delta, payload).delta
            return TextDelta(text=text) if text else None
        case "generation_end":
            return _read(_End, payload).value()
        case "error":
            raise ProviderFailed(200, message=_read(_Error, payload).message)
        case _:
            return None


def read_limits(headers: dict[str, str]) -> RateLimits | None:
    """Read the rate-limit headers of any answer; None when there are none."""
    limits = RateLimits(**dict(_Limits.model_validate(headers)))
    return None if limits == RateLimits() else limits


class _Event(WireModel):
    type: object = None


class _Start(WireModel):
    id: Hint[Id] = None
    model: Hint[str] = None


class _Delta(WireModel):
    delta: str | None = None


class _End(WireModel):
    id: Hint[Id] = None
    tokens_spent: Hint[int] = None
    tokens_used: Hint[int] = None

    def value(self) -> Finished:
        return Finished(id=self.id, tokens_spent=_first(self.tokens_spent, self.tokens_used))


class _Error(WireModel):
    message: Hint[str] = None


class _Generation(WireModel):
    id: Id
    status: str
    model_slug: Hint[str] = None
    model: Hint[str] = None
    result_text: str | None = None
    content: str | None = None
    result_url: Hint[str] = None
    output_url: Hint[str] = None
    url: Hint[str] = None
    error: Hint[str] = None
    tokens_spent: Hint[int] = None
    tokens_used: Hint[int] = None

    def value(self) -> Generation:
        return Generation(
            id=self.id,
            status=_status(self.status),
            model=_first(self.model_slug, self.model),
            text=_first(self.result_text, self.content),
            url=_first(self.result_url, self.output_url, self.url),
            error=self.error,
            tokens_spent=_first(self.tokens_spent, self.tokens_used),
        )


class _Limits(WireModel):
    limit_hour: Hint[int] = Field(None, alias="x-ratelimit-limit-hour")
    remaining_hour: Hint[int] = Field(None, alias="x-ratelimit-remaining-hour")
    limit_day: Hint[int] = Field(None, alias="x-ratelimit-limit-day")
    remaining_day: Hint[int] = Field(None, alias="x-ratelimit-remaining-day")
    hour_resets_at: Hint[datetime] = Field(None, alias="x-ratelimit-reset-hour")


def _in_params(request: ChatRequest) -> dict[str, object]:
    """The newest message is the prompt, what was said before goes into the options."""
    *earlier, newest = request.messages
    history = [message for message in earlier if message.role is not Role.SYSTEM]
    system = "\n\n".join(message.content for message in earlier if message.role is Role.SYSTEM)

    params = _options(request)
    if system:
        params["system_prompt"] = system
    if history:
        params["messages"] = _spell(history)
    return {"prompt": newest.content, "params": params}


def _spell(messages: Sequence[ChatMessage]) -> list[dict[str, str]]:
    return [{"role": message.role.value, "content": message.content} for message in messages]


def _options(request: ChatRequest) -> dict[str, object]:
    options = {
        "temperature": request.options.temperature,
        "max_tokens": request.options.max_tokens,
    }
    return {name: value for name, value in options.items() if value is not None}


def _status(spelled: str) -> GenerationStatus:
    """A state nobody documented is not an end that anybody could rely on."""
    try:
        return GenerationStatus(spelled)
    except ValueError:
        return GenerationStatus.PENDING


def _first(*values: T | None) -> T | None:
    return next((value for value in values if value is not None), None)


def _read(model: type[M], body: bytes | str) -> M:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        problem = f"an answer that is no {model.__name__.strip('_').lower()}: {_where(error)}"
    raise ProtocolError(problem)


def _where(error: ValidationError) -> str:
    """Name the fields and what is wrong with them, but no value: it may be private."""
    return ", ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'body'} ({problem['type']})"
        for problem in error.errors(include_input=False, include_url=False, include_context=False)
    )
