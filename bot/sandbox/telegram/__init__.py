"""A strict stand-in for the Telegram Bot API server."""

from bot.sandbox.telegram.chat import Chat
from bot.sandbox.telegram.faults import DELIVERY, DOWNLOAD, Fault, FaultKind
from bot.sandbox.telegram.flood import FloodLimits
from bot.sandbox.telegram.gateway import Call
from bot.sandbox.telegram.guests import GuestQuery
from bot.sandbox.telegram.inline import InlineAnswer, InlineQuery, InlineResult
from bot.sandbox.telegram.model import (
    Action,
    Button,
    CallbackAnswer,
    Draft,
    Entity,
    File,
    Message,
    Person,
    Snapshot,
)
from bot.sandbox.telegram.press import Press
from bot.sandbox.telegram.server import TelegramServer
from bot.sandbox.telegram.webhook import Delivery, Webhook

__all__ = [
    "DELIVERY",
    "DOWNLOAD",
    "Action",
    "Button",
    "Call",
    "CallbackAnswer",
    "Chat",
    "Delivery",
    "Draft",
    "Entity",
    "Fault",
    "FaultKind",
    "File",
    "FloodLimits",
    "GuestQuery",
    "InlineAnswer",
    "InlineQuery",
    "InlineResult",
    "Message",
    "Person",
    "Press",
    "Snapshot",
    "TelegramServer",
    "Webhook",
]
