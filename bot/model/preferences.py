"""What a chat decided for itself."""

from dataclasses import dataclass
from enum import StrEnum

PreferenceValue = str | int | float | bool | None


class Preference(StrEnum):
    """What a chat can decide, by the names of the fields of `Preferences`."""

    CHAT_MODEL = "chat_model"
    IMAGE_MODEL = "image_model"
    VIDEO_MODEL = "video_model"
    IMAGE_SIZE = "image_size"
    VIDEO_SECONDS = "video_seconds"
    VIDEO_ASPECT = "video_aspect"
    SYSTEM_PROMPT = "system_prompt"
    TEMPERATURE = "temperature"
    MAX_TOKENS = "max_tokens"
    LANGUAGE = "language"
    STREAMING = "streaming"
    RICH_MESSAGES = "rich_messages"
    SHOWS_COST = "shows_cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The choices of a chat; what is None is left to the owner, or to the model."""

    chat_model: str | None = None
    image_model: str | None = None
    video_model: str | None = None
    image_size: str | None = None
    """In pixels or as a ratio, whichever the model takes."""
    video_seconds: int | None = None
    video_aspect: str | None = None
    system_prompt: str | None = None
    temperature: float | None = None
    """From 0.0 to 2.0."""
    max_tokens: int | None = None
    """How long an answer may become, in the model's own tokens."""
    language: str | None = None
    """The name of a locale; without one everybody is spoken to in their own."""
    streaming: str | None = None
    """One of the values of the setting STREAMING."""
    rich_messages: bool | None = None
    shows_cost: bool | None = None
