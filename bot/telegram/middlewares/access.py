"""Nobody spends the owner's tokens without leave."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Chat, TelegramObject, User

from bot.errors import AccessDenied
from bot.services.access import AccessService


class Access(BaseMiddleware):
    """Stops the chosen handler when its person may not use the bot.

    It must not wait: conversations take their order from the handlers behind it.
    """

    def __init__(self, access: AccessService) -> None:
        self._access = access

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        person: User | None = data.get("event_from_user")
        chat: Chat | None = data.get("event_chat")
        person_id = person.id if person else None
        chat_id = chat.id if chat else 0
        if not self._access.allows(person_id=person_id, chat_id=chat_id):
            raise AccessDenied(id=str(chat_id if chat_id < 0 else person_id))
        return await handler(event, data)
