"""What is ordered of a picture or video model, and what that costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.elumenta.catalog import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaOrder:
    """A picture or a video that a model shall make; `params` are named as the API names them."""

    category: Category
    model: str
    prompt: str
    params: Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What an order costs, and the least and the most that its model ever takes."""

    tokens: int
    min_tokens: int
    max_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What the account has left; None is what the service did not tell."""

    tokens: int
    plan: str | None
    expires_at: datetime | None
    """When the plan ends."""
