"""What is stored about people, and what they can do about it: `/export` and `/forget_me`."""

import asyncio
from contextlib import suppress
from functools import partial

from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.filters import Command
from aiogram.methods import EditMessageText
from aiogram.types import BufferedInputFile, CallbackQuery, Message, User

from bot.errors import NothingToExport
from bot.i18n import Localizer
from bot.services.access import AccessService
from bot.services.chat import ChatService
from bot.services.erasing import ErasingService
from bot.services.owner_day import OwnerDay
from bot.services.preferences import PreferenceService
from bot.telegram.addressing import conversation_of, person_of
from bot.telegram.personal_keyboards import (
    ErasePress,
    KeepPress,
    PersonalPress,
    erasing_buttons,
)
from bot.telegram.presses import acknowledge
from bot.telegram.sending import edit
from bot.telegram.transcript import write_transcript


def create_router() -> Router:
    """Let people take along what was said, and have it forgotten."""
    router = Router(name=__name__)
    router.message.register(export, Command("export", ignore_case=True))
    router.message.register(forget_me, Command("forget_me", ignore_case=True))
    router.callback_query.register(press_erase, ErasePress.filter())
    router.callback_query.register(press_keep, KeepPress.filter())
    return router


async def export(
    message: Message, me: User, t: Localizer, chats: ChatService, day: OwnerDay
) -> None:
    """Send this conversation as a file."""
    turns = await chats.transcript(conversation_of(message))
    if not turns:
        raise NothingToExport

    write = partial(
        write_transcript,
        turns,
        t,
        bot_name=me.first_name,
        zone=day.began_at().tzinfo,
        is_private=message.chat.type == "private",
    )
    text = await asyncio.to_thread(write)
    file = BufferedInputFile(text.encode(), f"conversation-{day.today():%Y-%m-%d}.md")
    await message.reply_document(file, caption=t("export-done", count=len(turns)))


async def forget_me(
    message: Message, t: Localizer, erasing: ErasingService, day: OwnerDay
) -> None:
    """Say what would be deleted, and ask whether it shall be."""
    person_id = person_of(message)
    if person_id is None or person_id < 0:
        await message.reply(t("forget-me-hidden"))
        return

    found = await erasing.count(person_id)
    until = day.clock_time(day.ends_at())
    text = t("forget-me", turns=found.turns, jobs=found.jobs, until=until)
    await message.reply(text, reply_markup=erasing_buttons(person_id, t))


async def press_erase(
    query: CallbackQuery,
    callback_data: ErasePress,
    *,
    bot: Bot,
    t: Localizer,
    erasing: ErasingService,
    access: AccessService,
    preferences: PreferenceService,
) -> None:
    """Delete everything about the person who asked for it, also what is known by heart."""
    if not await _answer(query, callback_data, t("forget-me-working"), t):
        return
    await _show(query, bot, t("forget-me-working"))
    await erasing.erase(callback_data.person_id)
    await access.refresh()
    await preferences.refresh()
    await _show(query, bot, t("forget-me-done"))


async def press_keep(
    query: CallbackQuery, callback_data: KeepPress, bot: Bot, t: Localizer
) -> None:
    """Leave everything as it is."""
    if await _answer(query, callback_data, t("forget-me-kept"), t):
        await _show(query, bot, t("forget-me-kept"))


async def _answer(query: CallbackQuery, press: PersonalPress, text: str, t: Localizer) -> bool:
    """Say whether the button belongs to whoever pressed it, who is told in any case."""
    is_theirs = press.person_id == query.from_user.id
    await acknowledge(query, text if is_theirs else t("button-not-yours"))
    return is_theirs


async def _show(query: CallbackQuery, bot: Bot, text: str) -> None:
    """Say it in place of the question and its buttons."""
    if query.message is not None:
        chat_id, message_id = query.message.chat.id, query.message.message_id
        with suppress(AiogramError):  # what was decided is done all the same
            await edit(bot, EditMessageText(chat_id=chat_id, message_id=message_id, text=text))
