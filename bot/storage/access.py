"""Who may use the bot, and who owns it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import BigInteger, Executable, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite spells ON CONFLICT the same way
from sqlalchemy.exc import IntegrityError

from bot.clock import utc_now
from bot.model import AccessRule, Admin, Standing
from bot.storage.engine import Database
from bot.storage.tables import access_rules, admins, keepsakes

CLAIM_CODE = "claim_code"


class AccessStore:
    """What was decided about people and groups; each method is one transaction."""

    def __init__(self, database: Database, *, now: Callable[[], datetime] = utc_now) -> None:
        self._engine = database.engine
        self._is_shared = database.is_shared
        self._now = now

    async def rules(self) -> list[AccessRule]:
        """Return all rules, those that were changed first at the beginning."""
        statement = select(access_rules).order_by(access_rules.c.changed_at, access_rules.c.id)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [AccessRule(**row) for row in rows]

    async def decide(
        self,
        subject_id: int,
        standing: Standing,
        *,
        name: str | None,
        expected: Standing | None = None,
    ) -> bool:
        """Note what holds from now on; False when *expected* is given and did not hold before.

        A name of None keeps the one that is known.
        """
        decided: dict[str, object] = {"standing": standing, "changed_at": self._now()}
        if name is not None:
            decided["name"] = name

        if expected is not None:
            return await self._change(
                update(access_rules)
                .where(access_rules.c.id == subject_id, access_rules.c.standing == expected)
                .values(decided)
                .returning(access_rules.c.id)
            )
        return await self._change(
            insert(access_rules)
            .values({"id": subject_id, "name": "", **decided})
            .on_conflict_do_update(index_elements=[access_rules.c.id], set_=decided)
            .returning(access_rules.c.id)
        )

    async def ask(self, subject_id: int, *, name: str) -> bool:
        """Note who would like to use the bot; True when nothing was known of them.

        What was decided before stays, under the new name.
        """
        asked = insert(access_rules).values(
            id=subject_id, standing=Standing.ASKED, name=name, changed_at=self._now()
        )
        renamed = update(access_rules).where(access_rules.c.id == subject_id).values(name=name)
        async with self._engine.begin() as connection:
            added = await connection.execute(
                asked.on_conflict_do_nothing().returning(access_rules.c.id)
            )
            if added.first() is not None:
                return True
            await connection.execute(renamed)
        return False

    async def move(self, old_id: int, new_id: int) -> None:
        """Let what holds for a group hold for the supergroup it became.

        What was decided about the new one by now comes first. Moving twice is harmless.
        """
        columns = [column.name for column in access_rules.c]
        known = select(
            literal(new_id, BigInteger), *(access_rules.c[name] for name in columns[1:])
        ).where(access_rules.c.id == old_id)
        moved = insert(access_rules).from_select(columns, known)
        async with self._engine.begin() as connection:
            await connection.execute(
                moved.on_conflict_do_update(
                    index_elements=[access_rules.c.id],
                    set_={name: moved.excluded[name] for name in columns[1:]},
                    where=access_rules.c.standing == Standing.ASKED,
                )
            )
            await connection.execute(delete(access_rules).where(access_rules.c.id == old_id))

    async def admins(self) -> list[Admin]:
        """Return everybody who is remembered as an admin of any time."""
        statement = select(admins).order_by(admins.c.person_id)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [Admin(**row) for row in rows]

    async def put_claim_code(self, code: str) -> None:
        """Store the word that makes somebody the owner, in place of that of an earlier start.

        Replicas keep the first one, so that all know the same.
        """
        put = insert(keepsakes).values(name=CLAIM_CODE, value=code)
        statement = (
            put.on_conflict_do_nothing()
            if self._is_shared
            else put.on_conflict_do_update(index_elements=[keepsakes.c.name], set_={"value": code})
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)

    async def claim_code(self) -> str | None:
        """Return the word that makes somebody the owner."""
        statement = select(keepsakes.c.value).where(keepsakes.c.name == CLAIM_CODE)
        async with self._engine.connect() as connection:
            return await connection.scalar(statement)

    async def claim(self, person_id: int, *, language: str | None) -> bool:
        """Give the bot to a person; False when somebody, perhaps the same, has it already."""
        claimed = {"language": language, "has_claimed": True}
        statement = (
            insert(admins)
            .values(person_id=person_id, has_menu=False, **claimed)
            .on_conflict_do_update(
                index_elements=[admins.c.person_id], set_=claimed, where=~admins.c.has_claimed
            )
            .returning(admins.c.person_id)
        )
        try:
            return await self._change(statement)
        except IntegrityError:
            return False

    async def note_language(self, person_id: int, language: str) -> None:
        """Remember which language an admin speaks."""
        await self._note(person_id, language=language)

    async def note_menu(self, person_id: int, *, has_menu: bool) -> None:
        """Remember whether an admin's menu shows the commands of admins."""
        await self._note(person_id, has_menu=has_menu)

    async def _note(self, person_id: int, **noted: object) -> None:
        unknown = {"language": None, "has_claimed": False, "has_menu": False}
        await self._change(
            insert(admins)
            .values({"person_id": person_id, **unknown, **noted})
            .on_conflict_do_update(index_elements=[admins.c.person_id], set_=noted)
            .returning(admins.c.person_id)
        )

    async def _change(self, statement: Executable) -> bool:
        async with self._engine.begin() as connection:
            return (await connection.execute(statement)).first() is not None
