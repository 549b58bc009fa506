"""What orders of pictures and videos there are, and what somebody waits for."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, exists, func, select, true

from bot.clock import utc_now
from bot.model import RUNNING, ConversationKey, JobState, MediaJob
from bot.storage.engine import Database
from bot.storage.job_reading import read_job
from bot.storage.matching import belongs_to
from bot.storage.tables import held_chats, media_jobs

UNWANTED = (JobState.DECLINED, JobState.LAPSED)
NOT_SENT = (JobState.OFFERED, JobState.CREATED)


class JobQueries:
    """Questions about the orders of all conversations; they change nothing.

    To the workers of *replica_id* the jobs of chats that other replicas hold do not exist: each
    chat has one pace at which the bot may speak, and one replica that keeps it.
    """

    def __init__(
        self,
        database: Database,
        *,
        replica_id: str | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._engine = database.engine
        self._replica_id = replica_id
        self._now = now

    async def get(self, job_id: int) -> MediaJob | None:
        found = await self._read(select(media_jobs).where(media_jobs.c.id == job_id))
        return next(iter(found), None)

    async def recent(self, key: ConversationKey, *, limit: int) -> list[MediaJob]:
        """Return the newest orders of a conversation, newest first, without unwanted offers."""
        return await self._read(
            select(media_jobs)
            .where(belongs_to(media_jobs, key), media_jobs.c.state.not_in(UNWANTED))
            .order_by(media_jobs.c.id.desc())
            .limit(limit)
        )

    async def running(self) -> list[MediaJob]:
        """Return the jobs for whose results somebody waits, the first due of them first."""
        # They are all due; saying so lets the database use its short index.
        return await self._read(
            select(media_jobs)
            .where(
                media_jobs.c.due_at.is_not(None),
                media_jobs.c.state.in_(RUNNING),
                self._is_not_for_others(),
            )
            .order_by(media_jobs.c.due_at)
        )

    async def generation_ids(self, since: datetime) -> frozenset[str]:
        """Return the generations that belong to a job created since then."""
        statement = select(media_jobs.c.generation_id).where(
            media_jobs.c.created_at >= since, media_jobs.c.generation_id.is_not(None)
        )
        async with self._engine.connect() as connection:
            return frozenset((await connection.scalars(statement)).all())

    async def count_waiting(self, person_id: int) -> int:
        """Count the orders of a person, in all chats, that were not sent yet."""
        # They are all due; saying so lets the database use its short index.
        statement = select(func.count()).where(
            media_jobs.c.due_at.is_not(None),
            media_jobs.c.state.in_(NOT_SENT),
            media_jobs.c.person_id == person_id,
        )
        async with self._engine.connect() as connection:
            return (await connection.execute(statement)).scalar_one()

    async def next_due(self, states: Collection[JobState]) -> datetime | None:
        """Tell when there will be something to claim, which may be in the past."""
        free_at = case(
            (media_jobs.c.leased_until > media_jobs.c.due_at, media_jobs.c.leased_until),
            else_=media_jobs.c.due_at,
        )
        statement = select(func.min(free_at)).where(
            media_jobs.c.due_at.is_not(None),
            media_jobs.c.state.in_(states),
            self._is_not_for_others(),
        )
        async with self._engine.connect() as connection:
            found: datetime | None = await connection.scalar(statement)
        return found

    def _is_not_for_others(self) -> ColumnElement[bool]:
        if self._replica_id is None:
            return true()
        return ~exists().where(
            held_chats.c.chat_id == media_jobs.c.chat_id,
            held_chats.c.replica_id != self._replica_id,
        )

    async def _read(self, statement: Select[*tuple[object, ...]]) -> list[MediaJob]:
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [read_job(row) for row in rows]
