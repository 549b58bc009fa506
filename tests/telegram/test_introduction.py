from collections.abc import Mapping

import pytest
from aiogram.types import User
from structlog.testing import capture_logs

from bot.elumenta import ElumentaClient
from bot.metrics import Metrics
from bot.sandbox.telegram import TelegramServer
from bot.storage.engine import Database
from bot.telegram.introduction import introduce, unsupported_modes
from bot.telegram.pacer import Pacer
from bot.telegram.session import create_bot
from tests.owning import create_owning
from tests.telegram.modes import settings_with

BOTH = {"guest_mode": True, "inline_mode": True}


def me(**abilities: bool) -> User:
    return User.model_validate({"id": 1, "is_bot": True, "first_name": "Elumenta", **abilities})


@pytest.mark.parametrize(
    ("modes", "abilities", "settings"),
    [
        ({}, {}, []),
        (BOTH, {}, ["GUEST_MODE", "INLINE_MODE"]),
        (BOTH, {"supports_guest_queries": True}, ["INLINE_MODE"]),
        (BOTH, {"supports_inline_queries": True}, ["GUEST_MODE"]),
        (BOTH, {"supports_guest_queries": True, "supports_inline_queries": True}, []),
    ],
)
def test_what_botfather_has_to_allow_is_named(
    modes: Mapping[str, bool], abilities: Mapping[str, bool], settings: list[str]
) -> None:
    assert list(unsupported_modes(me(**abilities), settings_with(**modes))) == settings


async def test_the_log_of_the_start_says_what_to_allow(database: Database) -> None:
    server = TelegramServer(supports_guest_queries=False, supports_inline_queries=False)
    await server.start()
    bot = create_bot(server.token, api_url=server.url, pacer=Pacer(), metrics=Metrics())
    owning = create_owning(database, ElumentaClient("nb_nobody", base_url="http://localhost"))

    with capture_logs() as lines:
        await introduce(bot, owning.access, settings_with(**BOTH))
    await bot.session.close()
    await server.close()

    hints = {
        line["setting"]: line["mend"] for line in lines if line["event"] == "mode.unsupported"
    }
    assert "@BotFather" in hints["GUEST_MODE"]
    assert "/setinline " in hints["INLINE_MODE"]
