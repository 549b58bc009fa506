from dataclasses import replace

import pytest

from bot.model import ConversationKey, JobState
from bot.storage.jobs import JobStore
from tests.storage.orders import LATER, ORDER, OWNER, PRICE, job_in, ordered
from tests.storage.questions import QUESTION

WAITING = {JobState.OFFERED, JobState.CREATED}
PERSON = 5_000_000_001


async def test_nobody_waits_at_first(jobs: JobStore) -> None:
    assert await jobs.count_waiting(PERSON) == 0


@pytest.mark.parametrize("state", JobState)
async def test_an_order_waits_until_it_is_sent(jobs: JobStore, state: JobState) -> None:
    await job_in(jobs, state)

    assert OWNER == PERSON
    assert await jobs.count_waiting(PERSON) == (1 if state in WAITING else 0)


async def test_an_offer_that_is_shown_waits(jobs: JobStore) -> None:
    offer = await job_in(jobs, JobState.OFFERED)

    await jobs.postpone(offer, due_at=LATER)

    assert await jobs.count_waiting(PERSON) == 1


async def test_an_order_that_was_taken_back_waits(jobs: JobStore) -> None:
    await jobs.take_back(await job_in(jobs, JobState.UNKNOWN))

    assert await jobs.count_waiting(PERSON) == 1


async def test_the_orders_of_a_person_are_counted_in_all_chats(jobs: JobStore) -> None:
    for number, person_id in enumerate([PERSON, PERSON, PERSON + 1, None, -PERSON]):
        key = ConversationKey(chat_id=number + 1)
        question = replace(QUESTION, key=key, person_id=person_id)
        await ordered(jobs, replace(ORDER, question=question, price=PRICE if number else None))

    assert await jobs.count_waiting(PERSON) == 2
