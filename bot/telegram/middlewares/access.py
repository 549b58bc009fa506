"""Nobody spends the owner's tokens without leave."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, User

from bot.services.access import AccessService
from bot.telegram.addressing import person_of
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.strangers import Strangers


class Access(BaseMiddleware):
    """Stops the chosen handler when its person may not use the bot.

    Whoever edits a message hears nothing. It does not wait before the handler: conversations take
    their order from that.
    """

    def __init__(self, access: AccessService, strangers: Strangers) -> None:
        self._access = access
        self._strangers = strangers

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        chat: Chat | None = data.get("event_chat")
        person_id = person_of(event) if isinstance(event, Message) else data["event_from_user"].id
        if self._access.allows(person_id=person_id, chat_id=chat.id if chat else 0):
            return await handler(event, data)

        match event:
            case Message(edit_date=None):
                await self._strangers.turn_away(event, data["bot"], data["t"])
            case CallbackQuery():
                await self._strangers.turn_away_press(event, data["t"])
        return None


class Acquaintance(BaseMiddleware):
    """Remembers which language admins speak, for what they are told without having asked."""

    def __init__(self, access: AccessService) -> None:
        self._access = access

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        result = await handler(event, data)
        person: User | None = data.get("event_from_user")
        if person is not None:
            # What others chose for a group is not how an admin wants to be spoken to.
            languages: ChatLanguages = data["languages"]
            await self._access.hear(person.id, languages.localizer(None, person).language)
        return result
