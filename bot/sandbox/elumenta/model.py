"""What a model is: its price, and the options that an order may choose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import JsonValue


class Category(StrEnum):
    """What a model makes."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"


class Pricing(StrEnum):
    """What the price of one order depends on (page models/calculate-price)."""

    FIXED = "fixed"
    MATRIX = "matrix"
    PER_SECOND = "per_second"
    PER_POINT = "per_point"


Value = str | int
"""What an option of a picture or a video can be."""

CONFIG_NAMES = {
    "size": "sizes",
    "aspect_ratio": "aspect_ratios",
    "format": "formats",
    "quality": "quality_options",
    "duration": "durations",
}
"""How the page models/get calls the lists of what an option may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model and what a request to it costs."""

    slug: str
    name: str
    provider: str
    category: Category
    min_plan: str
    tokens: int
    min_tokens: int
    max_tokens: int
    pricing: Pricing = Pricing.FIXED
    options: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    """What a picture or a video may choose, its default first; nothing listed: free text or a
    number."""
    flat_names: Mapping[str, str] = field(default_factory=dict)
    """Options that have another name at the top level of a request than in `params`."""
    first_pending: bool = False
    """Whether an order is answered before it is made."""

    def as_json(self) -> dict[str, JsonValue]:
        """Describe the model as the page models/get does."""
        return {
            "slug": self.slug,
            "name": self.name,
            "category": self.category.value,
            "provider": self.provider,
            "min_plan": self.min_plan,
            "token_cost": self.tokens,
            "min_token_cost": self.min_tokens,
            "max_token_cost": self.max_tokens,
            "description_en": f"{self.name} by {self.provider}",
            "supports_streaming": self.category is Category.TEXT,
            "config": {
                listed: list(self.options[name])
                for name, listed in CONFIG_NAMES.items()
                if name in self.options
            },
        }
