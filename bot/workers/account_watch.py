"""Watches the account that pays: its owners hear what to act on, people what they used up."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.clock import utc_now
from bot.elumenta import ElumentaError, StatusError
from bot.metrics import Metrics
from bot.model import ConversationKey, Question
from bot.services.access import AccessService
from bot.services.balance import BalanceService
from bot.services.messenger import Messenger, Note
from bot.services.owner_day import OwnerDay
from bot.services.spending import SpendingService
from bot.storage.notices import NoticeStore
from bot.workers.account_notes import low_balance_note, plan_note, refusal_note

REST_AFTER_SPENDING = timedelta(minutes=10)
LONGEST_REST = timedelta(hours=6)
"""Until the balance is looked at though nobody spent anything: the account has other users."""
REFUSAL_REST = timedelta(hours=6)
"""Until a refusal is told again."""
TICK_SECONDS = 60.0
BALANCE_SECONDS = 30.0
TELL_SECONDS = 30.0

log = structlog.get_logger(__name__)


class AccountWatch:
    """Tells people, unasked, how the account and their limits stand; each thing once."""

    def __init__(
        self,
        balance: BalanceService,
        access: AccessService,
        notices: NoticeStore,
        messenger: Messenger,
        spending: SpendingService,
        *,
        metrics: Metrics,
        low_balance: int,
        day: OwnerDay,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._balance = balance
        self._access = access
        self._notices = notices
        self._messenger = messenger
        self._spending = spending
        self._metrics = metrics
        self._low_balance = low_balance
        self._day = day
        self._now = now
        self._news = asyncio.Event()
        self._refusals: dict[str, Note] = {}
        self._spenders: dict[tuple[ConversationKey, int | None], Question] = {}
        self._looked_at: datetime | None = None
        self._is_outdated = False

    def refused(self, error: StatusError) -> None:
        """Hear that the service refused a request."""
        note = refusal_note(error)
        if note is not None:
            self._refusals[note.key] = note
            self._news.set()

    def spent(self, question: Question) -> None:
        """Hear that tokens were spent, or reserved, on a question."""
        self._spenders[question.key, question.person_id] = question
        self._is_outdated = True
        self._news.set()

    async def run(self) -> None:
        """Watch until cancelled; it begins with a look at the balance."""
        self._looked_at = None
        while True:
            await self.step()
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._news.wait()

    async def step(self) -> None:
        """Look at the balance if that is due, and tell what there is to tell by now."""
        self._news.clear()
        refusals, self._refusals = self._refusals, {}
        spenders, self._spenders = self._spenders, {}

        for note in refusals.values():
            await self._tell_owners(note, unless_since=self._now() - REFUSAL_REST)
        if self._is_look_due():
            await self._look()
        for question in spenders.values():
            await self._tell_spender(question)
        if spenders:
            await self._tell_owners_of_limit()

    def _is_look_due(self) -> bool:
        if self._looked_at is None:
            return True
        rest = REST_AFTER_SPENDING if self._is_outdated else LONGEST_REST
        return self._now() >= self._looked_at + rest

    async def _look(self) -> None:
        self._looked_at, self._is_outdated = self._now(), False
        try:
            async with asyncio.timeout(BALANCE_SECONDS):
                balance = await self._balance.get()
        except (ElumentaError, TimeoutError) as error:
            self._is_outdated = True
            log.warning("balance.unknown", failure=repr(error))
            return

        self._metrics.balance.set(balance.tokens)
        if low := low_balance_note(balance, limit=self._low_balance):
            await self._tell_owners(low, about=str(self._low_balance))
        else:
            await self._notices.forget("watch-low-balance")
        if ending := plan_note(balance, now=self._now(), day=self._day):
            await self._tell_owners(ending, about=f"{balance.expires_at:%Y-%m-%d}")

    async def _tell_spender(self, question: Question) -> None:
        for key, note in await self._spending.near_limit(question):
            await self._tell(key, note, language=question.language, is_quiet=True)

    async def _tell_owners_of_limit(self) -> None:
        note = await self._spending.near_limit_of_all()
        if note is not None and not await self._tell_admins(note):
            await self._spending.forget_near_limit_of_all()

    async def _tell_owners(
        self, note: Note, *, about: str = "", unless_since: datetime | None = None
    ) -> None:
        """Tell admins what they were not told yet; what reaches none of them is told later."""
        if not await self._notices.take(note.key, about, unless_since=unless_since):
            return

        is_told = False
        try:
            is_told = await self._tell_admins(note)
        finally:
            if not is_told:
                log.warning("admins.not_reached", note=note.key)
                await self._notices.forget(note.key, about)

    async def _tell_admins(self, note: Note) -> bool:
        told = [
            await self._tell(
                ConversationKey(chat_id=admin_id),
                note,
                language=self._access.language_of(admin_id),
            )
            for admin_id in sorted(self._access.admins)
        ]
        return any(told)

    async def _tell(
        self, key: ConversationKey, note: Note, *, language: str | None, is_quiet: bool = False
    ) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(TELL_SECONDS):
                return await self._messenger.tell(key, note, language=language, is_quiet=is_quiet)
        return False
