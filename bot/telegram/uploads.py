"""A result on its way to Telegram: as a photo or a video, as a file, or as a link to it."""

import asyncio
from collections.abc import AsyncGenerator
from threading import Lock
from typing import BinaryIO

from aiogram import Bot
from aiogram.methods import SendDocument, SendMessage, SendPhoto, SendVideo
from aiogram.types import InputFile, ReplyParameters

from bot.i18n import Localizer
from bot.model import MediaJob, MediaKind
from bot.services.courier import Media
from bot.telegram.job_keyboards import result_buttons
from bot.telegram.job_texts import caption, link_text
from bot.telegram.sending import NO_PREVIEW
from bot.telegram.session import NewMessage

PHOTO_TYPES = frozenset({"image/jpeg", "image/png"})
MAX_PHOTO_BYTES = 10_000_000
"""https://core.telegram.org/bots/api#sendphoto"""

CHUNK_BYTES = 256 * 1024

EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
}


class OpenFile(InputFile):
    """An open file that goes out from its beginning each time it is sent, a piece at a time."""

    def __init__(self, file: BinaryIO, filename: str) -> None:
        super().__init__(filename=filename, chunk_size=CHUNK_BYTES)
        self._file = file
        self._lock = Lock()

    async def read(self, bot: Bot) -> AsyncGenerator[bytes, None]:  # noqa: ARG002 - aiogram's signature
        position = 0
        while chunk := await asyncio.to_thread(self._read_at, position):
            position += len(chunk)
            yield chunk

    def _read_at(self, position: int) -> bytes:
        """Read a piece; one that was given up with its call may still be at it in its thread."""
        with self._lock:
            self._file.seek(position)
            return self._file.read(self.chunk_size)


def results(job: MediaJob, media: Media | None, t: Localizer) -> list[NewMessage]:
    """Give the messages that can show a result, the best first; a link is always the last."""
    link = as_link(job, t)
    if media is None:
        return [link]

    file = as_file(job, media, t)
    if media.content_type in PHOTO_TYPES and media.size <= MAX_PHOTO_BYTES:
        return [_as_photo(job, media, t), file, link]
    video = _as_video(job, media, t)
    return [file, link] if video is None else [video, file, link]


def as_file(job: MediaJob, media: Media, t: Localizer, *, is_copy: bool = False) -> SendDocument:
    """Show a result as a file, exactly as it was made: Telegram shall not make it a sticker.

    A copy has no buttons of its own: what it was copied from has them.
    """
    return SendDocument(
        chat_id=job.question.key.chat_id,
        message_thread_id=job.question.key.thread_id,
        document=OpenFile(media.file, _file_name(job, media)),
        caption=caption(job, t),
        disable_content_type_detection=True,
        reply_parameters=reply_to_order(job),
        reply_markup=None if is_copy else result_buttons(job, t),
    )


def as_link(job: MediaJob, t: Localizer) -> SendMessage:
    """Show where a result can be had that is too large, or that Telegram does not take."""
    assert job.result is not None  # noqa: S101 - only what is made is delivered
    return SendMessage(
        chat_id=job.question.key.chat_id,
        message_thread_id=job.question.key.thread_id,
        text=link_text(job, t),
        link_preview_options=NO_PREVIEW,
        reply_parameters=reply_to_order(job),
        reply_markup=result_buttons(job, t, url=job.result.url),
    )


def reply_to_order(job: MediaJob) -> ReplyParameters | None:
    """Point at the order, unless it stayed behind in another chat."""
    message_id = job.question.message_id
    return None if message_id is None else ReplyParameters(message_id=message_id)


def _as_photo(job: MediaJob, media: Media, t: Localizer) -> SendPhoto:
    return SendPhoto(
        chat_id=job.question.key.chat_id,
        message_thread_id=job.question.key.thread_id,
        photo=OpenFile(media.file, _file_name(job, media)),
        caption=caption(job, t),
        reply_parameters=reply_to_order(job),
        reply_markup=result_buttons(job, t, has_file=True),
    )


def _as_video(job: MediaJob, media: Media, t: Localizer) -> SendVideo | None:
    """Show a video to be watched while it loads; None without the measures that this needs."""
    result = job.result
    if job.kind is not MediaKind.VIDEO or not media.content_type.startswith("video/"):
        return None
    if result is None or None in (result.width, result.height):
        return None
    if result.duration_seconds is None:
        return None
    return SendVideo(
        chat_id=job.question.key.chat_id,
        message_thread_id=job.question.key.thread_id,
        video=OpenFile(media.file, _file_name(job, media)),
        width=result.width,
        height=result.height,
        duration=max(round(result.duration_seconds), 1),
        supports_streaming=True,
        caption=caption(job, t),
        reply_parameters=reply_to_order(job),
        reply_markup=result_buttons(job, t),
    )


def _file_name(job: MediaJob, media: Media) -> str:
    return f"{job.model}-{job.id}{EXTENSIONS.get(media.content_type, '')}"
