"""The language of whoever caused an update."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, User

from bot.i18n import Translator


class Language(BaseMiddleware):
    """Gives handlers `t`, which speaks the language that the person set in Telegram."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        person: User | None = data.get("event_from_user")
        data["t"] = self._translator.for_locale(person.language_code if person else None)
        return await handler(event, data)
