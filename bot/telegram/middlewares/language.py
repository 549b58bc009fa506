"""The language in which an update is answered."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Chat, TelegramObject, Update, User

from bot.telegram.chat_languages import ChatLanguages


class Language(BaseMiddleware):
    """Gives handlers `t`, which speaks the language of the chat, or else of the person.

    To a guest's chat the bot does not belong, and its id may be that of somebody else's.
    """

    def __init__(self, languages: ChatLanguages) -> None:
        self._languages = languages

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        is_guest = isinstance(event, Update) and event.guest_message is not None
        chat: Chat | None = None if is_guest else data.get("event_chat")
        person: User | None = data.get("event_from_user")
        data["t"] = self._languages.localizer(chat.id if chat is not None else None, person)
        return await handler(event, data)
