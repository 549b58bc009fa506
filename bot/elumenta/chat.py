"""What is said to a text model, and what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class RequestStyle(StrEnum):
    """Where a request carries its options: the documentation shows both ways."""

    PARAMS = "params"
    FLAT = "flat"


class Role(StrEnum):
    """Who speaks in a conversation."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One thing said in a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatOptions:
    """How the model shall answer; what is None is not sent, and the model's own default holds."""

    temperature: float | None = None
    max_tokens: int | None = None


DEFAULT_OPTIONS = ChatOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """A conversation that a model shall go on with; its last message is the user's."""

    model: str
    messages: Sequence[ChatMessage]
    options: ChatOptions = DEFAULT_OPTIONS

    def __post_init__(self) -> None:
        if not self.messages or self.messages[-1].role is not Role.USER:
            problem = "a conversation ends with a message of the user"
            raise ValueError(problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The service began to answer."""

    id: str
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDelta:
    """The next piece of the answer; never empty."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The answer is whole. The charge is None where the service does not tell it."""

    id: str | None = None
    tokens_spent: int | None = None


ChatEvent = Started | TextDelta | Finished
