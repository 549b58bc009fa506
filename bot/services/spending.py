"""What may be spent: by a person, by a group, by all together, on each of the owner's days."""

from collections.abc import Mapping
from datetime import date, timedelta
from math import inf

from bot.errors import AccessDenied, DailyLimitReached
from bot.model import (
    EVERYBODY,
    Charge,
    ConversationKey,
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

NEAR_LIMIT = "limit_near"
"""A kind of what is told once."""


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
        self._moved: dict[int, int] = {}

    def charge_for(
        self, question: Question, kind: ExpenseKind, *, model: str, tokens: int
    ) -> Charge:
        """Say what a request may cost and what limits it.

        Raises AccessDenied when its person may not use the bot here, or no longer.
        """
        chat_id, person_id = self._present_id(question.key.chat_id), question.person_id
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
        """Say which limit does not allow for so much more today, if one does not."""
        tightest = min(await self._standings_of(question), key=_room)
        return None if _room(tightest) >= tokens else self._refusal(question, tightest, tokens)

    async def explain(self, question: Question, charge: Charge) -> DailyLimitReached:
        """Say which limit stood in the way of a charge."""
        standings = await self._ledger.spendings(charge.limits, day=charge.day)
        return self._refusal(question, min(standings, key=_room), charge.tokens)

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
        """Carry over what belongs to a group that became a supergroup.

        What was asked in the group, and still waits, counts for the supergroup from the call on.
        """
        self._moved[old_chat_id] = new_chat_id
        await self._ledger.move(old_chat_id, new_chat_id)

    async def near_limit(self, question: Question) -> list[tuple[ConversationKey, Note]]:
        """Give what people should know before a limit is reached, and where: once a day for each.

        What a person spent is told in private. The limit for all together is the owner's
        business: see `near_limit_of_all`.
        """
        notes = []
        for one in await self._standings_of(question):
            is_theirs = one.subject_id != EVERYBODY
            if is_theirs and (note := await self._note_near(one)) is not None:
                is_elsewhere = one.subject_id > 0 and question.key.chat_id < 0
                private = ConversationKey(chat_id=one.subject_id)
                notes.append((private if is_elsewhere else question.key, note))
        return notes

    async def near_limit_of_all(self) -> Note | None:
        """Give what the owner should know before the limit of all together is reached."""
        limits, today = {EVERYBODY: self._daily}, self._day.today()
        [everybody] = await self._ledger.spendings(limits, day=today)
        return await self._note_near(everybody)

    async def forget_near_limit_of_all(self) -> None:
        """Let the owner be told again, who could not be reached."""
        await self._notices.forget(NEAR_LIMIT, str(EVERYBODY))

    async def _standings_of(self, question: Question) -> list[Spending]:
        chat_id = self._present_id(question.key.chat_id)
        return await self.standings(person_id=question.person_id, chat_id=chat_id)

    def _limits(self, *, person_id: int | None, chat_id: int) -> Mapping[int, int]:
        """List the limits by subject.

        A hidden author is known as the group alone, so that where groups have no limit the group
        gets that of a person: nobody shall spend more by hiding.
        """
        limits = {}
        if person_id is not None and person_id > 0:
            limits[person_id] = 0 if self._access.is_admin(person_id) else self._user_daily
        if chat_id < 0:
            is_hidden = person_id is not None and person_id < 0
            limits[chat_id] = self._chat_daily or (self._user_daily if is_hidden else 0)
        return {**limits, EVERYBODY: self._daily}

    def _present_id(self, chat_id: int) -> int:
        return self._moved.get(chat_id, chat_id)

    def _refusal(self, question: Question, spending: Spending, tokens: int) -> DailyLimitReached:
        is_elsewhere = question.key.chat_id < 0 or question.inline_message_id is not None
        is_overheard = spending.subject_id > 0 and is_elsewhere
        return DailyLimitReached(
            scope="member" if is_overheard else spending.scope,
            limit=spending.limit or 0,
            left=spending.left or 0,
            cost=tokens,
            until=self._day.clock_time(self._day.ends_at()),
        )

    async def _note_near(self, spending: Spending) -> Note | None:
        if spending.limit is None or spending.tokens < spending.limit * NEARLY:
            return None
        is_news = await self._notices.take(
            NEAR_LIMIT, str(spending.subject_id), unless_since=self._day.began_at()
        )
        return self._note(spending) if is_news else None

    def _note(self, spending: Spending) -> Note:
        return Note(
            key="limit-near",
            arguments={
                "scope": spending.scope,
                "limit": spending.limit or 0,
                "left": spending.left or 0,
                "until": self._day.clock_time(self._day.ends_at()),
            },
        )


def _room(spending: Spending) -> float:
    return inf if spending.left is None else spending.left
