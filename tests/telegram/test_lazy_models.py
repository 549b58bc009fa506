"""Models that nobody uses are not built, and those that somebody uses are what they ever were."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TypedDict

import pytest

PROGRAM = Path(__file__).with_name("models_seen.py")

USED_AT_ONCE = 30
"""More than are built at the start; without us it is all of them."""


class Seen(TypedDict):
    """What the program prints."""

    built: int
    models: int
    examples: list[object]
    complaints: dict[str, object]
    unbuilt: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """What was seen with models built when they are used, and with all built at once."""

    lazily: Seen
    ordinarily: Seen


@pytest.fixture(scope="module")
def both() -> Both:
    return Both(lazily=_see("lazily"), ordinarily=_see("ordinarily"))


def test_hardly_any_model_is_built_at_the_start(both: Both) -> None:
    assert both.lazily["models"] == both.ordinarily["models"] > 500
    assert both.lazily["built"] < USED_AT_ONCE


def test_every_model_is_built_when_it_is_used(both: Both) -> None:
    assert both.lazily["unbuilt"] == both.ordinarily["unbuilt"] == []


def test_updates_and_calls_are_read_and_written_as_ever(both: Both) -> None:
    assert both.lazily["examples"] == both.ordinarily["examples"]


def test_every_model_takes_and_refuses_what_it_ever_did(both: Both) -> None:
    assert both.lazily["complaints"] == both.ordinarily["complaints"]


def test_models_may_be_used_in_many_threads_at_first() -> None:
    printed = _run("""
        from concurrent.futures import ThreadPoolExecutor
        from bot.telegram import lazy_models
        lazy_models.install()

        from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, User
        def make(number):
            user = User(id=number, is_bot=False, first_name="Ann")
            entity = MessageEntity(type="text_mention", offset=0, length=1, user=user)
            row = [InlineKeyboardButton(text=str(number), callback_data=entity.user.first_name)]
            return InlineKeyboardMarkup(inline_keyboard=[row]).model_dump_json(exclude_none=True)

        with ThreadPoolExecutor(16) as threads:
            print(len(set(threads.map(make, range(200)))))
    """)

    assert printed == "200\n"


def test_a_version_that_cannot_be_kept_from_building_is_let_be() -> None:
    printed = _run("""
        from bot.telegram import lazy_models
        lazy_models.NAMES = "what another version calls them"
        lazy_models.install()

        from aiogram.types import Chat, Update
        print(Chat.__pydantic_complete__, Update(update_id=1).update_id)
    """)

    assert "[warning  ] models.built_at_once" in printed
    assert printed.endswith("True 1\n")


def test_an_aiogram_that_is_there_already_is_left_alone() -> None:
    printed = _run("""
        import aiogram
        from bot.telegram import lazy_models
        lazy_models.install()
        print(aiogram.types.Chat.__pydantic_complete__)
    """)

    assert printed == "True\n"


def _see(how: str) -> Seen:
    seen: Seen = json.loads(_output(str(PROGRAM), how))
    return seen


def _run(program: str) -> str:
    return _output("-c", dedent(program))


def _output(*arguments: str) -> str:
    """Run a fresh interpreter, in which nothing is imported."""
    done = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return done.stdout
