"""What happens to the topics of private chats."""

from aiogram import Router
from aiogram.types import Message

from bot.telegram.filters import implicit_topic
from bot.telegram.topics import Topics


def create_router() -> Router:
    """Notice topics that wait for a name."""
    router = Router(name=__name__)
    router.message.register(open_topic, implicit_topic)
    return router


async def open_topic(message: Message, topics: Topics) -> None:
    """Remember that a topic is to be named by its first question."""
    await topics.note(message)
