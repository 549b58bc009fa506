from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pyromark
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Translator
from bot.model import ConversationKey, Question, Turn, TurnState
from bot.telegram.transcript import write_transcript
from tests.telegram.markdown_samples import UNHURRIED, wild_markdown

ENGLISH = Translator.bundled().for_locale("en")
QUESTION = Question(
    key=ConversationKey(chat_id=7),
    message_id=1,
    person_id=7,
    language="en",
    asked_at=datetime(2026, 11, 21, 22, 30, tzinfo=UTC),
    prompt="Why?",
)


def a_turn(prompt: str = "Why?", answer: str = "Because.") -> Turn:
    return Turn(
        id=1,
        question=replace(QUESTION, prompt=prompt),
        state=TurnState.ANSWERED,
        answer=answer,
        message_ids=(2,),
    )


def written(*turns: Turn, is_private: bool = True, zone: str = "UTC") -> str:
    return write_transcript(
        turns, ENGLISH, bot_name="Elumenta", zone=ZoneInfo(zone), is_private=is_private
    )


def headings(markdown: str) -> list[str]:
    """Give the headings of the second rank, as a reader of Markdown sees them."""
    found, events = [], list(pyromark.events(markdown, merge_text=True))
    for event, text in pairwise(events):
        match event, text:
            case {"Start": {"Heading": {"level": "H2"}}}, {"Text": str(words)}:
                found.append(words)
            case _:
                pass
    return found


def test_each_turn_has_its_time_its_question_and_its_answer() -> None:
    text = written(a_turn("One\ntwo?", "**Yes**, `two`."), zone="Europe/Moscow")

    assert text == (
        "# Conversation with Elumenta\n\n"
        "## 2026-11-22 01:30 MSK\n\n"
        "**You**\n\n"
        "> One\n> two?\n\n"
        "**Elumenta**\n\n"
        "**Yes**, `two`.\n"
    )


def test_the_questions_of_a_group_are_not_said_to_be_yours() -> None:
    text = written(a_turn("[Ann] Why?"), is_private=False)

    assert "**Question**\n\n> [Ann] Why?" in text
    assert "You" not in text


@pytest.mark.parametrize(
    ("answer", "closed"),
    [
        ("```py\nx", "```py\nx\n```"),
        ("~~~~\n```\nx", "~~~~\n```\nx\n~~~~"),
        ("```\nx\n```", "```\nx\n```"),
        ("<!-- x", "````\n<!-- x\n````"),
        ("<pre>\n```", "````\n<pre>\n```\n````"),
    ],
)
def test_what_an_answer_leaves_open_is_closed(answer: str, closed: str) -> None:
    assert written(a_turn(answer=answer)).endswith(f"**Elumenta**\n\n{closed}\n")


@UNHURRIED
@given(st.lists(st.tuples(wild_markdown(), wild_markdown()), min_size=1, max_size=4))
def test_no_question_and_no_answer_runs_into_the_next(said: list[tuple[str, str]]) -> None:
    text = written(*(a_turn(prompt, answer) for prompt, answer in said))

    found = headings(text)

    assert found.count("2026-11-21 22:30 UTC") == len(said)
    assert text.encode()
