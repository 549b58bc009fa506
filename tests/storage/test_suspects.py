"""What may have ended the program: tried one at a time, and given up in the end."""

import pytest
from structlog.testing import capture_logs

from bot.storage.inbox import InboxStore
from bot.storage.replicas import ReplicaStore
from tests.storage.arrivals import BOT, GROUP, LEASE, arrivals, claimed, numbers


@pytest.fixture(autouse=True)
async def _one_replica(replicas: ReplicaStore) -> None:
    await replicas.enter("one", lease=None)


async def test_an_update_that_ends_the_program_again_and_again_is_given_up(
    inbox: InboxStore, replicas: ReplicaStore
) -> None:
    await inbox.add(BOT, arrivals(1, 2))
    attempts = []
    for number in range(4):
        await replicas.clear()
        await replicas.enter(f"run {number}", lease=LEASE)
        (update, *_) = (await inbox.claim(f"run {number}", bot_id=BOT, limit=1)).updates
        attempts.append(update.attempts)
    await replicas.clear()
    await replicas.enter("last", lease=LEASE)

    with capture_logs() as logs:
        rest = await claimed(inbox, "last")

    assert attempts == [1, 2, 3, 4]
    assert rest == [2]
    assert await inbox.waiting() == 1
    assert [(log["event"], log["update"], log["attempts"]) for log in logs] == [
        ("update.given_up", 1, 4)
    ]


async def test_what_is_handled_beside_a_deadly_update_outlives_it(
    inbox: InboxStore, replicas: ReplicaStore
) -> None:
    innocent = [*arrivals(1), *arrivals(3, chat_id=GROUP), *arrivals(4), *arrivals(5, chat_id=7)]
    await inbox.add(BOT, [innocent[0], *arrivals(2), *innocent[1:]])
    done: list[int] = []

    with capture_logs() as logs:
        for number in range(5):
            await replicas.clear()
            await replicas.enter(f"run {number}", lease=LEASE)
            done += await _handled_until_deadly(inbox, f"run {number}", deadly=2)

    assert sorted(done) == [1, 3, 4, 5]
    assert await inbox.waiting() == 0
    assert [(log["event"], log["update"]) for log in logs] == [("update.given_up", 2)]


async def test_what_was_under_way_when_a_program_ended_once_is_handed_out_together(
    inbox: InboxStore, replicas: ReplicaStore
) -> None:
    await inbox.add(BOT, [*arrivals(1, 2), *arrivals(3, chat_id=GROUP)])
    await _die_over_all(inbox, replicas, times=1)
    await inbox.add(BOT, arrivals(4))

    assert await claimed(inbox, "survivor") == [1, 2, 3, 4]


async def test_of_what_ended_two_programs_one_is_handed_out_at_a_time(
    inbox: InboxStore, replicas: ReplicaStore
) -> None:
    await inbox.add(BOT, [*arrivals(1, 2), *arrivals(3, chat_id=GROUP)])
    await _die_over_all(inbox, replicas, times=2)
    await inbox.add(BOT, [*arrivals(4), *arrivals(5, chat_id=GROUP), *arrivals(6, chat_id=7)])

    batches = []
    for _ in range(3):
        found = await inbox.claim("survivor", bot_id=BOT)
        batches += [numbers(found), await claimed(inbox, "survivor")]
        for update in found.updates:
            await inbox.finish(update.id)

    assert batches == [[1, 6], [], [2, 4], [], [3, 5], []]


async def test_what_was_given_up_is_a_reason_to_look_again_at_once(
    inbox: InboxStore, replicas: ReplicaStore
) -> None:
    await inbox.add(BOT, arrivals(1))
    await _die_over_all(inbox, replicas, times=4)

    found = [await inbox.claim("survivor", bot_id=BOT) for _ in range(2)]

    assert [claim.updates for claim in found] == [(), ()]
    assert [claim.is_more for claim in found] == [True, False]


async def test_a_press_does_not_wait_for_what_may_be_deadly_when_only_presses_are_claimed(
    inbox: InboxStore, replicas: ReplicaStore
) -> None:
    await inbox.add(BOT, arrivals(1, 2))
    await _die_over_all(inbox, replicas, times=2)
    await inbox.add(BOT, arrivals(3, is_press=True))
    tried = await claimed(inbox, "survivor")

    presses = await claimed(inbox, "survivor", presses_only=True)

    assert (tried, presses) == ([1], [3])


async def test_a_program_that_ends_in_peace_blames_nothing_on_its_updates(
    inbox: InboxStore, replicas: ReplicaStore
) -> None:
    await inbox.add(BOT, arrivals(1))
    attempts = []

    for number in range(5):
        await replicas.enter(f"run {number}", lease=LEASE)
        found = await inbox.claim(f"run {number}", bot_id=BOT)
        attempts += [update.attempts for update in found.updates]
        await replicas.leave(f"run {number}")
        await replicas.leave("one")

    assert attempts == [1, 1, 1, 1, 1]


async def _die_over_all(inbox: InboxStore, replicas: ReplicaStore, *, times: int) -> None:
    """Claim all there is and die of it, so many times; then the survivor begins."""
    for number in range(times):
        await replicas.clear()
        await replicas.enter(f"run {number}", lease=LEASE)
        await claimed(inbox, f"run {number}")
    await replicas.clear()
    await replicas.enter("survivor", lease=LEASE)


async def _handled_until_deadly(inbox: InboxStore, replica_id: str, *, deadly: int) -> list[int]:
    """Handle all there is, as a program does that one update ends."""
    done: list[int] = []
    while (found := await inbox.claim(replica_id, bot_id=BOT)).is_more:
        if deadly in numbers(found):
            return done
        for update in found.updates:
            await inbox.finish(update.id)
        done += numbers(found)
    return done
