"""Questions that people put differently: the newest one is answered anew."""

from dataclasses import replace

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message, User

from bot.clock import utc_now
from bot.i18n import Localizer
from bot.model import Question, Turn
from bot.services.chat import ChatService
from bot.services.prompt import without_quotation
from bot.services.turns import TurnQueue
from bot.telegram.addressing import conversation_of, person_of
from bot.telegram.answers import Answers
from bot.telegram.filters import to_bot
from bot.telegram.inquiry import Inquiry, inquire

MOST_ATTEMPTS = 3
"""How often buttons may be faster; a person does not press more often while one edit is read."""


def create_router() -> Router:
    """Follow what people change; whatever is no newest question meets silence."""
    router = Router(name=__name__)
    router.edited_message.register(edit, Command("chat", ignore_case=True))
    router.edited_message.register(edit, to_bot)
    return router


async def edit(
    message: Message,
    *,
    bot: Bot,
    me: User,
    t: Localizer,
    chats: ChatService,
    turns: TurnQueue,
    answers: Answers,
    command: CommandObject | None = None,
) -> None:
    """Answer a question in place of what it was before, and end the answer to that."""
    inquiry = inquire(message, command, me)
    key, person_id = conversation_of(message), person_of(message)
    # The place comes first, so that of several edits the last one counts.
    with turns.join(key, person_id=person_id) as ticket:
        async with ticket.entry:
            turn = await _replace(inquiry, chats, bot, language=t.language)
        if turn is not None and turn.replaces_id is not None:
            turns.stop_turn(turn.replaces_id, chat_id=key.chat_id, person_id=person_id)
            await answers.carry_out(turn, ticket)


async def _replace(
    inquiry: Inquiry, chats: ChatService, bot: Bot, *, language: str
) -> Turn | None:
    """Store a question as it is now, in place of what it was; None where there is no need.

    A button that was pressed meanwhile has put another turn there, which is replaced then.
    """
    key, person_id = conversation_of(inquiry.message), person_of(inquiry.message)
    for _ in range(MOST_ATTEMPTS):
        old = await chats.newest(key, person_id=person_id)
        if old is None or old.question.message_id != inquiry.message.message_id:
            return None
        question = await _changed(inquiry, old, bot, language=language)
        if question is None:
            return None
        if (turn := await chats.open(question, replaces=old)) is not None:
            return turn
    return None


async def _changed(inquiry: Inquiry, old: Turn, bot: Bot, *, language: str) -> Question | None:
    """Give the question as it is now; None where it says what it said before.

    Telegram also tells of messages as edited of which no word was changed.
    """
    if inquiry.is_part_of(old.question.prompt) or inquiry.is_caption_of(old.question.prompt):
        return None
    question = await inquiry.complete(inquiry.begin(language), bot=bot)
    has_changed = without_quotation(question.prompt) != without_quotation(old.question.prompt)
    return replace(question, asked_at=utc_now()) if has_changed else None
