"""What chats decide for themselves, put together as the program does."""

from bot.elumenta import ElumentaClient
from bot.model import Preferences
from bot.services.choosing import Choosing
from bot.services.directory import ModelDirectory
from bot.services.preferences import PreferenceService
from bot.storage.engine import Database
from bot.storage.preferences import PreferenceStore

DEFAULTS = Preferences(
    chat_model="gpt-5",
    image_model="flux-1.1-pro",
    video_model="luma-ray2-flash",
    system_prompt="",
    streaming="off",
    rich_messages=False,
    shows_cost=False,
)


def create_choosing(
    database: Database, client: ElumentaClient, *, defaults: Preferences = DEFAULTS
) -> Choosing:
    """Build it; nobody has chosen anything yet."""
    preferences = PreferenceService(PreferenceStore(database), defaults=defaults)
    return Choosing(preferences=preferences, directory=ModelDirectory(client))
