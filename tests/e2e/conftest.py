"""What every end-to-end test stands on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.i18n import Localizer
from tests.e2e.talking import LANGUAGES, texts
from tests.stage import Stage, open_stage

REFUSED_FOR_GOOD_REASONS = {
    (
        "Bad Request: message is not modified: specified new message content and reply markup are "
        "exactly the same as a current content and reply markup of the message"
    ),
    "Bad Request: message to edit not found",
    "Bad Request: message to delete not found",
    "Bad Request: message thread not found",
    "Bad Request: not enough rights to send photos to the chat",
    "Bad Request: not enough rights to send documents to the chat",
    "Bad Request: group chat was upgraded to a supergroup chat",
    "Bad Request: query is too old and response timeout expired or query ID is invalid",
}
"""What Telegram may refuse here: people delete messages and topics, forbid media, move
groups, forge presses, and press so soon that two edits of a status meet."""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage of the test's own."""
    async with open_stage(tmp_path) as stage:
        yield stage


@pytest.fixture(scope="session")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A stage with a running bot that many tests share, each with people and chats of its own."""
    async with open_stage(tmp_path_factory.mktemp("city")) as stage:
        await stage.start_bot()
        yield stage
        refused = {call.description for call in stage.telegram.calls if call.error_code == 400}
        assert refused <= REFUSED_FOR_GOOD_REASONS


@pytest.fixture(scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """As the city, but answers come in one piece, and the bot is at hand in chats of others."""
    async with open_stage(tmp_path_factory.mktemp("town")) as stage:
        await stage.start_bot(streaming="off", guest_mode="true", inline_mode="true")
        yield stage
        refused = {call.description for call in stage.telegram.calls if call.error_code == 400}
        assert refused <= REFUSED_FOR_GOOD_REASONS


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Run a test once for each language that the bot speaks."""
    assert isinstance(request.param, str)
    return request.param


@pytest.fixture
def t(language: str) -> Localizer:
    """What the bot says in that language."""
    return texts(language)
