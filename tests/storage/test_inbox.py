from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, select
from sqlalchemy.engine.interfaces import DBAPICursor

from bot.model import StoredUpdate
from bot.storage.engine import Database
from bot.storage.inbox import InboxStore
from bot.storage.replicas import ReplicaStore
from bot.storage.tables import updates
from tests.storage.arrivals import BOT, CHAT, GROUP, arrivals, claimed, numbers
from tests.storage.orders import Clock

Values = tuple[object, ...]

LARGEST_ID = 2**63 - 1


@pytest.fixture(autouse=True)
async def _one_replica(replicas: ReplicaStore) -> None:
    await replicas.enter("one", lease=None)


async def test_an_update_is_claimed_as_it_arrived(inbox: InboxStore) -> None:
    (arrival,) = arrivals(7)

    stored = await inbox.add(BOT, [arrival])

    (update,) = (await inbox.claim("one", bot_id=BOT)).updates
    assert stored == 1
    assert update == StoredUpdate(
        id=update.id, update_id=7, chat_id=CHAT, body='{"update_id": 7}', attempts=1
    )


async def test_nothing_is_stored_of_nothing(inbox: InboxStore) -> None:
    assert await inbox.add(BOT, []) == 0


async def test_an_update_that_comes_again_is_not_stored_again(inbox: InboxStore) -> None:
    await inbox.add(BOT, arrivals(1, 2))

    stored = await inbox.add(BOT, [*arrivals(2, 3, 3), *arrivals(1, chat_id=GROUP)])

    assert stored == 1
    assert await claimed(inbox, "one") == [1, 2, 3]


async def test_an_update_that_comes_again_when_it_is_done_stays_done(inbox: InboxStore) -> None:
    await inbox.add(BOT, arrivals(1))
    (update,) = (await inbox.claim("one", bot_id=BOT)).updates
    await inbox.finish(update.id)

    stored = await inbox.add(BOT, arrivals(1))

    assert stored == 0
    assert await inbox.waiting() == 0


async def test_each_bot_counts_its_updates_by_itself(inbox: InboxStore) -> None:
    await inbox.add(BOT, arrivals(1))

    stored = await inbox.add(BOT + 1, arrivals(1, 2))

    assert stored == 2
    assert await claimed(inbox, "one") == [1]
    assert numbers(await inbox.claim("one", bot_id=BOT + 1)) == [1, 2]


async def test_updates_are_handed_out_in_the_order_they_were_stored(inbox: InboxStore) -> None:
    await inbox.add(BOT, [*arrivals(9, 3), *arrivals(5, chat_id=GROUP), *arrivals(1)])
    await inbox.add(BOT, arrivals(2))

    batches = [await claimed(inbox, "one", limit=3) for _ in range(3)]

    assert batches == [[9, 3, 5], [1, 2], []]


async def test_an_update_is_handed_out_once(inbox: InboxStore) -> None:
    await inbox.add(BOT, arrivals(1))

    batches = [await claimed(inbox, "one") for _ in range(2)]

    assert batches == [[1], []]


async def test_nothing_is_kept_of_an_update_that_is_done_but_its_number(
    inbox: InboxStore, database: Database, clock: Clock
) -> None:
    await inbox.add(BOT, arrivals(1))
    (update,) = (await inbox.claim("one", bot_id=BOT)).updates
    done_at = clock.tick(timedelta(seconds=1))

    await inbox.finish(update.id)
    clock.tick(timedelta(seconds=1))
    await inbox.finish(update.id)

    async with database.engine.connect() as connection:
        (row,) = await connection.execute(select(updates))
    assert (row.update_id, row.body, row.done_at) == (1, None, done_at)


async def test_what_is_not_done_is_counted(inbox: InboxStore) -> None:
    await inbox.add(BOT, arrivals(1, 2, 3))
    first, *_ = (await inbox.claim("one", bot_id=BOT, limit=2)).updates

    await inbox.finish(first.id)

    assert await inbox.waiting() == 2


async def test_what_was_done_long_ago_is_forgotten_and_nothing_else(
    inbox: InboxStore, clock: Clock
) -> None:
    await inbox.add(BOT, arrivals(1, 2, 3))
    first, second, _ = (await inbox.claim("one", bot_id=BOT)).updates
    await inbox.finish(first.id)
    today = clock.tick(timedelta(days=1))
    await inbox.finish(second.id)

    forgotten = await inbox.forget_done(today)

    assert forgotten == 1
    assert await inbox.add(BOT, arrivals(1, 2, 3)) == 1


async def test_presses_can_be_claimed_before_all_else(inbox: InboxStore) -> None:
    await inbox.add(BOT, [*arrivals(1), *arrivals(2, is_press=True), *arrivals(3)])
    await inbox.add(BOT, arrivals(4, chat_id=GROUP))

    presses = [await claimed(inbox, "one", presses_only=True) for _ in range(2)]

    assert presses == [[2], []]
    assert await claimed(inbox, "one") == [1, 3, 4]


@pytest.mark.parametrize(
    ("presses_only", "turns"),
    [(False, {"SCAN turns USING INDEX ix_turns_undelivered"}), (True, set())],
)
async def test_claiming_walks_through_nothing_that_is_done(
    sqlite_database: Database, turns: set[str], *, presses_only: bool
) -> None:
    plans: list[str] = []

    @event.listens_for(sqlite_database.engine.sync_engine, "before_cursor_execute")
    def explain(_: Connection, cursor: DBAPICursor, sql: str, values: Values, *__: object) -> None:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        plans.extend(step for *_, step in cursor.fetchall())

    await claimed(InboxStore(sqlite_database), "one", presses_only=presses_only)

    walks = {step for step in plans if step.startswith("SCAN") and " USING " in step}
    assert walks == turns | {
        "SCAN updates USING INDEX ix_updates_undone",
        "SCAN tried USING INDEX ix_updates_claimed",
    }
    assert not {"SCAN updates", "SCAN suspects", "SCAN tried", "SCAN turns"}.intersection(plans)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    update_id=st.integers(-LARGEST_ID, LARGEST_ID),
    chat_id=st.integers(-LARGEST_ID, LARGEST_ID),
    body=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
)
async def test_any_update_is_stored_and_claimed(
    inbox: InboxStore, update_id: int, chat_id: int, body: str
) -> None:
    (arrival,) = arrivals(update_id, chat_id=chat_id)

    stored = await inbox.add(BOT, [replace(arrival, body=body)])

    found = (await inbox.claim("one", bot_id=BOT)).updates
    assert [(update.update_id, update.chat_id, update.body) for update in found] == [
        (update_id, chat_id, body)
    ] * stored
