"""What happens to a chat as a whole."""

from aiogram import Router
from aiogram.types import Message

from bot.services.chat import ChatService
from bot.telegram.filters import migration


def create_router() -> Router:
    """Follow a group that becomes a supergroup."""
    router = Router(name=__name__)
    router.message.register(migrate, migration)
    return router


async def migrate(message: Message, chats: ChatService) -> None:
    """Carry the memory over to the new chat id."""
    if message.migrate_to_chat_id is not None:
        await chats.move(message.chat.id, message.migrate_to_chat_id)
