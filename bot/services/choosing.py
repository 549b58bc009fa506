"""What chats decide for themselves, put together."""

from dataclasses import dataclass

from bot.services.directory import ModelDirectory
from bot.services.preferences import PreferenceService


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """What chats have chosen, and the models that they can choose from."""

    preferences: PreferenceService
    directory: ModelDirectory
