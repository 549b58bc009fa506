"""What an order costs: within the documented range, and the same whenever it is asked.

Which point of the range an order hits is not documented, but for one example: DALL-E 3 takes
13 tokens for 1792x1024 in hd.
"""

from collections.abc import Mapping

from bot.sandbox.elumenta.model import Model, Pricing, Value

SHORTEST_SECONDS = 5

MATRIX = {
    "dall-e-3": {"standard": (5, 9), "hd": (9, 13)},
    "gpt-image-1.5": {"standard": (1, 2), "hd": (11, 21)},
}
"""Prices of a square picture and of any other, by quality."""

POINTS = {"1:1": 0, "2:3": 1, "3:2": 1, "9:16": 2, "16:9": 2}
"""What an aspect ratio adds where points are counted."""


def price(model: Model, options: Mapping[str, Value]) -> int:
    """Say what an order costs; *options* are complete, with defaults."""
    match model.pricing:
        case Pricing.FIXED:
            return model.tokens
        case Pricing.MATRIX:
            square, other = MATRIX[model.slug][str(options["quality"])]
            return square if options["size"] == "1024x1024" else other
        case Pricing.PER_SECOND:
            return _by_duration(model, options)
        case Pricing.PER_POINT:
            return _by_duration(model, options) + POINTS[str(options["aspect_ratio"])]


def _by_duration(model: Model, options: Mapping[str, Value]) -> int:
    return model.tokens * int(options.get("duration", SHORTEST_SECONDS)) // SHORTEST_SECONDS
