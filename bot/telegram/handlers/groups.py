"""What happens to a chat as a whole."""

from aiogram import Router
from aiogram.types import ChatMemberUpdated, Message

from bot.services.chat import ChatService
from bot.services.media import MediaService
from bot.telegram.filters import admission, migration


def create_router() -> Router:
    """Follow a group that becomes a supergroup, and notice who lets the bot in."""
    router = Router(name=__name__)
    router.message.register(migrate, migration)
    router.my_chat_member.register(come_back, admission)
    return router


async def migrate(message: Message, chats: ChatService, media: MediaService) -> None:
    """Carry the memory and the orders over to the new chat id."""
    if message.migrate_to_chat_id is not None:
        # The memory goes first: it has to take its place in line before anything is awaited.
        await chats.move(message.chat.id, message.migrate_to_chat_id)
        await media.move(message.chat.id, message.migrate_to_chat_id)


async def come_back(event: ChatMemberUpdated, media: MediaService) -> None:
    """Bring what was made while the chat did not want the bot."""
    await media.revive(event.chat.id)
