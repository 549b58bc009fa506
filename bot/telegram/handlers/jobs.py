"""Steering orders of pictures and videos: `/jobs`, and the buttons under them."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiogram import Router
from aiogram.exceptions import AiogramError
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.clock import utc_now
from bot.i18n import Localizer
from bot.model import MediaJob, is_owned
from bot.services.media import MediaService
from bot.telegram.addressing import conversation_of
from bot.telegram.job_keyboards import (
    AgainPress,
    AgreePress,
    DeclinePress,
    DropPress,
    FilePress,
    JobPress,
    LookPress,
    list_buttons,
)
from bot.telegram.job_texts import list_text
from bot.telegram.presses import acknowledge, chat_of, remove_button

MOST_LISTED = 10


def create_router() -> Router:
    """Answer the command and the buttons that steer orders."""
    router = Router(name=__name__)
    router.message.register(jobs, Command("jobs", ignore_case=True))
    router.callback_query.register(press_agree, AgreePress.filter(), in_its_chat)
    router.callback_query.register(press_decline, DeclinePress.filter(), in_its_chat)
    router.callback_query.register(press_drop, DropPress.filter(), in_its_chat)
    router.callback_query.register(press_look, LookPress.filter(), in_its_chat)
    router.callback_query.register(press_again, AgainPress.filter(), in_its_chat)
    router.callback_query.register(press_file, FilePress.filter(), in_its_chat)
    return router


async def in_its_chat(query: CallbackQuery, callback_data: JobPress, media: MediaService) -> bool:
    """Let only those press who see the order: where its author is hidden, buttons obey anybody."""
    job = await media.find(callback_data.job_id)
    return job is not None and job.question.key.chat_id == chat_of(query)


async def jobs(message: Message, t: Localizer, media: MediaService) -> None:
    """List what was ordered here, and what became of it."""
    text, buttons = await _list(message, t, media)
    await message.reply(text, reply_markup=buttons)


async def press_agree(
    query: CallbackQuery, callback_data: AgreePress, t: Localizer, media: MediaService
) -> None:
    """Order what was offered."""
    job = await media.agree(callback_data.job_id, person_id=query.from_user.id)
    await acknowledge(
        query, t("offer-agreed") if job else await _why_not(query, callback_data, t, media)
    )


async def press_decline(
    query: CallbackQuery, callback_data: DeclinePress, t: Localizer, media: MediaService
) -> None:
    """Drop what was offered."""
    job = await media.decline(callback_data.job_id, person_id=query.from_user.id)
    await acknowledge(
        query, t("offer-declined") if job else await _why_not(query, callback_data, t, media)
    )


async def press_drop(
    query: CallbackQuery, callback_data: DropPress, t: Localizer, media: MediaService
) -> None:
    """Stop waiting for a result."""
    job = await media.drop(callback_data.job_id, person_id=query.from_user.id)
    await acknowledge(query, t("job-dropped") if job else t("button-not-yours"))
    if job is not None:
        await _show_list(query, t, media)


async def press_look(
    query: CallbackQuery, callback_data: LookPress, t: Localizer, media: MediaService
) -> None:
    """Wait again for a result that was given up."""
    job = await media.look_again(callback_data.job_id, person_id=query.from_user.id)
    await acknowledge(query, t("job-looked-at") if job else t("button-not-yours"))
    if job is not None and query.message and query.message.message_id != job.status_message_id:
        await _show_list(query, t, media)


async def press_again(
    query: CallbackQuery, callback_data: AgainPress, t: Localizer, media: MediaService
) -> None:
    """Order the same once more."""
    job = await media.again(callback_data.job_id, person_id=query.from_user.id)
    await acknowledge(query, t("job-repeated") if job else t("button-not-yours"))
    if job is not None:
        await remove_button(query)


async def press_file(
    query: CallbackQuery,
    callback_data: FilePress,
    t: Localizer,
    media: MediaService,
    send_file: Callable[[MediaJob], Awaitable[bool]],
) -> None:
    """Send a picture exactly as it was made: once, unless that fails."""
    job = await media.take_file(callback_data.job_id, person_id=query.from_user.id)
    await acknowledge(query, t("file-coming") if job else t("button-not-yours"))
    if job is None:
        return

    is_sent = False
    try:
        is_sent = await send_file(job)
    finally:
        if not is_sent:
            await media.give_file_back(job)

    if is_sent:
        await remove_button(query)
    elif isinstance(query.message, Message):
        await query.message.reply(t("file-failed"))


async def _why_not(
    query: CallbackQuery, press: JobPress, t: Localizer, media: MediaService
) -> str:
    """Tell those who come too late from those whose offer it never was."""
    job = await media.find(press.job_id)
    if job is not None and is_owned(job.question.person_id, by=query.from_user.id):
        return t("offer-closed")
    return t("button-not-yours")


async def _show_list(query: CallbackQuery, t: Localizer, media: MediaService) -> None:
    """Let the list above the button say what the press changed."""
    if isinstance(query.message, Message):
        text, buttons = await _list(query.message, t, media)
        with suppress(AiogramError):  # it is worth no more than the note that popped up
            await query.message.edit_text(text, reply_markup=buttons)


async def _list(
    message: Message, t: Localizer, media: MediaService
) -> tuple[str, InlineKeyboardMarkup | None]:
    found = await media.recent(conversation_of(message), limit=MOST_LISTED)
    return list_text(found, t, now=utc_now()), list_buttons(found, t)
