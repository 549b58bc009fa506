"""An async client for the Elumenta API; knows nothing of the program around it."""

from bot.elumenta.catalog import (
    CATALOG,
    TEXT_MODELS,
    Category,
    MediaModel,
    TextModel,
    find_model,
    find_text_model,
    models_of,
)
from bot.elumenta.chat import (
    ChatEvent,
    ChatMessage,
    ChatOptions,
    Finished,
    RequestStyle,
    Role,
    Started,
    TextDelta,
)
from bot.elumenta.client import ElumentaClient
from bot.elumenta.connection import Timeouts
from bot.elumenta.downloads import Download, Downloader
from bot.elumenta.errors import (
    BadRequest,
    ElumentaError,
    InsufficientTokens,
    ModelUnavailable,
    NotFound,
    PlanTooLow,
    ProtocolError,
    ProviderFailed,
    RateLimited,
    StatusError,
    StreamBroken,
    TimedOut,
    TooLarge,
    Unauthorized,
    Unreachable,
)
from bot.elumenta.generation import Generation, GenerationStatus, RateLimits
from bot.elumenta.media import Balance, MediaOrder, Price
from bot.elumenta.models import ListedModel
from bot.elumenta.retry import Patience

__all__ = [
    "CATALOG",
    "TEXT_MODELS",
    "BadRequest",
    "Balance",
    "Category",
    "ChatEvent",
    "ChatMessage",
    "ChatOptions",
    "Download",
    "Downloader",
    "ElumentaClient",
    "ElumentaError",
    "Finished",
    "Generation",
    "GenerationStatus",
    "InsufficientTokens",
    "ListedModel",
    "MediaModel",
    "MediaOrder",
    "ModelUnavailable",
    "NotFound",
    "Patience",
    "PlanTooLow",
    "Price",
    "ProtocolError",
    "ProviderFailed",
    "RateLimited",
    "RateLimits",
    "RequestStyle",
    "Role",
    "Started",
    "StatusError",
    "StreamBroken",
    "TextDelta",
    "TextModel",
    "TimedOut",
    "Timeouts",
    "TooLarge",
    "Unauthorized",
    "Unreachable",
    "find_model",
    "find_text_model",
    "models_of",
]
