"""What may be spent: by a person, by a group, by all together, on each of the owner's days."""

from collections.abc import Mapping
from datetime import date, timedelta
from math import inf

from bot.errors import AccessDenied, DailyLimitReached
from bot.model import (
    EVERYBODY,
    Charge,
    ExpenseKind,
    Question,
    Spending,
    SpentByKind,
    Usage,
)
from bot.services.access import AccessService
from bot.services.messenger import Note
from bot.services.owner_day import OwnerDay
from bot.storage.ledger import LedgerStore
from bot.storage.notices import NoticeStore

NEARLY = 0.8
"""The part of a limit at which people are told."""


class SpendingService:
    """The rules of spending; the ledger keeps to them, in the transaction that spends.

    Limits are in tokens a day, 0 for none; `set_limit` overrides them for one subject.
    """

    def __init__(
        self,
        ledger: LedgerStore,
        access: AccessService,
        notices: NoticeStore,
        *,
        day: OwnerDay,
        user_daily: int,
        chat_daily: int,
        daily: int,
    ) -> None:
        self._ledger = ledger
        self._access = access
        self._notices = notices
        self._day = day
        self._user_daily = user_daily
        self._chat_daily = chat_daily
        self._daily = daily

    def charge_for(
        self, question: Question, kind: ExpenseKind, *, model: str, tokens: int
    ) -> Charge:
        """Say what a request may cost and what limits it.

        Raises AccessDenied when its person may not use the bot here, or no longer.
        """
        chat_id, person_id = question.key.chat_id, question.person_id
        if not self._access.allows(person_id=person_id, chat_id=chat_id):
            raise AccessDenied(id=str(chat_id if chat_id < 0 else person_id))
        return Charge(
            kind=kind,
            model=model,
            tokens=tokens,
            day=self._day.today(),
            limits=self._limits(person_id=person_id, chat_id=chat_id),
        )

    async def refusal(self, question: Question, *, tokens: int) -> DailyLimitReached | None:
        """Say which limit does not allow for so much more today."""
        standings = await self.standings(
            person_id=question.person_id, chat_id=question.key.chat_id
        )
        short = [one for one in standings if one.left is not None and one.left < tokens]
        return self._refusal(short[0], tokens) if short else None

    async def explain(self, charge: Charge) -> DailyLimitReached:
        """Say which limit stood in the way of a charge."""
        standings = await self._ledger.spendings(charge.limits, day=charge.day)
        least = min(standings, key=_room)
        return self._refusal(least, charge.tokens)

    async def standings(self, *, person_id: int | None, chat_id: int) -> list[Spending]:
        """Tell what was used today: by the person, by the group, and by all together."""
        limits = self._limits(person_id=person_id, chat_id=chat_id)
        return await self._ledger.spendings(limits, day=self._day.today())

    async def spent(
        self, *, since: date, person_id: int | None = None, chat_id: int | None = None
    ) -> list[SpentByKind]:
        """Tell what was spent until now, by kind; on whatever by whomever, where not told."""
        return await self._ledger.spent_by_kind(
            since=since, until=self._day.today(), person_id=person_id, chat_id=chat_id
        )

    async def usage(self, *, days: int) -> Usage:
        """Tell what the bot was used for in so many days, this one included."""
        today = self._day.today()
        return await self._ledger.usage(since=today - timedelta(days=days - 1), until=today)

    async def set_limit(self, subject_id: int, tokens: int | None) -> None:
        """Override a person's or a group's limit; None leaves it to the settings again."""
        await self._ledger.set_limit(subject_id, tokens)

    async def limit_of(self, subject_id: int) -> int | None:
        """Tell the override, if there is one."""
        return await self._ledger.limit_of(subject_id)

    async def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Carry over what belongs to a group that became a supergroup."""
        await self._ledger.move(old_chat_id, new_chat_id)

    async def near_limit(self, question: Question) -> list[Note]:
        """Give what people here should know before a limit is reached: once a day for each.

        The limit for all together is none of their business, but `near_limit_of_all` is the
        owner's.
        """
        standings = await self.standings(
            person_id=question.person_id, chat_id=question.key.chat_id
        )
        theirs = [one for one in standings if one.subject_id != EVERYBODY]
        return [note for one in theirs if (note := await self._note_near(one)) is not None]

    async def near_limit_of_all(self) -> Note | None:
        """Give what the owner should know before the limit of all together is reached."""
        limits = {EVERYBODY: self._daily}
        for one in await self._ledger.spendings(limits, day=self._day.today()):
            return await self._note_near(one)
        return None

    def _limits(self, *, person_id: int | None, chat_id: int) -> Mapping[int, int]:
        """List the limits by subject; a hidden author is known as the group alone."""
        limits = {}
        if person_id is not None and person_id > 0:
            limits[person_id] = 0 if self._access.is_admin(person_id) else self._user_daily
        if chat_id < 0:
            limits[chat_id] = self._chat_daily
        return {**limits, EVERYBODY: self._daily}

    def _refusal(self, spending: Spending, tokens: int) -> DailyLimitReached:
        return DailyLimitReached(
            scope=_scope(spending),
            limit=spending.limit or 0,
            left=spending.left or 0,
            cost=tokens,
            until=self._day.clock_time(self._day.ends_at()),
        )

    async def _note_near(self, spending: Spending) -> Note | None:
        if spending.limit is None or spending.tokens < spending.limit * NEARLY:
            return None
        is_news = await self._notices.take(
            "limit_near", str(spending.subject_id), unless_since=self._day.began_at()
        )
        return self._note(spending) if is_news else None

    def _note(self, spending: Spending) -> Note:
        return Note(
            key="limit-near",
            arguments={
                "scope": _scope(spending),
                "limit": spending.limit or 0,
                "left": spending.left or 0,
                "until": self._day.clock_time(self._day.ends_at()),
            },
        )


def _room(spending: Spending) -> float:
    return inf if spending.left is None else spending.left


def _scope(spending: Spending) -> str:
    if spending.subject_id == EVERYBODY:
        return "all"
    return "person" if spending.subject_id > 0 else "chat"
