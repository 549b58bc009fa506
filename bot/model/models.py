"""The models that a chat can choose from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ModelKind(StrEnum):
    """What a model makes, in the words of the API."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """A model as people choose it; prices are in tokens for each answer, picture or video."""

    slug: str
    name: str
    min_tokens: int
    max_tokens: int
    descriptions: Mapping[str, str] = field(default_factory=dict)
    """What the service says of it, by language."""
