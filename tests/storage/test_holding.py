from dataclasses import replace
from datetime import timedelta
from itertools import chain

import pytest

from bot.model import ConversationKey, TurnState
from bot.storage.history import HistoryStore
from bot.storage.inbox import InboxStore
from bot.storage.replicas import ReplicaStore
from tests.storage.arrivals import BOT, CHAT, GROUP, LEASE, arrivals, claimed, numbers
from tests.storage.charges import a_charge
from tests.storage.orders import Clock
from tests.storage.questions import QUESTION, added

HERE = replace(QUESTION, key=ConversationKey(chat_id=CHAT))


@pytest.fixture(autouse=True)
async def _two_replicas(replicas: ReplicaStore) -> None:
    await replicas.enter("one", lease=LEASE)
    await replicas.enter("two", lease=LEASE)


async def test_a_chat_is_seen_to_by_whoever_came_first(inbox: InboxStore) -> None:
    await inbox.add(BOT, arrivals(1))
    first = await claimed(inbox, "one")
    await inbox.add(BOT, [*arrivals(2), *arrivals(3, chat_id=GROUP)])

    others = [await claimed(inbox, "two"), await claimed(inbox, "one")]

    assert first == [1]
    assert others == [[3], [2]]


async def test_a_chat_is_held_also_when_its_updates_are_done(inbox: InboxStore) -> None:
    await inbox.add(BOT, arrivals(1))
    (update,) = (await inbox.claim("one", bot_id=BOT)).updates
    await inbox.finish(update.id)
    await inbox.add(BOT, arrivals(2))

    assert await claimed(inbox, "two") == []
    assert await claimed(inbox, "one") == [2]


async def test_a_quiet_chat_that_is_let_go_of_is_for_anybody(inbox: InboxStore) -> None:
    await inbox.add(BOT, arrivals(1))
    (update,) = (await inbox.claim("one", bot_id=BOT)).updates
    await inbox.finish(update.id)

    await inbox.release_quiet("one", [CHAT, GROUP])

    await inbox.add(BOT, arrivals(2))
    assert await claimed(inbox, "two") == [2]


async def test_a_chat_with_an_update_that_is_not_done_is_not_let_go_of(inbox: InboxStore) -> None:
    await inbox.add(BOT, arrivals(1))
    await claimed(inbox, "one")

    await inbox.release_quiet("one", [CHAT])

    await inbox.add(BOT, arrivals(2))
    assert await claimed(inbox, "two") == []


async def test_a_chat_with_a_turn_that_is_not_delivered_is_not_let_go_of(
    inbox: InboxStore, history: HistoryStore
) -> None:
    await inbox.add(BOT, arrivals(1))
    (update,) = (await inbox.claim("one", bot_id=BOT)).updates
    turn = await added(history, HERE)
    await inbox.finish(update.id)

    await inbox.release_quiet("one", [CHAT])
    while_open = await inbox.claim("two", bot_id=BOT)
    await history.finish(turn.id, TurnState.DROPPED)
    await inbox.release_quiet("one", [CHAT])

    await inbox.add(BOT, arrivals(2))
    assert while_open.taken_over == frozenset()
    assert await claimed(inbox, "two") == [2]


async def test_nobody_lets_go_of_what_another_holds(inbox: InboxStore) -> None:
    await inbox.add(BOT, arrivals(1))
    (update,) = (await inbox.claim("one", bot_id=BOT)).updates
    await inbox.finish(update.id)

    await inbox.release_quiet("two", [CHAT])

    await inbox.add(BOT, arrivals(2))
    assert await claimed(inbox, "two") == []


async def test_letting_go_of_nothing_does_nothing(inbox: InboxStore) -> None:
    await inbox.release_quiet("one", [])

    assert await inbox.waiting() == 0


async def test_what_a_dead_replica_left_is_handed_out_again_in_order(
    inbox: InboxStore, replicas: ReplicaStore, clock: Clock
) -> None:
    await inbox.add(BOT, arrivals(1, 2, 3))
    first, *_ = (await inbox.claim("one", bot_id=BOT, limit=2)).updates
    await inbox.finish(first.id)
    clock.tick(LEASE - timedelta(seconds=1))
    await replicas.renew("two", lease=LEASE)
    while_alive = await claimed(inbox, "two")

    clock.tick(timedelta(seconds=1))
    found = await inbox.claim("two", bot_id=BOT)

    assert while_alive == []
    assert [(update.update_id, update.attempts) for update in found.updates] == [(2, 2), (3, 1)]


async def test_a_dead_replica_gets_nothing(inbox: InboxStore, clock: Clock) -> None:
    await inbox.add(BOT, arrivals(1))
    clock.tick(LEASE)

    found = [await claimed(inbox, name) for name in ("one", "two", "nobody")]

    assert found == [[], [], []]


