"""What forgets what is not needed any more."""

from bot.parts.outside import Outside
from bot.parts.talking import Talking
from bot.settings import Settings
from bot.storage.inbox import InboxStore
from bot.storage.retention import RetentionStore
from bot.workers.tidying import Tidying


def create_tidying(settings: Settings, outside: Outside, talking: Talking) -> Tidying:
    """Build it; history is kept for as long as the owner wants."""
    return Tidying(
        InboxStore(outside.database),
        talking.erasing,
        RetentionStore(outside.database),
        retention_days=settings.retention_days,
    )
