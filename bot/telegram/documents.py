"""Files that people ask about."""

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING

from aiogram import Bot
from aiogram.enums import ContentType
from aiogram.exceptions import AiogramError
from aiogram.types import Document, Message, User
from aiohttp import ClientError

from bot.errors import FileTooLarge, FileUnavailable
from bot.services.prompt import TextFile
from bot.services.text_files import MAX_FILE_BYTES, decode

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

DOWNLOAD_SECONDS = 10
NAMELESS = "file"


def document_of(message: Message, me: User) -> Document | None:
    """Find the file that a message brings, or else the one that it replies to.

    What the bot itself has sent is no question: pictures as files above all.
    """
    if (own := _document(message)) is not None:
        return own
    replied = message.reply_to_message
    if replied is None or (replied.from_user is not None and replied.from_user.id == me.id):
        return None
    return _document(replied)


async def read_document(bot: Bot, document: Document) -> TextFile:
    """Fetch a file and read it.

    Raises FileTooLarge, FileNotText, and FileUnavailable when Telegram does not give it in time.
    """
    content = _Bounded()
    content.require(document.file_size or 0)
    try:
        async with asyncio.timeout(DOWNLOAD_SECONDS):
            await bot.download(document, content)
    except (AiogramError, ClientError, OSError):
        # What went wrong is not told on: it names the address, which has the token in it.
        raise FileUnavailable from None
    text = await asyncio.to_thread(decode, content.getvalue())
    return TextFile(name=document.file_name or NAMELESS, text=text)


class _Bounded(BytesIO):
    """Takes no more than is read of a file, whatever Telegram said about its size."""

    def write(self, data: "ReadableBuffer", /) -> int:
        self.require(self.tell() + memoryview(data).nbytes)
        return super().write(data)

    def require(self, size: int) -> None:
        if size > MAX_FILE_BYTES:
            raise FileTooLarge(limit=MAX_FILE_BYTES // 1024)


def _document(message: Message) -> Document | None:
    """Give the file of a message; animations have one too, for apps that cannot play them."""
    return message.document if message.content_type == ContentType.DOCUMENT else None
