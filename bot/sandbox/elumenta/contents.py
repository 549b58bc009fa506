"""The bytes of a result: a picture that is drawn for its order, or one of the ready clips."""

from importlib.resources import files

from bot.sandbox.elumenta.media_order import MediaOrder
from bot.sandbox.elumenta.model import Category
from bot.sandbox.elumenta.padding import Padded, pad

CONTENT_TYPES = {
    "webp": "image/webp",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "mp4": "video/mp4",
}


def contents(order: MediaOrder, *, seed: int, size_bytes: int | None) -> Padded:
    """Make the file of an order; this takes too long for an event loop."""
    drawn = _clip(order) if order.model.category is Category.VIDEO else _picture(order, seed)
    return pad(drawn, order.extension, size=len(drawn) if size_bytes is None else size_bytes)


def _clip(order: MediaOrder) -> bytes:
    ratio = str(order.options["aspect_ratio"]).replace(":", "x")
    clip = files("bot.sandbox.elumenta") / "clips" / f"{ratio}-{order.duration}.mp4"
    return clip.read_bytes()


def _picture(order: MediaOrder, seed: int) -> bytes:
    from bot.sandbox.elumenta.studio import draw  # noqa: PLC0415 - imports Pillow, rarely needed

    return draw(order.prompt, seed=seed, size=order.size, extension=order.extension)