async def test_a_dead_replica_that_was_buried_learns_of_it(
    inbox: InboxStore, replicas: ReplicaStore, clock: Clock
) -> None:
    clock.tick(timedelta(seconds=20))
    await replicas.renew("two", lease=LEASE)
    clock.tick(timedelta(seconds=20))
    await claimed(inbox, "two")

    renewed = [await replicas.renew(name, lease=LEASE) for name in ("one", "two", "one")]

    assert renewed == [None, 1, None]


async def test_a_replica_that_leaves_frees_its_chats_at_once(
    inbox: InboxStore, replicas: ReplicaStore
) -> None:
    await inbox.add(BOT, arrivals(1))
    await claimed(inbox, "one")

    await replicas.leave("one")

    assert await claimed(inbox, "two") == [1]


@pytest.mark.parametrize("state", [None, *TurnState])
async def test_turns_that_a_dead_replica_left_open_are_found(
    inbox: InboxStore, history: HistoryStore, replicas: ReplicaStore, state: TurnState | None
) -> None:
    await inbox.add(BOT, arrivals(1))
    await claimed(inbox, "one")
    turn = await added(history, HERE)
    if state is TurnState.ASKING:
        await history.begin(turn.id, a_charge())
    elif state not in {None, TurnState.WAITING}:
        await history.finish(turn.id, TurnState(state))
    await replicas.leave("one")

    found = await inbox.claim("two", bot_id=BOT)

    is_over = state in {TurnState.DROPPED, TurnState.FORGOTTEN}
    assert found.taken_over == (frozenset() if is_over else {CHAT})
    assert numbers(found) == [1]


async def test_a_chat_is_taken_over_once(inbox: InboxStore, history: HistoryStore) -> None:
    await added(history, HERE)

    found = [await inbox.claim(name, bot_id=BOT) for name in ("one", "one", "two")]

    assert [claim.taken_over for claim in found] == [{CHAT}, frozenset(), frozenset()]


async def test_a_new_chat_is_not_taken_over(inbox: InboxStore) -> None:
    await inbox.add(BOT, arrivals(1))

    found = await inbox.claim("one", bot_id=BOT)

    assert found.taken_over == frozenset()


async def test_delivered_turns_are_nothing_to_take_over(
    inbox: InboxStore, history: HistoryStore
) -> None:
    turn = await added(history, HERE)
    await history.finish(turn.id, TurnState.ANSWERED, answer="There.")
    await history.deliver(turn.id)

    found = await inbox.claim("one", bot_id=BOT)

    assert found.taken_over == frozenset()


async def test_chats_of_another_bot_are_left_to_it(inbox: InboxStore) -> None:
    await inbox.add(BOT, arrivals(1))
    await inbox.claim("one", bot_id=BOT + 1)

    assert await claimed(inbox, "two") == [1]


async def test_the_living_share_the_chats_of_many(
    inbox: InboxStore, replicas: ReplicaStore
) -> None:
    everywhere = chain.from_iterable(arrivals(number, chat_id=number) for number in range(500))
    await inbox.add(BOT, list(everywhere))
    await replicas.leave("one")
    await replicas.enter("three", lease=LEASE)

    shares = [await claimed(inbox, name, limit=500) for name in ("two", "three") * 2]

    assert [len(share) for share in shares] == [200, 200, 100, 0]
    assert sorted(chain.from_iterable(shares)) == list(range(500))


async def test_whoever_holds_a_group_holds_the_supergroup_it_becomes(
    inbox: InboxStore, history: HistoryStore
) -> None:
    await inbox.add(BOT, arrivals(1))
    await claimed(inbox, "one")
    await added(history, HERE)

    await history.move(CHAT, GROUP)

    await inbox.add(BOT, arrivals(2, chat_id=GROUP))
    others = await inbox.claim("two", bot_id=BOT)
    assert (others.taken_over, numbers(others)) == (frozenset(), [])
    assert await claimed(inbox, "one") == [2]


async def test_a_supergroup_that_somebody_holds_stays_with_them(
    inbox: InboxStore, history: HistoryStore
) -> None:
    await inbox.add(BOT, arrivals(1))
    await claimed(inbox, "one")
    await inbox.add(BOT, arrivals(2, chat_id=GROUP))
    await claimed(inbox, "two")

    await history.move(CHAT, GROUP)

    await inbox.add(BOT, arrivals(3, chat_id=GROUP))
    assert await claimed(inbox, "two") == [3]


async def test_turns_that_land_in_a_chat_nobody_holds_are_found(
    inbox: InboxStore, history: HistoryStore
) -> None:
    await added(history, HERE)

    await history.move(CHAT, GROUP)

    assert (await inbox.claim("two", bot_id=BOT)).taken_over == {GROUP}
