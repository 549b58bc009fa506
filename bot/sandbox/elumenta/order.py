"""What a caller asks for, read strictly from either documented request style."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from bot.sandbox.elumenta.envelope import Envelope, Text, broken
from bot.sandbox.elumenta.media_order import MediaOrder, read_media_options, read_media_order
from bot.sandbox.elumenta.model import Category, Model
from bot.sandbox.elumenta.pricing import price
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

    @property
    def tokens(self) -> int:
        """What it costs."""
        return self.model.tokens


def read_order(
    body: JsonValue, *, find_model: Callable[[str], Model], stream: bool = False
) -> Order | MediaOrder:
    """Read a request body; what breaks the documented schema is refused with 422.

    Options may stand at the top level or in `params`, where they win. *stream* is
    whether the path alone asks for a stream.
    """
    try:
        envelope = Envelope.model_validate(body)
    except ValidationError as error:
        raise broken(error) from None

    model = find_model(envelope.model)
    stream = stream or envelope.stream
    if model.category is Category.TEXT:
        return _read_text_order(model, envelope, stream=stream)
    if stream:
        raise invalid({"stream": f"'{model.slug}' does not stream"})
    return read_media_order(model, envelope)


def read_price(model: Model, params: Mapping[str, JsonValue]) -> int:
    """Say what an order with these `params` would cost."""
    if model.category is not Category.TEXT:
        return price(model, read_media_options(model, params))
    _read_text_options(params)
    return model.tokens


class _Message(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    role: Literal["system", "user", "assistant"]
    content: Text


class _TextOptions(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    messages: list[_Message] = Field(default_factory=list)
    system: Text = ""
    system_prompt: Text = ""
    temperature: float = Field(default=1, ge=0, le=2, allow_inf_nan=False)
    max_tokens: int | None = Field(default=None, ge=1)


def _read_text_order(model: Model, envelope: Envelope, *, stream: bool) -> Order:
    options = _read_text_options(envelope.flat | envelope.params)
    conversation = _conversation(envelope.prompt, options)
    return Order(
        model=model,
        prompt=conversation[-1]["content"],
        conversation=conversation,
        stream=stream,
        max_tokens=options.max_tokens,
    )


def _read_text_options(options: Mapping[str, JsonValue]) -> _TextOptions:
    try:
        return _TextOptions.model_validate(dict(options))
    except ValidationError as error:
        raise broken(error) from None


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
