from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count, repeat
from pathlib import Path

import pytest

from bot.model import ConversationKey, JobState, MediaJob, MediaKind, Question
from bot.services.courier import Outcome
from bot.services.looking import LIMITS
from tests.storage.orders import Clock
from tests.workers.pretend import Fate, Post, Service
from tests.workers.program import Program, running

ANN = 5_000_000_001
NUMBERS = count(1)


@pytest.fixture
def service(clock: Clock) -> Service:
    return Service(clock=clock, fates=repeat(Fate.PENDING), seconds=repeat(60))


@pytest.fixture
def post(service: Service) -> Post:
    return Post(service=service)


@pytest.fixture
async def program(tmp_path: Path, post: Post) -> AsyncIterator[Program]:
    async with running(f"sqlite+aiosqlite:///{tmp_path}/bot.sqlite3", post) as program:
        yield program


async def ordered(program: Program, clock: Clock, kind: MediaKind = MediaKind.IMAGE) -> int:
    """Order something that nobody ordered before."""
    number = next(NUMBERS)
    question = Question(
        key=ConversationKey(chat_id=ANN),
        message_id=number,
        person_id=ANN,
        language="en",
        asked_at=clock(),
        prompt=f"fox {number}",
    )
    job = await program.media.order(question, kind, {})
    assert job is not None
    return job.id


async def after(program: Program, clock: Clock, job_id: int, *, seconds: float) -> MediaJob:
    """Let the time pass, work on what is due in each second, and say how the job is then."""
    for _ in range(round(seconds)):
        await program.poller.step()
        clock.tick(timedelta(seconds=1))
    job = await program.jobs.get(job_id)
    assert job is not None
    return job


async def test_a_lost_order_is_found_however_late_somebody_looks_again(
    program: Program, clock: Clock, service: Service
) -> None:
    service.fates = iter([Fate.LOST_ANSWER])
    job_id = await ordered(program, clock)
    await program.poller.step()
    await program.media.drop(job_id, person_id=ANN)
    clock.tick(timedelta(seconds=3600))

    await program.media.look_again(job_id, person_id=ANN)
    job = await after(program, clock, job_id, seconds=120)

    assert job.state is JobState.DELIVERED
    assert sum(service.posts.values()) == 1


async def test_searches_that_failed_do_not_prove_that_an_order_was_never_taken(
    program: Program, clock: Clock, service: Service
) -> None:
    service.fates = iter([Fate.LOST_ANSWER])
    service.trouble = True
    job_id = await ordered(program, clock)
    await after(program, clock, job_id, seconds=300)

    service.trouble = False
    job = await after(program, clock, job_id, seconds=120)

    assert job.state is JobState.DELIVERED


async def test_an_order_that_left_no_trace_is_said_to_be_lost_within_minutes(
    program: Program, clock: Clock, service: Service, post: Post
) -> None:
    service.fates = iter([Fate.LOST_REQUEST])
    job_id = await ordered(program, clock)

    job = await after(program, clock, job_id, seconds=420)

    assert job.state is JobState.FAILED
    assert JobState.FAILED in post.shown[job_id]


async def test_an_order_that_seemed_lost_can_still_be_found(
    program: Program, clock: Clock, service: Service
) -> None:
    service.fates = iter([Fate.LOST_ANSWER])
    service.hidden = True
    job_id = await ordered(program, clock)
    lost = await after(program, clock, job_id, seconds=420)
    assert lost.state is JobState.FAILED
    service.hidden = False

    await program.media.look_again(job_id, person_id=ANN)
    job = await after(program, clock, job_id, seconds=120)

    assert job.state is JobState.DELIVERED
    assert sum(service.posts.values()) == 1


async def test_a_result_that_may_have_arrived_is_not_sent_over_and_over(
    program: Program, clock: Clock, post: Post
) -> None:
    job_id = await ordered(program, clock)
    await after(program, clock, job_id, seconds=10)
    post.outcome = Outcome.UNSURE

    await after(program, clock, job_id, seconds=600)

    assert post.sent[True] == 2
    assert post.sent[False] > 0


async def test_telegram_being_away_never_turns_a_result_into_a_link(
    program: Program, clock: Clock, post: Post
) -> None:
    job_id = await ordered(program, clock)
    await after(program, clock, job_id, seconds=10)
    post.outcome = Outcome.DELAYED
    await after(program, clock, job_id, seconds=600)
    post.outcome, post.sent = Outcome.DONE, Counter()

    job = await after(program, clock, job_id, seconds=60)

    assert job.state is JobState.DELIVERED
    assert post.sent == {True: 1}


async def test_a_limit_that_lasts_is_obeyed_but_holds_nobody_beyond_the_time_limit(
    program: Program, clock: Clock, service: Service, post: Post
) -> None:
    service.limited_for = 40_000
    job_id = await ordered(program, clock)

    job = await after(program, clock, job_id, seconds=16 * 60)

    assert service.looks == 1
    assert job.state is JobState.EXPIRED
    assert JobState.EXPIRED in post.shown[job_id]


async def test_a_limit_of_no_time_is_no_busy_loop(
    program: Program, clock: Clock, service: Service
) -> None:
    service.limited_for = 0
    job_id = await ordered(program, clock)

    await after(program, clock, job_id, seconds=60)

    assert 0 < service.looks < 12


async def test_nothing_is_ordered_for_a_chat_that_does_not_want_the_bot(
    program: Program, clock: Clock, service: Service, post: Post
) -> None:
    post.outcome = Outcome.UNWANTED
    job_id = await ordered(program, clock)

    job = await after(program, clock, job_id, seconds=10)

    assert job.state is JobState.LAPSED
    assert not service.posts


async def test_an_order_that_waited_for_a_dead_program_for_long_is_not_sent_any_more(
    program: Program, clock: Clock, service: Service
) -> None:
    job_id = await ordered(program, clock)
    clock.tick(timedelta(seconds=3600))

    job = await after(program, clock, job_id, seconds=2)

    assert job.state is JobState.LAPSED
    assert not service.posts


@pytest.mark.parametrize("kind", MediaKind)
async def test_what_is_late_is_told_and_delivered_when_somebody_looks_again(
    program: Program, clock: Clock, service: Service, post: Post, kind: MediaKind
) -> None:
    limit = round(LIMITS[kind].total_seconds())
    service.seconds = repeat(limit + 120)
    job_id = await ordered(program, clock, kind)
    await program.poller.step()
    await program.media.agree(job_id, person_id=ANN)
    late = await after(program, clock, job_id, seconds=limit + 90)
    assert late.state is JobState.EXPIRED
    assert JobState.EXPIRED in post.shown[job_id]

    await program.media.look_again(job_id, person_id=ANN)
    job = await after(program, clock, job_id, seconds=90)

    assert job.state is JobState.DELIVERED
    assert sum(service.posts.values()) == 1
