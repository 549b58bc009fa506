"""What a caller asks for, read strictly from either documented request style."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
)
from pydantic_core import ErrorDetails

from bot.sandbox.elumenta.catalogue import Model, find_model
from bot.sandbox.elumenta.refusals import invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One accepted wish for a text."""

    model: Model
    prompt: str
    """The newest text of the user."""
    conversation: tuple[dict[str, str], ...]
    """All that the model sees: system prompt, earlier turns, newest text."""
    stream: bool
    max_tokens: int | None


def read_order(body: JsonValue, *, stream: bool = False) -> Order:
    """Read a request body; what breaks the documented schema is refused with 422.

    Options may stand at the top level or in `params`, where they win. *stream* is
    whether the path alone asks for a stream.
    """
    try:
        envelope = _Envelope.model_validate(body)
        model = find_model(envelope.model)
        options = _TextOptions.model_validate((envelope.model_extra or {}) | envelope.params)
    except ValidationError as error:
        raise invalid(dict(map(_problem, error.errors()))) from None

    conversation = _conversation(envelope.prompt, options)
    return Order(
        model=model,
        prompt=conversation[-1]["content"],
        conversation=conversation,
        stream=stream or envelope.stream,
        max_tokens=options.max_tokens,
    )


def _not_blank(text: str) -> str:
    if not text.strip():
        message = "must not be blank"
        raise ValueError(message)
    return text


_Text = Annotated[str, AfterValidator(_not_blank)]


class _Envelope(BaseModel):
    """The part that all kinds of generations share; the rest depends on the model."""

    model_config = ConfigDict(strict=True, extra="allow")

    model: _Text
    prompt: _Text = ""
    params: dict[str, JsonValue] = Field(default_factory=dict)
    stream: bool = False


class _Message(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    role: Literal["system", "user", "assistant"]
    content: _Text


class _TextOptions(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    messages: list[_Message] = Field(default_factory=list)
    system: _Text = ""
    system_prompt: _Text = ""
    temperature: float = Field(default=1, ge=0, le=2, allow_inf_nan=False)
    max_tokens: int | None = Field(default=None, ge=1)


def _conversation(prompt: str, options: _TextOptions) -> tuple[dict[str, str], ...]:
    turns = [message.model_dump() for message in options.messages]
    newest = {"role": "user", "content": prompt}
    if prompt and turns and turns[-1] == newest:
        raise invalid({"messages": "the last message repeats the prompt"})
    if prompt:
        turns.append(newest)
    if not turns:
        raise invalid({"prompt": "either prompt or messages is required"})
    if turns[-1]["role"] != "user":
        raise invalid({"messages": "the last message must be the user's"})

    system = options.system_prompt or options.system
    return (*([{"role": "system", "content": system}] if system else []), *turns)


def _problem(error: ErrorDetails) -> tuple[str, str]:
    return ".".join(str(part) for part in error["loc"]) or "body", error["msg"]
