"""The models that the service lists."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedModel:
    """A model as the service describes it; None is what it did not tell."""

    slug: str
    name: str | None
    category: str | None
    """What it makes; any word, since the service may know more kinds than its documentation."""
    min_tokens: int | None
    max_tokens: int | None
    descriptions: Mapping[str, str]
    """By language: `en`, `ru`."""
