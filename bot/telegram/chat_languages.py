"""In which language a chat is spoken to."""

from aiogram.types import User

from bot.i18n import Localizer, Translator
from bot.services.preferences import PreferenceService


class ChatLanguages:
    """Knows at once which language a chat has chosen; else people are spoken to in their own."""

    def __init__(self, translator: Translator, preferences: PreferenceService) -> None:
        self._translator = translator
        self._preferences = preferences

    def localizer(self, chat_id: int | None, person: User | None) -> Localizer:
        """Find the language of a chat, or of a person; without a chat, of their private one."""
        place = person.id if chat_id is None and person is not None else chat_id
        chosen = None if place is None else self._preferences.language_of(place)
        spoken = None if person is None else person.language_code
        return self._translator.for_locale(chosen or spoken)
