import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import JobState, MediaJob
from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from tests.storage.orders import CHARGE, LONG_AGO, ORDER, OWNER, PRICE, RESULT, ordered
from tests.storage.questions import QUESTION

HOUR = timedelta(hours=1)
MANY = 200

WORKER = """
import asyncio, json, sys
from datetime import date, timedelta

from bot.model import Charge, ExpenseKind, JobState
from bot.storage.engine import Database
from bot.storage.jobs import JobStore

CHARGE = Charge(
    kind=ExpenseKind.IMAGE, model="flux-1.1-pro", tokens=4, day=date(2026, 11, 21), limits={}
)


async def main() -> None:
    taken = []
    async with Database(sys.argv[1]) as database:
        jobs = JobStore(database)
        print(flush=True)
        sys.stdin.readline()
        while claimed := await jobs.claim_due(
            states=[JobState.CREATED], limit=7, lease=timedelta(hours=1)
        ):
            for job in claimed:
                assert await jobs.begin(job, CHARGE)
                taken.append(job.id)
    print(json.dumps(taken))


asyncio.run(main())
"""


@pytest.fixture
def stores(databases: tuple[Database, Database]) -> tuple[JobStore, JobStore]:
    one, other = databases
    return JobStore(one), JobStore(other)


async def order_many(jobs: JobStore) -> set[int]:
    orders = [
        replace(ORDER, question=replace(QUESTION, message_id=number)) for number in range(MANY)
    ]
    return {(await ordered(jobs, order)).id for order in orders}


async def held_by_each(stores: tuple[JobStore, JobStore]) -> list[tuple[JobStore, MediaJob]]:
    """Let each store hold a job whose request has gone out."""
    first = await ordered(stores[0])
    await ordered(stores[0], replace(ORDER, again_of=first.id))
    held = []
    for jobs in stores:
        (job,) = await jobs.claim_due(states=[JobState.CREATED], limit=1, lease=HOUR)
        begun = await jobs.begin(job, CHARGE)
        assert begun is not None
        held.append((jobs, begun))
    return held


async def test_two_programs_claim_each_job_once(stores: tuple[JobStore, JobStore]) -> None:
    ids = await order_many(stores[0])

    async with asyncio.TaskGroup() as group:
        claims = [
            group.create_task(
                stores[turn % 2].claim_due(states=[JobState.CREATED], limit=7, lease=HOUR)
            )
            for turn in range(40)
        ]

    claimed = [job.id for claim in claims for job in claim.result()]
    assert len(claimed) == MANY
    assert set(claimed) == ids


async def test_processes_claim_each_job_once(url: str, stores: tuple[JobStore, JobStore]) -> None:
    ids = await order_many(stores[0])
    workers = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", WORKER, url, stdin=PIPE, stdout=PIPE
        )
        for _ in range(3)
    ]
    for worker in workers:
        assert worker.stdout is not None
        await worker.stdout.readline()

    outputs = await asyncio.gather(*(worker.communicate(b"go\n") for worker in workers))

    claimed = [job_id for output, _ in outputs for job_id in json.loads(output)]
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert len(claimed) == MANY
    assert set(claimed) == ids


async def test_a_message_redelivered_many_times_is_ordered_once(
    stores: tuple[JobStore, JobStore],
) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(stores[turn % 2].add(ORDER)) for turn in range(50)]

    assert sum(task.result() is not None for task in tasks) == 1


async def test_a_repetition_pressed_many_times_is_ordered_once(
    stores: tuple[JobStore, JobStore],
) -> None:
    job = await ordered(stores[0])
    again = replace(ORDER, again_of=job.id)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(stores[turn % 2].add(again)) for turn in range(50)]

    assert sum(task.result() is not None for task in tasks) == 1


async def test_an_offer_is_agreed_to_or_declined_but_not_both(
    stores: tuple[JobStore, JobStore],
) -> None:
    offer = await ordered(stores[0], replace(ORDER, price=PRICE))

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                jobs.agree(offer.id, person_id=OWNER, offered_after=LONG_AGO)
                if turn % 2
                else jobs.decline(offer.id, person_id=OWNER)
            )
            for turn in range(10)
            for jobs in stores
        ]

    changed = [task.result() for task in tasks if task.result()]
    assert changed == [await stores[0].get(offer.id)]


async def test_two_jobs_that_claim_one_generation_do_not_both_get_it(
    stores: tuple[JobStore, JobStore],
) -> None:
    held = await held_by_each(stores)

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(jobs.complete(job, generation_id="gen_1", result=RESULT))
            for jobs, job in held
        ]

    for task, (jobs, job) in zip(tasks, held, strict=True):
        assert await jobs.get(job.id) == (task.result() or job)
    assert sum(task.result() is None for task in tasks) == 1
