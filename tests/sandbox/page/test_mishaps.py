import pytest

from bot.sandbox.elumenta import ElumentaServer
from bot.sandbox.page.mishaps import Mishap, Mishaps
from bot.sandbox.telegram import TelegramServer


def test_a_slow_service_is_as_fast_as_before_when_it_is_over() -> None:
    elumenta = ElumentaServer()
    mishaps = Mishaps(TelegramServer(), elumenta)
    pace, seconds = elumenta.pace, elumenta.making_seconds["video"]

    mishaps.turn(Mishap.SLOW_API, on=True)
    slow = elumenta.pace, elumenta.making_seconds["video"]
    mishaps.turn(Mishap.SLOW_API, on=False)

    assert slow > (5 * pace, 2 * seconds)
    assert (elumenta.pace, elumenta.making_seconds["video"]) == (pace, seconds)


def test_a_server_is_down_as_long_as_its_switch_is_on() -> None:
    telegram, elumenta = TelegramServer(), ElumentaServer()
    mishaps = Mishaps(telegram, elumenta)

    mishaps.turn(Mishap.API_DOWN, on=True)
    mishaps.turn(Mishap.TELEGRAM_DOWN, on=True)
    mishaps.turn(Mishap.API_DOWN, on=False)

    assert (telegram.down, elumenta.down) == (True, False)


@pytest.mark.parametrize("mishap", Mishap)
def test_a_switch_can_be_turned_twice(mishap: Mishap) -> None:
    mishaps = Mishaps(TelegramServer(), ElumentaServer())

    mishaps.turn(mishap, on=True)
    mishaps.turn(mishap, on=True)

    assert mishaps.states() == {one: one is mishap for one in Mishap}
