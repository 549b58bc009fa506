"""Conversations: plain text and files in private; `/chat`, a mention or a reply in groups."""

from functools import partial

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message, User

from bot.i18n import Localizer
from bot.services.turns import TurnQueue
from bot.telegram.addressing import conversation_of
from bot.telegram.answers import Answers
from bot.telegram.filters import to_bot, to_paste
from bot.telegram.inquiry import inquire
from bot.telegram.pastes import Pastes
from bot.telegram.topics import Topics


def create_router() -> Router:
    """Answer questions."""
    router = Router(name=__name__)
    router.message.register(follow, to_paste)
    router.message.register(chat, Command("chat", ignore_case=True))
    router.message.register(chat, to_bot)
    return router


async def chat(
    message: Message,
    *,
    bot: Bot,
    me: User,
    t: Localizer,
    answers: Answers,
    pastes: Pastes,
    topics: Topics,
    command: CommandObject | None = None,
) -> None:
    """Answer what is said to the bot, or what a bare command replies to."""
    inquiry = inquire(message, command, me, paste=pastes.take(message))
    await answers.give(inquiry.begin(t.language), rest=partial(inquiry.complete, bot=bot))
    await topics.name_after(message, inquiry.subject)


async def follow(message: Message, pastes: Pastes, turns: TurnQueue) -> None:
    """Put a part to what its person is pasting, and wait until all of that is stored."""
    pastes.add(message)
    with turns.join(conversation_of(message), person_id=None) as ticket:
        async with ticket.entry:
            return
