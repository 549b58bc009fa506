from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, StatementError

from bot.model import Failure, JobState, MediaResult
from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from bot.storage.tables import media_jobs
from tests.storage.orders import CHARGE, FAILURE, LATER, LEASE, ORDER, RESULT, Clock, held, ordered
from tests.storage.questions import FIRST_MOMENT, QUESTION

NO_MESSAGE = replace(ORDER, question=replace(QUESTION, message_id=None))

ANY_TEXT = st.text() | st.text(st.characters(categories=["Cs", "Lu"]))
ANY_ARGUMENTS = st.dictionaries(ANY_TEXT, ANY_TEXT | st.integers())


def is_whole(text: str) -> bool:
    return "\x00" not in text and text.encode().decode() == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=ANY_TEXT, arguments=ANY_ARGUMENTS)
async def test_no_text_of_an_order_is_refused(
    jobs: JobStore, text: str, arguments: dict[str, str | int]
) -> None:
    question = replace(NO_MESSAGE.question, prompt=text, language=text)

    job = await ordered(jobs, replace(NO_MESSAGE, question=question, model=text, params=arguments))

    assert await jobs.get(job.id) == job
    assert job.question.prompt == job.question.language == job.model
    assert is_whole(job.model)
    assert all(is_whole(f"{name}{value}") for name, value in job.params.items())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=ANY_TEXT, arguments=ANY_ARGUMENTS)
async def test_no_text_of_the_service_is_refused(
    jobs: JobStore, text: str, arguments: dict[str, str | int]
) -> None:
    job = await held(jobs, await ordered(jobs, NO_MESSAGE))
    unknown = await jobs.begin(job, CHARGE)
    assert unknown is not None

    ended = await jobs.end(unknown, JobState.FAILED, Failure(key=text, arguments=arguments))

    assert ended is not None
    assert ended.failure is not None
    assert await jobs.get(job.id) == ended
    assert is_whole(ended.failure.key)
    assert all(is_whole(f"{name}{value}") for name, value in ended.failure.arguments.items())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    text=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    seed=st.integers(),
)
async def test_whole_texts_and_numbers_are_kept_as_they_are(
    jobs: JobStore, text: str, seed: int
) -> None:
    params: dict[str, str | int] = {"negative_prompt": text, "seed": seed}

    job = await ordered(jobs, replace(NO_MESSAGE, params=params))

    assert job.params == params


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("half \ud83d", "half \N{REPLACEMENT CHARACTER}"),
        ("\ud83d\ude00", "\N{GRINNING FACE}"),
        ("no\x00thing", "no\N{REPLACEMENT CHARACTER}thing"),
    ],
)
async def test_torn_characters_are_mended(jobs: JobStore, text: str, stored: str) -> None:
    job = await ordered(jobs, replace(ORDER, params={text: text}))

    assert job.params == {stored: stored}


@pytest.mark.parametrize("text", ["\ud83d", "gen\x00", "'; DROP TABLE media_jobs; --"])
async def test_a_generation_has_any_name(jobs: JobStore, text: str) -> None:
    first = await held(jobs, await ordered(jobs))
    second = await held(jobs, await ordered(jobs, replace(ORDER, again_of=first.id)))
    result = MediaResult(url=text)

    begun = [await jobs.begin(first, CHARGE), await jobs.begin(second, CHARGE)]
    completed = [
        await jobs.complete(job, generation_id=text, result=result) for job in begun if job
    ]

    assert [job is not None for job in completed] == [True, False]


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**40])
async def test_a_result_with_absurd_numbers_is_not_lost(jobs: JobStore, number: int) -> None:
    job = await held(jobs, await ordered(jobs))
    unknown = await jobs.begin(job, CHARGE)
    assert unknown is not None
    absurd = replace(RESULT, seed=number, tokens_spent=number, width=number, height=number)

    completed = await jobs.complete(unknown, generation_id="gen_1", result=absurd)

    assert completed is not None
    assert completed.result == replace(
        RESULT, seed=None, tokens_spent=None, width=None, height=None
    )


@pytest.mark.parametrize("number", [0, 2**32 - 1, 2**63 - 1, 1 - 2**63])
async def test_large_numbers_are_kept(jobs: JobStore, number: int) -> None:
    job = await held(jobs, await ordered(jobs))
    unknown = await jobs.begin(job, CHARGE)
    assert unknown is not None

    accepted = await jobs.accept(unknown, generation_id="gen_1", eta_seconds=number, due_at=LATER)

    assert accepted is not None
    assert accepted.eta_seconds == number


async def test_times_of_other_zones_are_the_same_moments(jobs: JobStore, clock: Clock) -> None:
    clock.moment = FIRST_MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))

    job = await held(jobs, await ordered(jobs))
    later = await jobs.postpone(job, due_at=LATER.astimezone(timezone(timedelta(hours=-8))))

    assert later is not None
    assert (job.created_at, later.due_at) == (FIRST_MOMENT, LATER)
    assert {job.created_at.tzinfo, later.due_at and later.due_at.tzinfo} == {UTC}


async def test_a_clock_of_another_zone_tells_what_is_due(jobs: JobStore, clock: Clock) -> None:
    job = await held(jobs, await ordered(jobs))
    await jobs.postpone(job, due_at=LATER)

    clock.moment = (LATER - timedelta(seconds=1)).astimezone(timezone(timedelta(hours=9)))
    before = await jobs.claim_due(states=[JobState.CREATED], limit=1, lease=LEASE)
    clock.moment = LATER.astimezone(timezone(timedelta(hours=-9)))
    after = await jobs.claim_due(states=[JobState.CREATED], limit=1, lease=LEASE)

    assert before == []
    assert [taken.id for taken in after] == [job.id]


async def test_a_time_without_a_zone_is_refused(jobs: JobStore) -> None:
    job = await held(jobs, await ordered(jobs))

    with pytest.raises(StatementError, match="a time without a zone"):
        await jobs.postpone(job, due_at=datetime(2026, 11, 21))  # noqa: DTZ001 - on purpose

    assert await jobs.get(job.id) == job


async def test_what_people_ordered_is_not_in_the_texts_of_errors(
    jobs: JobStore, database: Database
) -> None:
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE media_jobs")

    with pytest.raises(DBAPIError) as failure:
        await jobs.add(replace(ORDER, params={"negative_prompt": "very private words"}))

    assert "very private words" not in str(failure.value)


async def test_what_was_asked_and_told_is_readable_by_other_programs(
    jobs: JobStore, database: Database
) -> None:
    job = await held(jobs, await ordered(jobs))
    unknown = await jobs.begin(job, CHARGE)
    assert unknown is not None
    await jobs.end(unknown, JobState.REFUSED, FAILURE)
    columns = [media_jobs.c.state, media_jobs.c.kind, media_jobs.c.failure_key]

    async with database.engine.connect() as connection:
        stored = (await connection.exec_driver_sql(str(select(*columns)))).one()

    assert tuple(stored) == ("refused", "image", "order-failed")
