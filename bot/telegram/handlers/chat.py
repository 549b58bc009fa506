"""Conversations: plain text in private; `/chat`, a mention or a reply in groups."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message, User

from bot.i18n import Localizer
from bot.telegram.addressing import question_of, text_without_mention
from bot.telegram.answers import Answers
from bot.telegram.filters import to_bot


def create_router() -> Router:
    """Answer questions."""
    router = Router(name=__name__)
    router.message.register(chat, Command("chat", ignore_case=True))
    router.message.register(talk, to_bot)
    return router


async def chat(message: Message, command: CommandObject, t: Localizer, answers: Answers) -> None:
    """Answer the text after the command, or the message that the command replies to."""
    await answers.give(question_of(message, command.args or "", language=t.language))


async def talk(message: Message, me: User, t: Localizer, answers: Answers) -> None:
    """Answer what is said to the bot without a command."""
    text = text_without_mention(message, me)
    await answers.give(question_of(message, text, language=t.language))
