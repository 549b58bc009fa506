"""Bots on several machines are one bot to everybody who talks to it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.sandbox.elumenta import Making, Reply
from bot.sandbox.telegram import Chat
from tests.e2e.house import say, tell, visitor, zone_of_noon
from tests.e2e.seeing import (
    GO_AHEAD,
    NOT_OPEN,
    answer,
    claim_links,
    growing,
    press,
    result,
    said_by_bot,
    spent,
)
from tests.e2e.team import Team, open_team
from tests.postgresql import Cluster

SLOW = Reply(chunks=tuple(f"word{n} " for n in range(60)), gap=0.2)
QUICK = Making(takes=0.3, eta_seconds=1)
QUESTIONS = 8
HEARD_SECONDS = 3.0


@pytest.fixture(scope="module")
async def team(
    tmp_path_factory: pytest.TempPathFactory, postgresql: Cluster
) -> AsyncIterator[Team]:
    """Two bots that everybody may use, which stream their answers."""
    folder = tmp_path_factory.mktemp("team")
    async with open_team(folder, postgresql, streaming="edit") as team:
        yield team


async def test_a_chat_is_answered_in_order_though_its_updates_come_to_both(team: Team) -> None:
    chat, served = visitor(team.stage, "Ann"), team.proxy.served.copy()
    team.stage.elumenta.script(Reply(text="Slow number 0.", first_delay=1.5), contains="ask no. 0")

    for number in range(QUESTIONS):
        say(chat, f"ask no. {number}")
    await answer(chat, f"ask no. {QUESTIONS - 1}")

    texts = [message.text for message in said_by_bot(chat)]
    assert len(texts) == QUESTIONS
    assert all(f"no. {n}" in text or f"number {n}" in text for n, text in enumerate(texts))
    assert len(team.proxy.served - served) == len(team.bots)


async def test_a_stop_press_that_comes_to_the_other_bot_stops_the_answer(team: Team) -> None:
    first, second = team.bots
    chat = visitor(team.stage, "Ann")
    team.stage.elumenta.script(SLOW, contains="stop me from afar")
    team.post_to(first)
    say(chat, "stop me from afar")
    message = await growing(chat, "word3")

    team.post_to(second)
    told = await press(chat, chat.members[0], message, "⏹ Stop")

    assert told == "Stopped"
    assert "word59" not in (await answer(chat, "word3")).text
    assert team.stage.elumenta.open_streams == 0
    team.post_to(first, second)


async def test_an_offer_that_is_pressed_at_both_bots_is_ordered_once(team: Team) -> None:
    first, second = team.bots
    chat = visitor(team.stage, "Ann")
    team.stage.elumenta.script(QUICK, contains="one comet for two", times=2)
    say(chat, "/video one comet for two")
    offer = replace(await answer(chat, "26 tokens"))

    team.post_to(first)
    presses = [chat.press(chat.members[0], offer, GO_AHEAD)]
    team.post_to(second)
    presses.append(chat.press(chat.members[0], offer, GO_AHEAD))
    told = [(await one.answer()).text for one in presses]

    await result(chat, "video")
    assert told.count(NOT_OPEN) == 1
    assert len(team.stage.elumenta.orders("one comet for two")) == 1
    team.post_to(first, second)


async def test_orders_at_both_bots_are_each_delivered_once(team: Team) -> None:
    chats = [visitor(team.stage, f"P{n}") for n in range(8)]
    for number, chat in enumerate(chats):
        team.stage.elumenta.script(QUICK, contains=f"lantern {number}")
        say(chat, f"/image lantern {number}")

    for chat in chats:
        await chat.wait(lambda chat: [one.kind for one in said_by_bot(chat)] == ["photo"])

    assert len(team.stage.elumenta.orders("lantern")) == len(chats)


async def test_the_limit_of_a_day_holds_for_all_bots_together(
    tmp_path_factory: pytest.TempPathFactory, postgresql: Cluster
) -> None:
    folder, zone = tmp_path_factory.mktemp("limits"), zone_of_noon()
    async with open_team(folder, postgresql, daily_tokens="10", timezone=zone) as team:
        chats = [visitor(team.stage, f"P{n}") for n in range(16)]
        for chat in chats:
            say(chat, "confidential")
        told = [await answer(chat) for chat in chats]

        assert spent(team.stage) == 10
        assert sum("You said" in message.text for message in told) == 5
        assert len(team.proxy.served) == len(team.bots)


async def test_who_may_use_the_bot_is_known_to_all_within_seconds(
    tmp_path_factory: pytest.TempPathFactory, postgresql: Cluster
) -> None:
    folder = tmp_path_factory.mktemp("access")
    async with open_team(folder, postgresql, access="closed") as team:
        first, second = team.bots
        stage = team.stage
        owner, guest, late = (visitor(stage, name) for name in ("Olympia", "Annegret", "Otto"))
        (link,) = {link for bot in team.bots for link in claim_links(bot.output)}
        team.post_to(second)
        await answer(guest, str(guest.id), after=say(guest, "confidential"))

        team.post_to(first)
        claimed = await tell(owner, f"/start {link}")
        await tell(owner, f"/allow {guest.id}")
        team.post_to(second)
        await until_heard(guest, expected=True)
        team.post_to(first)
        await tell(owner, f"/deny {guest.id}")
        team.post_to(second)
        await until_heard(guest, expected=False)

        assert str(owner.id) not in claimed
        assert str(late.id) in await tell(late, f"/start {link}")
        assert await is_heard(owner)


async def until_heard(chat: Chat, *, expected: bool) -> None:
    """Let somebody ask again and again until they are answered, or not any more."""
    async with asyncio.timeout(60):
        while await is_heard(chat) != expected:
            pass


async def is_heard(chat: Chat) -> bool:
    question = say(chat, "is anybody there?")

    def is_answered(chat: Chat) -> bool:
        return any("You said" in one.text for one in said_by_bot(chat, after=question))

    try:
        return await chat.wait(is_answered, timeout=HEARD_SECONDS)
    except AssertionError:
        return False
