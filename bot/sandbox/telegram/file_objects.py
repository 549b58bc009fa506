"""Uploaded files, written as the Bot API writes them."""

from bot.sandbox.telegram.files import SMALL
from bot.sandbox.telegram.model import File, JsonObject

UNIQUE_DIGITS = 12
PREVIEW_PIXELS = 320


def photo_json(file: File) -> list[JsonObject]:
    """Write the sizes of a photo, https://core.telegram.org/bots/api#photosize.

    The largest one is the photo itself; of a photo that is not small there is a small one too.
    """
    full = photo_size_json(file)
    width, height = file.width or 0, file.height or 0
    scale = PREVIEW_PIXELS / max(width, height)
    if scale >= 1:
        return [full]

    small: JsonObject = {
        "file_id": f"{file.file_id}{SMALL}",
        "file_unique_id": f"{_unique_id(file)}{SMALL}",
        "width": max(1, round(width * scale)),
        "height": max(1, round(height * scale)),
    }
    return [small, full]


def photo_size_json(file: File) -> JsonObject:
    """Write one size of a photo, or the thumbnail of another file."""
    return {**file_json(file), "width": file.width, "height": file.height}


def video_json(file: File) -> JsonObject:
    """Write a Video, https://core.telegram.org/bots/api#video."""
    return {
        **_named_json(file),
        "width": file.width,
        "height": file.height,
        "duration": file.duration,
    }


def document_json(file: File) -> JsonObject:
    """Write a Document, https://core.telegram.org/bots/api#document."""
    return _named_json(file)


def file_json(file: File) -> JsonObject:
    """Write what all files have, https://core.telegram.org/bots/api#file."""
    size: JsonObject = {"file_size": file.size} if file.is_size_told else {}
    return {"file_id": file.file_id, "file_unique_id": _unique_id(file), **size}


def _named_json(file: File) -> JsonObject:
    named: JsonObject = {
        **file_json(file),
        "file_name": file.name,
        "mime_type": file.mime_type,
    }
    if file.thumbnail is not None:
        named["thumbnail"] = photo_size_json(file.thumbnail)
    return named


def _unique_id(file: File) -> str:
    return f"AQAD{file.sha256[:UNIQUE_DIGITS]}"
