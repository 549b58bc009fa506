"""The values that all layers share."""

from bot.model.access import (
    AccessRule,
    Admin,
    Standing,
)
from bot.model.conversation import (
    REPEATABLE,
    RETRIABLE,
    ConversationKey,
    Exchange,
    Question,
    Turn,
    TurnState,
    is_owned,
)
from bot.model.intake import Arrival, Claimed, StoredUpdate, UpdateUnreadable
from bot.model.media import (
    OPEN,
    RUNNING,
    SHOWN,
    Failure,
    JobState,
    MediaJob,
    MediaKind,
    MediaResult,
    NewJob,
    PriceRange,
)
from bot.model.models import ModelChoice, ModelKind
from bot.model.personal import Erasable
from bot.model.preferences import Preference, Preferences, PreferenceValue
from bot.model.spending import (
    EVERYBODY,
    Charge,
    DailyUse,
    ExpenseKind,
    ExpenseOutcome,
    Spending,
    SpentByKind,
    Usage,
)
from bot.model.vitals import Vital

__all__ = [
    "EVERYBODY",
    "OPEN",
    "REPEATABLE",
    "RETRIABLE",
    "RUNNING",
    "SHOWN",
    "AccessRule",
    "Admin",
    "Arrival",
    "Charge",
    "Claimed",
    "ConversationKey",
    "DailyUse",
    "Erasable",
    "Exchange",
    "ExpenseKind",
    "ExpenseOutcome",
    "Failure",
    "JobState",
    "MediaJob",
    "MediaKind",
    "MediaResult",
    "ModelChoice",
    "ModelKind",
    "NewJob",
    "Preference",
    "PreferenceValue",
    "Preferences",
    "PriceRange",
    "Question",
    "Spending",
    "SpentByKind",
    "Standing",
    "StoredUpdate",
    "Turn",
    "TurnState",
    "UpdateUnreadable",
    "Usage",
    "Vital",
    "is_owned",
]
