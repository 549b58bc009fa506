"""A strict stand-in for the Elumenta API, over real HTTP."""

from bot.sandbox.elumenta.making import Making
from bot.sandbox.elumenta.records import Charge, Request
from bot.sandbox.elumenta.reply import Reply, Wire
from bot.sandbox.elumenta.server import ElumentaServer
from bot.sandbox.elumenta.shapes import Shape

__all__ = ["Charge", "ElumentaServer", "Making", "Reply", "Request", "Shape", "Wire"]
