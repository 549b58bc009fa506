"""Bytes to values and back: the only place that knows how the service spells things.

The documentation shows two shapes of almost everything; both are read.
"""

from bot.elumenta.wire.account import read_balance, read_limits, read_price
from bot.elumenta.wire.events import read_event
from bot.elumenta.wire.generations import HistoryPage, read_generation, read_history
from bot.elumenta.wire.models import read_models
from bot.elumenta.wire.reading import Hint, WireModel
from bot.elumenta.wire.requests import chat_body, order_body, price_body

__all__ = [
    "Hint",
    "HistoryPage",
    "WireModel",
    "chat_body",
    "order_body",
    "price_body",
    "read_balance",
    "read_event",
    "read_generation",
    "read_history",
    "read_limits",
    "read_models",
    "read_price",
]
