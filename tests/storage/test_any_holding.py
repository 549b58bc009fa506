"""Whatever replicas do one after another: who holds what, and gets what, is as it should be."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete

from bot.model import Claimed, ConversationKey, TurnState
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.inbox import InboxStore
from bot.storage.replicas import ReplicaStore
from bot.storage.tables import metadata
from tests.storage.arrivals import BOT, LEASE, arrivals, numbers
from tests.storage.holding import Item, World
from tests.storage.orders import Clock
from tests.storage.questions import QUESTION, added

T = TypeVar("T")

CHATS = st.integers(1, 4)
SPANS = st.sampled_from([LEASE / 3, LEASE - timedelta(seconds=1), LEASE, 2 * LEASE])


class Office(RuleBasedStateMachine):
    """Some replicas, some chats, and all that can happen between them."""

    url: str
    names: Bundle[str] = Bundle("names")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.resources = AsyncExitStack()
        self.database = Database(self.url)
        self.clock = Clock()
        self.world = World()
        self.rows: dict[int, int] = {}
        self.counted = count(1)

    @initialize(target=names)
    def start(self) -> str:
        self.run(self.resources.enter_async_context(self.database))
        self.run(self.empty())
        self.inbox = InboxStore(self.database, now=self.clock)
        self.replicas = ReplicaStore(self.database, now=self.clock)
        self.history = HistoryStore(self.database)
        return self.a_new_replica()

    @rule(target=names)
    def enter(self) -> str:
        return self.a_new_replica()

    @rule(target=names)
    def outlive_all(self) -> str:
        self.clock.tick(LEASE)
        return self.a_new_replica()

    @rule(span=SPANS)
    def wait(self, span: timedelta) -> None:
        self.clock.tick(span)

    @rule(name=names)
    def renew(self, name: str) -> None:
        is_buried = name not in self.world.alive_until

        alive = self.run(self.replicas.renew(name, lease=LEASE))

        if not is_buried:
            self.world.alive_until[name] = self.clock.moment + LEASE
        living = sum(
            self.world.is_alive(each, self.clock.moment) for each in self.world.alive_until
        )
        assert alive == (None if is_buried else living)

    @rule(name=names)
    def leave(self, name: str) -> None:
        self.run(self.replicas.leave(name))

        self.world.bury(name)
        for item in self.world.items.values():
            if item.replica_id == name and not item.is_done:
                item.replica_id = None
                item.attempts -= 1

    @rule(chat_id=CHATS, copies=st.integers(1, 2), is_press=st.booleans())
    def arrive(self, chat_id: int, copies: int, *, is_press: bool) -> None:
        number = next(self.counted)
        arrived = arrivals(*[number] * copies, chat_id=chat_id, is_press=is_press)

        stored = self.run(self.inbox.add(BOT, arrived))

        self.world.items[number] = Item(chat_id=chat_id, is_press=is_press)
        assert stored == 1

    @rule(name=names, limit=st.sampled_from([1, 2, 100]), presses_only=st.booleans())
    def claim(self, name: str, limit: int, *, presses_only: bool) -> None:
        found: Claimed = self.run(
            self.inbox.claim(name, bot_id=BOT, limit=limit, presses_only=presses_only)
        )

        self.rows |= {update.update_id: update.id for update in found.updates}
        expected = self.world.claim(name, limit, self.clock.moment, presses_only=presses_only)
        assert (found.taken_over, numbers(found), found.is_more) == expected

    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        if not self.rows:
            return
        number = data.draw(st.sampled_from(sorted(self.rows)))

        self.run(self.inbox.finish(self.rows[number]))

        self.world.items[number].is_done = True

    @rule(chat_id=CHATS)
    def ask(self, chat_id: int) -> None:
        question = replace(QUESTION, key=ConversationKey(chat_id=chat_id), message_id=None)
        turn = self.run(added(self.history, question))
        self.world.open_turns[turn.id] = chat_id

    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        if not self.world.open_turns:
            return
        turn_id = data.draw(st.sampled_from(sorted(self.world.open_turns)))

        self.run(self.history.finish(turn_id, TurnState.ANSWERED))
        self.run(self.history.deliver(turn_id))

        del self.world.open_turns[turn_id]

    @rule(name=names, chat_ids=st.sets(CHATS))
    def let_go(self, name: str, chat_ids: set[int]) -> None:
        self.run(self.inbox.release_quiet(name, chat_ids))

        quiet = chat_ids - self.world.undone_chats() - set(self.world.open_turns.values())
        for chat_id in quiet:
            if self.world.holders.get(chat_id) == name:
                del self.world.holders[chat_id]

    @invariant()
    def what_waits_is_counted(self) -> None:
        undone = sum(not item.is_done for item in self.world.items.values())
        assert self.run(self.inbox.waiting()) == undone

    def a_new_replica(self) -> str:
        name = f"replica {next(self.counted)}"
        self.run(self.replicas.enter(name, lease=LEASE))
        self.world.alive_until[name] = self.clock.moment + LEASE
        return name

    def run(self, work: Coroutine[object, object, T]) -> T:
        return self.runner.run(work)

    async def empty(self) -> None:
        async with self.database.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                await connection.execute(delete(table))

    def teardown(self) -> None:
        self.run(self.resources.aclose())
        self.runner.close()


def test_replicas_hold_and_get_what_they_should(url: str) -> None:
    office = type("OfficeHere", (Office,), {"url": url})

    run_state_machine_as_test(office, settings=settings(max_examples=30, stateful_step_count=40))
