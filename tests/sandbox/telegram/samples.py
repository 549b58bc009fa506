"""Small files that are what they say."""

from functools import partial
from io import BytesIO

from aiogram.types import BufferedInputFile
from PIL import Image

VIDEO = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00\x00\x00\x08free"


def picture(file_format: str = "PNG", *, width: int = 64, height: int = 48) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (width, height), "orange").save(buffer, file_format)
    return buffer.getvalue()


PICTURE = picture()
PHOTO = BufferedInputFile(PICTURE, "fox.png")
FILM = BufferedInputFile(VIDEO, "fox.mp4")
NOTES = BufferedInputFile(b"a fox", "fox.txt")
JPEG = partial(picture, "JPEG")
