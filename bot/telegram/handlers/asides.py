"""Questions in chats that the bot does not belong to: as a guest, or typed after its name.

Each has one message, which becomes the answer; typing alone costs nothing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.types import (
    CallbackQuery,
    ChosenInlineResult,
    InlineQuery,
    InlineQueryResultUnion,
    Message,
    User,
)

from bot.clock import utc_now
from bot.errors import BotError
from bot.i18n import Localizer
from bot.model import ConversationKey, Question
from bot.services.access import AccessService
from bot.services.chat import ChatService
from bot.telegram.addressing import exact_question_of, prompt_of, text_without_mention
from bot.telegram.answers import Answers
from bot.telegram.asides import AsidePress, GuestPress, offer, placeholder, way_in
from bot.telegram.documents import document_of, read_document
from bot.telegram.filters import from_welcome
from bot.telegram.formatted import is_visible
from bot.telegram.inline_message import InlineMessage
from bot.telegram.presses import acknowledge
from bot.telegram.session import describe

log = structlog.get_logger(__name__)


def create_router(*, guest_mode: bool, inline_mode: bool) -> Router:
    """Hear only what the owner wants, so that Telegram tells no more than that."""
    router = Router(name=__name__)
    if guest_mode:
        router.guest_message.register(answer_guest, from_welcome)
        router.callback_query.register(press_guest, GuestPress.filter())
    if inline_mode:
        router.inline_query.register(suggest)
        router.chosen_inline_result.register(answer_chosen)
        router.callback_query.register(press_aside, AsidePress.filter())
    return router


async def answer_guest(
    message: Message, bot: Bot, me: User, t: Localizer, answers: Answers
) -> None:
    """Answer where the bot was summoned to.

    Telegram takes the message that becomes the answer once only: what was answered before is
    refused here, and not paid for again. Its id is told just then, so after a crash only a press
    of its button brings it again.
    """
    article = placeholder(t, now=utc_now())
    sent = await bot.answer_guest_query(message.guest_query_id or "", article)
    question = _guest_question(message, sent.inline_message_id, t)
    async with _telling(InlineMessage(bot, question, t), t):
        document = document_of(message, me)
        file = None if document is None else await read_document(bot, document)
        prompt = prompt_of(message, text_without_mention(message, me), file=file)
        await answers.give(replace(question, prompt=prompt))


async def suggest(query: InlineQuery, t: Localizer, access: AccessService) -> None:
    """Offer to ask what somebody is typing."""
    typed, person_id = query.query.strip(), query.from_user.id
    results: list[InlineQueryResultUnion] = []
    button = None
    if not access.allows(person_id=person_id, chat_id=person_id):
        button = way_in(t("inline-private"))
    elif not is_visible(typed):
        button = way_in(t("inline-type"))
    else:
        results = [offer(typed, t)]
    with suppress(AiogramError):  # who types on has no use for it, and Telegram refuses it then
        await query.answer(results, cache_time=0, is_personal=True, button=button)


async def answer_chosen(
    chosen: ChosenInlineResult, bot: Bot, t: Localizer, answers: Answers
) -> None:
    """Answer what somebody typed and then chose to ask."""
    if chosen.inline_message_id is None:
        return
    question = Question(
        key=ConversationKey(chat_id=chosen.from_user.id),
        message_id=None,
        person_id=chosen.from_user.id,
        language=t.language,
        asked_at=utc_now(),
        prompt=chosen.query.strip(),
        inline_message_id=chosen.inline_message_id,
    )
    async with _telling(InlineMessage(bot, question, t), t):
        await answers.give(question)


async def press_guest(
    query: CallbackQuery, callback_data: GuestPress, t: Localizer, chats: ChatService
) -> None:
    """Say that the answer comes, or that a crash came first and the guest has to ask again.

    The message stays as it is: others could make up a press of one that is long answered.
    """
    is_coming = callback_data.is_early(utc_now()) or await _is_asked(query, chats)
    text = t("aside-coming") if is_coming else t("aside-interrupted")
    await acknowledge(query, text, show_alert=not is_coming)


async def press_aside(query: CallbackQuery, t: Localizer, chats: ChatService) -> None:
    """Say that the answer comes, or what the owner has to switch on for it."""
    is_asked = await _is_asked(query, chats)
    text = t("aside-coming") if is_asked else t("inline-feedback-missing")
    await acknowledge(query, text, show_alert=not is_asked)


async def _is_asked(query: CallbackQuery, chats: ChatService) -> bool:
    inline_message_id = query.inline_message_id
    return inline_message_id is not None and await chats.knows_inline(inline_message_id)


def _guest_question(message: Message, inline_message_id: str, t: Localizer) -> Question:
    """Put the question into a line of its person's own.

    The chat is unknown to the bot, and its id may be that of a chat with somebody else: see
    `guest_query_id` in the Bot API.
    """
    question = exact_question_of(message, "", language=t.language)
    return replace(
        question,
        key=ConversationKey(chat_id=question.payer_id),
        inline_message_id=inline_message_id,
    )


@asynccontextmanager
async def _telling(message: InlineMessage, t: Localizer) -> AsyncIterator[None]:
    """Say in the message itself what went wrong: people look nowhere else."""
    try:
        yield
    except Exception as error:  # logged by those who answer for all handlers, but not told
        told = error if isinstance(error, BotError) else BotError()
        await _tell(message, t, told)
        raise


async def _tell(message: InlineMessage, t: Localizer, error: BotError) -> None:
    try:
        await message.say(t(error.key, **error.arguments))
    except AiogramError as failure:
        log.warning("error.not_told", key=error.key, failure=describe(failure))
