"""Who wants to be forgotten, and how far that is done."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert  # SQLite spells ON CONFLICT the same way

from bot.clock import utc_now
from bot.model import Erasable, TurnState
from bot.storage.engine import Database
from bot.storage.erasure_steps import (
    ITEM_IS_ERASED,
    delete_notices,
    delete_preferences,
    delete_turns,
    disown_expenses,
    empty_jobs,
    end_wish,
    forget_name,
    is_of,
    take_back_jobs,
    take_back_turns,
)
from bot.storage.patience import patiently
from bot.storage.tables import erasures, media_jobs, turns


class ErasureStore:
    """The wishes of people to be forgotten; each is carried out in one transaction at a time.

    What was not asked or ordered yet is taken back; questions and orders on which somebody still
    works go when they are over. What was spent, and told, on the owner's present day counts until
    it ends, and then it goes as well.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] = utc_now) -> None:
        self._engine = database.engine
        self._now = now

    async def count(self, person_id: int) -> Erasable:
        """Tell how much there is of a person, with what is still under way."""
        has_texts = turns.c.state != TurnState.FORGOTTEN
        their_turns = select(func.count()).where(is_of(turns, person_id), has_texts)
        their_jobs = select(func.count()).where(is_of(media_jobs, person_id))
        counted = select(
            their_turns.scalar_subquery().label("turns"),
            their_jobs.scalar_subquery().label("jobs"),
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(counted)).one()
        return Erasable(turns=row.turns, jobs=row.jobs)

    @patiently
    async def erase(self, person_id: int, *, before_day: date) -> None:
        """Erase what is over of a person (an id above 0), and note that the rest shall follow.

        *before_day* is the owner's present day.
        """
        now = self._now()
        noted = insert(erasures).values(person_id=person_id, asked_at=now, day=before_day)
        async with self._engine.begin() as connection:
            for statement in (
                noted.on_conflict_do_update(
                    index_elements=[erasures.c.person_id],
                    set_={"asked_at": now, "day": before_day},
                ),
                delete_turns(person_id),
                take_back_turns(person_id, now=now),
                take_back_jobs(person_id, now=now),
                empty_jobs(person_id),
                disown_expenses(person_id, before_day=before_day),
                delete_preferences(person_id),
                forget_name(person_id),
            ):
                await connection.execute(statement)

    @patiently
    async def finish(self, *, before_day: date) -> None:
        """Erase what has ended since it was wished for, and end the wishes that are done.

        What people did afterwards stays. Several programs may do this at once.
        """
        async with self._engine.connect() as connection:
            noted = (await connection.execute(select(erasures))).all()
        for person_id, asked_at, day in noted:
            async with self._engine.begin() as connection:
                for statement in (
                    delete_turns(person_id, until=asked_at),
                    empty_jobs(person_id, until=asked_at),
                    disown_expenses(person_id, before_day=before_day).where(ITEM_IS_ERASED),
                ):
                    await connection.execute(statement)
                if day < before_day:
                    await connection.execute(delete_notices(person_id, until=asked_at))
                await connection.execute(
                    end_wish(person_id, asked_at=asked_at, before_day=before_day)
                )
