"""Pictures as Telegram checks them when it makes photos and thumbnails of them."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.uploads import Upload

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_PHOTO_PIXELS = 10_000
"""Width and height together."""
MAX_PHOTO_RATIO = 20
MAX_THUMBNAIL_BYTES = 200 * 1000
MAX_THUMBNAIL_PIXELS = 320
JPEG = "image/jpeg"
MIME_TYPES = {"JPEG": JPEG, "PNG": "image/png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a picture turns out to be."""

    width: int
    height: int
    mime_type: str


async def check_photo(upload: Upload) -> Picture:
    """Open what is sent as a photo.

    Only JPEG and PNG will do: of a webp people's apps would make a sticker.
    """
    if upload.size > MAX_PHOTO_BYTES:
        refuse(
            f"file of size {upload.size} bytes is too big for a photo; "
            f"the maximum size is {MAX_PHOTO_BYTES} bytes"
        )
    return await asyncio.to_thread(_open, upload.path)


async def check_thumbnail(upload: Upload) -> Picture:
    """Open what is sent as a thumbnail; one that Telegram would not use is refused here."""
    picture = await asyncio.to_thread(_open, upload.path)
    is_small = max(picture.width, picture.height) <= MAX_THUMBNAIL_PIXELS
    if picture.mime_type != JPEG or upload.size >= MAX_THUMBNAIL_BYTES or not is_small:
        refuse(f"thumbnail must be a JPEG under 200 kB of at most {MAX_THUMBNAIL_PIXELS} pixels")
    return picture


def _open(path: Path) -> Picture:
    from PIL import Image  # noqa: PLC0415 - who sends no pictures need not wait for it

    try:
        with Image.open(path, formats=list(MIME_TYPES)) as image:
            _check_dimensions(image.width, image.height)
            image.load()
            mime_type = MIME_TYPES.get(image.format or "", JPEG)
            return Picture(width=image.width, height=image.height, mime_type=mime_type)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        refuse("PHOTO_INVALID_DIMENSIONS")
    except (OSError, SyntaxError, ValueError):
        refuse("IMAGE_PROCESS_FAILED")


def _check_dimensions(width: int, height: int) -> None:
    ratio = max(width, height) / min(width, height)
    if width + height > MAX_PHOTO_PIXELS or ratio > MAX_PHOTO_RATIO:
        refuse("PHOTO_INVALID_DIMENSIONS")
