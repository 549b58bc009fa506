"""The switches that make life hard for the bot."""

from enum import StrEnum
from typing import assert_never

from bot.sandbox.elumenta import ElumentaServer
from bot.sandbox.telegram import FloodLimits, TelegramServer

SLOW_PACE_SECONDS = 0.4
SLOWER_MAKING = 3
STRICT = FloodLimits(
    private_burst=1, private_refill_seconds=4, group_burst=1, group_refill_seconds=6
)


class Mishap(StrEnum):
    """What may go wrong for as long as somebody wants it."""

    SLOW_API = "slow_api"
    """Elumenta says few words a second, and takes its time for pictures and videos."""
    FLOOD_CONTROL = "flood_control"
    """Telegram lets the bot speak, or change what it said, far less often than usual."""
    API_DOWN = "api_down"
    TELEGRAM_DOWN = "telegram_down"


class Mishaps:
    """Turns mishaps on and off in the stand-ins."""

    def __init__(self, telegram: TelegramServer, elumenta: ElumentaServer) -> None:
        self._telegram = telegram
        self._elumenta = elumenta
        self._pace = elumenta.pace
        self._making_seconds = dict(elumenta.making_seconds)
        self._on: set[Mishap] = set()

    def states(self) -> dict[str, object]:
        """Tell which of them are on."""
        return {mishap.value: mishap in self._on for mishap in Mishap}

    def turn(self, mishap: Mishap, *, on: bool) -> None:
        self._on = self._on | {mishap} if on else self._on - {mishap}
        match mishap:
            case Mishap.SLOW_API:
                self._slow_down(on=on)
            case Mishap.FLOOD_CONTROL:
                self._telegram.limit(STRICT if on else FloodLimits())
            case Mishap.API_DOWN:
                self._elumenta.down = on
            case Mishap.TELEGRAM_DOWN:
                self._telegram.down = on
            case _:
                assert_never(mishap)

    def _slow_down(self, *, on: bool) -> None:
        factor = SLOWER_MAKING if on else 1
        usual = self._making_seconds.items()
        self._elumenta.making_seconds = {kind: factor * seconds for kind, seconds in usual}
        self._elumenta.pace = SLOW_PACE_SECONDS if on else self._pace
