"""Bots that come and go while others go on."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat
from tests.e2e.house import say, visitor
from tests.e2e.seeing import (
    RETRY,
    answer,
    answered,
    asked_prompts,
    finished,
    growing,
    labels,
    press,
    said_by_bot,
)
from tests.e2e.team import Team, open_team
from tests.postgresql import Cluster
from tests.stage import Stage

SLOW = Reply(chunks=tuple(f"word{n} " for n in range(300)), gap=0.2)
CROWD = 5
ROUNDS = 8
LEASE_SECONDS = 60
"""Longer than it takes others to find out that a bot is dead."""


async def busy_chats(stage: Stage) -> list[Chat]:
    """Bring people whose first question is being answered while two more wait."""
    chats = [visitor(stage, f"P{n}") for n in range(CROWD)]
    stage.elumenta.script(SLOW, contains="a long story", times=CROWD)
    for number, chat in enumerate(chats):
        for words in ("a long story", "then", "at last"):
            say(chat, f"{words} {number}")
    for chat in chats:
        await growing(chat, "word2")
    await stage.until(lambda: stage.telegram.waiting_updates == 0)
    return chats


async def the_rest_is_answered(chats: list[Chat]) -> None:
    """Wait until the first answers are told as cut off, and the others have come, in order."""
    for number, chat in enumerate(chats):
        await chat.wait(lambda chat: len(finished(chat)) == 4, timeout=LEASE_SECONDS)
        kept, notice, *others = finished(chat)
        assert "word2" in kept.text
        assert labels(kept) == []
        assert "I was interrupted" in notice.text
        assert labels(notice) == [RETRY]
        for words in ("then", "at last"):
            assert f"{words} {number}" in others.pop(0).text


@pytest.mark.parametrize("way", ["SIGTERM", "SIGKILL"])
async def test_what_waits_at_a_bot_that_ends_is_answered_by_the_other(
    tmp_path: Path, postgresql: Cluster, way: str
) -> None:
    async with open_team(tmp_path, postgresql, size=1, streaming="edit") as team:
        chats = await busy_chats(team.stage)
        await team.grow()
        first, second = team.bots

        if way == "SIGTERM":
            assert await first.terminate() == 0
        else:
            await first.kill()

        await the_rest_is_answered(chats)
        asked = asked_prompts(team.stage)
        assert asked == Counter(dict.fromkeys(asked, 1))
        assert len(asked) == 3 * CROWD
        team.stage.elumenta.script(Reply(text="A short story."), contains="a long story")
        chat = chats[0]
        notice = await answer(chat, "I was interrupted")
        assert await press(chat, chat.members[0], notice, RETRY) == "Asking again"
        await answer(chat, "A short story.")
        assert second.is_running


async def test_a_bot_after_another_is_restarted_and_nothing_is_lost(
    tmp_path: Path, postgresql: Cluster
) -> None:
    async with open_team(tmp_path, postgresql) as team:
        chats = [visitor(team.stage, f"P{n}") for n in range(20)]

        async with asyncio.TaskGroup() as tasks:
            talks = [tasks.create_task(talk(chat)) for chat in chats]
            await replace_all(team)

        assert [talk.result() for talk in talks] == [ROUNDS] * len(chats)


async def replace_all(team: Team) -> None:
    for bot in team.bots:
        assert await bot.terminate() == 0
        await team.stage.restart(bot)


async def talk(chat: Chat) -> int:
    """Ask one question after another; gives how many answers there are."""
    for number in range(ROUNDS):
        await answered(chat, say(chat, f"round {number}"), f"round {number}")
    return len([message for message in said_by_bot(chat) if "round" in message.text])
