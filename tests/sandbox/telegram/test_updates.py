"""Long polling."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError, TelegramUnauthorizedError
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.sandbox.telegram.change import Change
from bot.sandbox.telegram.updates import UpdateQueue
from tests.sandbox.telegram.conftest import Api, Clock


async def ids(bot: Bot, offset: int | None = None, limit: int | None = None) -> list[int]:
    return [update.update_id for update in await bot.get_updates(offset=offset, limit=limit)]


async def test_updates_are_kept_until_a_later_one_is_asked_for(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    chat.send(ann, "second")

    first, second = await ids(bot)
    assert await ids(bot) == [first, second]
    assert await ids(bot, offset=second) == [second]
    assert await ids(bot) == [second]
    assert await ids(bot, offset=second + 1) == []


async def test_a_limit_takes_the_oldest_and_a_negative_offset_the_newest(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    chat.send(ann, "second")
    chat.send(ann, "third")

    everything = await ids(bot)
    assert await ids(bot, limit=2) == everything[:2]
    assert await ids(bot, offset=-1) == everything[-1:]
    assert await ids(bot) == everything[-1:]


async def test_a_waiting_poll_returns_as_soon_as_somebody_writes(
    bot: Bot, server: TelegramServer, chat: Chat, ann: Person
) -> None:
    (first,) = await ids(bot)

    async with asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(bot.get_updates(offset=first + 1, timeout=50))
        await server.polled(10)
        chat.send(ann, "wake up")

    assert [update.message.text for update in poll.result() if update.message] == ["wake up"]


async def test_a_poll_returns_empty_when_its_time_is_over(bot: Bot) -> None:
    assert await bot.get_updates(timeout=1) == []


async def test_a_second_poll_ends_the_first(bot: Bot, server: TelegramServer) -> None:
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(refused(bot))
        await server.polled(10)
        second = tasks.create_task(bot.get_updates(timeout=1))

    assert "terminated by other getUpdates request" in first.result()
    assert second.result() == []


async def refused(bot: Bot) -> str:
    with pytest.raises(TelegramConflictError) as refusal:
        await bot.get_updates(timeout=50)
    return str(refusal.value)


async def test_reactions_come_only_when_asked_for(bot: Bot, server: TelegramServer) -> None:
    reaction = {"message_reaction_count": {"message_id": 1, "date": 0, "reactions": []}}
    reaction["message_reaction_count"] |= {"chat": {"id": 1, "type": "private"}}

    server.push(reaction)
    assert await ids(bot) == []
    await bot.get_updates(allowed_updates=["message_reaction_count"])
    server.push(reaction)

    (update,) = await bot.get_updates()
    assert update.message_reaction_count is not None


async def test_the_last_choice_of_kinds_holds_until_the_next(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    (first,) = await ids(bot)
    await bot.get_updates(offset=first + 1, allowed_updates=["callback_query"])

    chat.send(ann, "unheard")
    assert await ids(bot) == []
    await bot.get_updates(allowed_updates=["message"])
    chat.send(ann, "heard")

    assert len(await ids(bot)) == 1


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [("callback_query", 150), ("inline_query", 30), ("chosen_inline_result", 600)],
)
def test_what_people_wait_for_is_not_kept_for_long(
    server: TelegramServer, clock: Clock, kind: str, seconds: int
) -> None:
    server.push({kind: {}})
    server.push({"message": {}})

    clock.tick(seconds - 1)
    before = server.waiting_updates
    clock.tick(2)

    assert (before, server.waiting_updates) == (2, 1)


async def test_dropping_forgets_what_waits(bot: Bot, chat: Chat, ann: Person) -> None:
    chat.send(ann, "second")
    assert (await bot.get_webhook_info()).pending_update_count == 2

    await bot.delete_webhook(drop_pending_updates=True)

    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_a_message_can_be_told_twice(bot: Bot, chat: Chat) -> None:
    chat.redeliver(chat.messages[0])

    first, second = await bot.get_updates()
    assert first.update_id != second.update_id
    assert first.message == second.message


async def test_a_wrong_token_opens_nothing(server: TelegramServer, bot: Bot) -> None:
    async with Bot("123456789:AAwrong", session=bot.session) as stranger:
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()

    assert server.calls == []


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"limit": 101}, "limit"),
        ({"timeout": -1}, "timeout"),
        ({"allowed_updates": ["mesage"]}, "allowed_updates"),
        ({"wait": 5}, "unexpected parameter wait"),
    ],
)
async def test_a_poll_that_makes_no_sense_is_refused(
    api: Api, parameters: dict[str, object], problem: str
) -> None:
    answer = await api.call("getUpdates", **parameters)

    assert answer.status == 400
    assert problem in str(answer.description)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3), st.booleans())))
def test_a_bot_that_confirms_what_it_has_got_gets_everything_once(
    rounds: list[tuple[int, int, bool]],
) -> None:
    async def live() -> list[object]:
        queue = UpdateQueue(Change())
        pushed, offset, taken = 0, 0, list[object]()
        for arrivals, limit, crashes in [*rounds, (0, 100, False)]:
            for _ in range(arrivals):
                queue.push({"message": pushed})
                pushed += 1
            batch = await queue.poll(offset=offset, limit=limit, seconds=0, wanted=None)
            if batch and not crashes:
                offset = max(int(str(update["update_id"])) for update in batch) + 1
                taken += [update["message"] for update in batch]
        assert taken == list(range(pushed))
        return taken

    asyncio.run(live())
