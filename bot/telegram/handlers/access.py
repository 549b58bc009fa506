"""Who may use the bot: `/allow`, `/deny`, `/access`, their buttons, and the owner's link."""

from contextlib import suppress

import structlog
from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.exceptions import AiogramError
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.i18n import Localizer, Translator
from bot.model import Standing
from bot.services.access import AccessService
from bot.telegram.access_keyboards import AccessPress, AllowPress, DenyPress
from bot.telegram.access_texts import access_text, nameless
from bot.telegram.commands import publish_admin_menu
from bot.telegram.filters import private
from bot.telegram.handlers.groups import leave
from bot.telegram.presses import acknowledge
from bot.telegram.sending import NO_PREVIEW
from bot.telegram.session import describe
from bot.telegram.split import split
from bot.telegram.subjects import Subject, label, look_up_name, look_up_names, subject_of

log = structlog.get_logger(__name__)


def create_claim_router() -> Router:
    """Take the word of the one-time link from whoever opens it."""
    router = Router(name=f"{__name__}.claim")
    router.message.register(claim, CommandStart(deep_link=True, ignore_case=True), private)
    return router


def create_admin_router() -> Router:
    """Let admins, whom alone this router may hear, decide about people and groups."""
    router = Router(name=__name__)
    router.message.register(allow, Command("allow", ignore_case=True))
    router.message.register(deny, Command("deny", ignore_case=True))
    router.message.register(access_, Command("access", ignore_case=True))
    router.callback_query.register(press_allow, AllowPress.filter())
    router.callback_query.register(press_deny, DenyPress.filter())
    return router


async def claim(
    message: Message,
    command: CommandObject,
    *,
    bot: Bot,
    t: Localizer,
    access: AccessService,
    translator: Translator,
) -> None:
    """Give the bot to whoever opens the link first; to others it is as if there were none."""
    person, code = message.from_user, command.args or ""
    if person is None or not await access.claim(code, person_id=person.id, language=t.language):
        raise SkipHandler
    log.info("access.claimed")
    await message.reply(t("claim-done"))
    await publish_admin_menu(bot, translator, access, person.id)


async def allow(
    message: Message,
    command: CommandObject,
    *,
    bot: Bot,
    t: Localizer,
    access: AccessService,
    translator: Translator,
) -> None:
    """Let a person or a group in, and tell a person who was not."""
    subject = subject_of(message, command.args or "")
    if subject is None or subject.rest:
        await message.reply(t("access-whom", command="/allow"))
        return

    was_allowed = access.allows(person_id=subject.id, chat_id=subject.id)
    await access.allow(subject.id, name=await _name(bot, subject))
    await message.reply(t("access-may", who=_who(message, subject, access)))
    if subject.id > 0 and not was_allowed:
        await _welcome(bot, subject.id, translator.for_locale(subject.language))


async def deny(
    message: Message, command: CommandObject, bot: Bot, t: Localizer, access: AccessService
) -> None:
    """Shut a person or a group out; a group is left, which ends what can be said there."""
    subject = subject_of(message, command.args or "")
    if subject is None or subject.rest:
        await message.reply(t("access-whom", command="/deny"))
        return
    if not await access.deny(subject.id, name=await _name(bot, subject)):
        await message.reply(t("access-is-admin"))
        return

    try:
        await message.reply(t("access-may-not", who=_who(message, subject, access)))
    finally:
        if subject.id < 0:
            await leave(bot, subject.id)


async def access_(message: Message, bot: Bot, t: Localizer, access: AccessService) -> None:
    """List who may use the bot and who may not, where nobody else can read it."""
    if message.chat.type != "private":
        await message.reply(t("access-in-private"))
        return
    names = await look_up_names(bot, nameless(access))
    for part in split(access_text(access, names, t)):
        await message.reply(
            part.text, entities=list(part.entities), link_preview_options=NO_PREVIEW
        )


async def press_allow(
    query: CallbackQuery,
    callback_data: AllowPress,
    *,
    bot: Bot,
    t: Localizer,
    access: AccessService,
    translator: Translator,
) -> None:
    """Let somebody in who asked, unless another admin was faster."""
    person_id = callback_data.person_id
    is_done = await access.allow(person_id, expected=Standing.ASKED)
    await _show_decision(query, callback_data, t, access, is_done=is_done)
    if is_done:
        await _welcome(bot, person_id, translator.for_locale(callback_data.language))


async def press_deny(
    query: CallbackQuery, callback_data: DenyPress, t: Localizer, access: AccessService
) -> None:
    """Shut somebody out who asked, unless another admin was faster."""
    is_done = await access.deny(callback_data.person_id, expected=Standing.ASKED)
    await _show_decision(query, callback_data, t, access, is_done=is_done)


async def _show_decision(
    query: CallbackQuery, press: AccessPress, t: Localizer, access: AccessService, *, is_done: bool
) -> None:
    """Tell what holds now, in place of the question."""
    is_in = access.allows(person_id=press.person_id, chat_id=press.person_id)
    decision = "allowed" if is_in else "denied"
    if is_done:
        await acknowledge(query, t("access-decided", decision=decision))
    else:
        await acknowledge(query, t("access-decided-before", decision=decision))

    who = label(press.person_id, access.name_of(press.person_id))
    if isinstance(query.message, Message):
        with suppress(AiogramError):  # it is worth no more than the note that popped up
            text = t("access-may", who=who) if is_in else t("access-may-not", who=who)
            await query.message.edit_text(text, link_preview_options=NO_PREVIEW)


async def _name(bot: Bot, subject: Subject) -> str | None:
    return subject.name or await look_up_name(bot, subject.id) or None


def _who(message: Message, subject: Subject, access: AccessService) -> str:
    """Name whom a command was about; a group is told no name that it did not show itself."""
    is_private = message.chat.type == "private"
    return label(subject.id, access.name_of(subject.id) if is_private else subject.name)


async def _welcome(bot: Bot, person_id: int, t: Localizer) -> None:
    """Tell somebody that they may write now; Telegram refuses it if they never have."""
    try:
        await bot.send_message(person_id, t("access-granted"))
    except AiogramError as error:
        log.info("welcome.not_sent", failure=describe(error))
