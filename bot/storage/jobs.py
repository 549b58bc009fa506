"""Orders of pictures and videos, and how far each has come."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, case, literal, update
from sqlalchemy.dialects.postgresql import insert  # SQLite spells ON CONFLICT the same way

from bot.model import (
    OPEN,
    SHOWN,
    ExpenseKind,
    ExpenseOutcome,
    JobState,
    MediaJob,
    MediaKind,
    NewJob,
)
from bot.storage.expenses import settle_open
from bot.storage.job_leases import RELEASED, change
from bot.storage.job_reading import read_job
from bot.storage.job_steps import JobSteps
from bot.storage.matching import owned_by
from bot.storage.questions import question_values
from bot.storage.tables import media_jobs

WAITING = (JobState.CREATED, JobState.UNKNOWN, JobState.PENDING)
GIVEN_UP = (JobState.EXPIRED, JobState.DROPPED, JobState.UNDELIVERABLE, JobState.FAILED)

FILE_SENT_WITHIN = timedelta(minutes=20)


class JobStore(JobSteps):
    """The orders of all conversations; each method is one transaction.

    What a button changes is taken from the worker. Such a method returns the job as it is now, or
    None when it is not this person's, or no longer in a state that allows the change.
    """

    async def add(self, new: NewJob) -> MediaJob | None:
        """Store an order; None when its message was ordered, or its job repeated, before."""
        now = self._now()
        statement = (
            insert(media_jobs)
            .values(
                **question_values(new.question),
                kind=new.kind,
                model=new.model,
                params=new.params,
                state=JobState.OFFERED if new.price else JobState.CREATED,
                min_tokens=new.price.min_tokens if new.price else None,
                max_tokens=new.price.max_tokens if new.price else None,
                again_of=new.again_of,
                created_at=now,
                looks=0,
                failures=0,
                due_at=now,
            )
            .on_conflict_do_nothing()
            .returning(*media_jobs.c)
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(statement)).mappings().first()
        return None if row is None else read_job(row)

    async def agree(
        self, job_id: int, *, person_id: int | None, offered_after: datetime
    ) -> MediaJob | None:
        """Order what was offered, unless the offer is too old."""
        return await self._press(
            job_id,
            person_id,
            {JobState.OFFERED},
            media_jobs.c.created_at > offered_after,
            state=JobState.CREATED,
        )

    async def decline(self, job_id: int, *, person_id: int | None) -> MediaJob | None:
        """End an offer that is not wanted."""
        return await self._press(
            job_id,
            person_id,
            {JobState.OFFERED},
            state=JobState.DECLINED,
            finished_at=self._now(),
        )

    async def drop(self, job_id: int, *, person_id: int | None) -> MediaJob | None:
        """Stop waiting for a result; what was ordered may still be made and paid for."""
        now = self._now()
        pressed = self._pressed(
            job_id, person_id, WAITING, state=JobState.DROPPED, finished_at=now
        )
        async with self._engine.begin() as connection:
            dropped = await change(connection, pressed)
            if dropped is not None:
                kind, unclear = ExpenseKind(dropped.kind), ExpenseOutcome.UNCLEAR
                await settle_open(connection, kind, [job_id], unclear, now=now)
        return dropped

    async def look_again(self, job_id: int, *, person_id: int | None) -> MediaJob | None:
        """Take up a job that was given up, where it was left.

        One that was never sent stays, and so does one that failed for good.
        """
        is_made = media_jobs.c.state == JobState.UNDELIVERABLE
        is_known = media_jobs.c.generation_id.is_not(None)
        return await self._press(
            job_id,
            person_id,
            GIVEN_UP,
            media_jobs.c.waiting_since.is_not(None),
            (media_jobs.c.state != JobState.FAILED) | media_jobs.c.generation_id.is_(None),
            state=case(
                (is_made, _spell(JobState.READY)),
                (is_known, _spell(JobState.PENDING)),
                else_=_spell(JobState.UNKNOWN),
            ),
            failure_key=None,
            failure_arguments=None,
            waiting_since=case((is_made, media_jobs.c.waiting_since), else_=self._moment()),
            finished_at=case((is_made, media_jobs.c.finished_at)),
            looks=0,
        )

    async def take_file(self, job_id: int, *, person_id: int | None) -> MediaJob | None:
        """Note that a picture that is shown is about to be sent as a file, which happens once.

        Whoever did not get it, since the program died, can ask for it again after a while.
        """
        long_ago = self._now() - FILE_SENT_WITHIN
        return await self._change(
            update(media_jobs)
            .where(
                media_jobs.c.id == job_id,
                media_jobs.c.state.in_(SHOWN),
                media_jobs.c.kind == MediaKind.IMAGE,
                media_jobs.c.file_taken_at.is_(None) | (media_jobs.c.file_taken_at < long_ago),
                owned_by(media_jobs, person_id),
            )
            .values(file_taken_at=self._now())
        )

    async def give_file_back(self, job_id: int) -> None:
        """Note that the file could not be sent, so that it can be asked for again."""
        await self._change_all(
            update(media_jobs).where(media_jobs.c.id == job_id).values(file_taken_at=None)
        )

    async def show(self, job: MediaJob, message_id: int) -> bool:
        """Note which message says how far the job is; False when it is out of date by now."""
        is_true = media_jobs.c.state == job.state
        if job.state in OPEN:
            is_true = media_jobs.c.state.in_(OPEN)
        is_here = media_jobs.c.chat_id == job.question.key.chat_id
        shown = (
            update(media_jobs)
            .where(media_jobs.c.id == job.id, is_here, is_true)
            .values(status_message_id=message_id)
        )
        return await self._change(shown) is not None

    async def revive(self, chat_id: int) -> int:
        """Let a chat that wants the bot again have its results, and return how many."""
        return await self._change_all(
            update(media_jobs)
            .where(
                media_jobs.c.chat_id == chat_id,
                media_jobs.c.state == JobState.UNDELIVERABLE,
            )
            .values(state=JobState.READY, failures=0, due_at=self._now())
        )

    async def move(self, old_chat_id: int, new_chat_id: int) -> int:
        """Move the orders of a group that became a supergroup, and return how many.

        Message ids mean nothing in the new chat and are dropped. Moving twice is harmless.
        """
        is_offered = media_jobs.c.state == JobState.OFFERED
        return await self._change_all(
            update(media_jobs)
            .where(media_jobs.c.chat_id == old_chat_id)
            .values(
                chat_id=new_chat_id,
                message_id=None,
                status_message_id=None,
                result_message_id=None,
                # An offer is shown anew, whoever holds it: its buttons stayed behind.
                due_at=case((is_offered, self._moment()), else_=media_jobs.c.due_at),
                lease=case((is_offered, None), else_=media_jobs.c.lease),
                leased_until=case((is_offered, None), else_=media_jobs.c.leased_until),
            )
        )

    def _moment(self) -> ColumnElement[datetime]:
        """Give the present time as a value of a column, where a statement chooses."""
        return literal(self._now(), media_jobs.c.due_at.type)

    async def _press(
        self,
        job_id: int,
        person_id: int | None,
        before: Collection[JobState],
        *more: ColumnElement[bool],
        **values: object,
    ) -> MediaJob | None:
        return await self._change(self._pressed(job_id, person_id, before, *more, **values))

    def _pressed(
        self,
        job_id: int,
        person_id: int | None,
        before: Collection[JobState],
        *more: ColumnElement[bool],
        **values: object,
    ) -> Update:
        return (
            update(media_jobs)
            .where(
                media_jobs.c.id == job_id,
                media_jobs.c.state.in_(before),
                owned_by(media_jobs, person_id),
                *more,
            )
            .values({"failures": 0, "due_at": self._now(), **RELEASED, **values})
        )


def _spell(state: JobState) -> ColumnElement[JobState]:
    return literal(state, media_jobs.c.state.type)
