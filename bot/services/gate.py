"""The one way to the service for requests that people wait for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, timedelta

import structlog

from bot.clock import utc_now
from bot.elumenta import RateLimited, RateLimits
from bot.errors import LimitUntil
from bot.services.allowance import Allowance
from bot.services.owner_day import OwnerDay
from bot.services.sharing import Sharing, Ticket

LONGEST_WAIT = timedelta(hours=2)
"""Whoever would wait for longer is sent away instead, and told until when."""

MOST_REFUSALS = 3
"""How often a request waits again that the service put off though its turn had come."""

UNTOLD_SECONDS = 2.0
"""A shorter wait is not worth a word."""

CHECK_SECONDS = 1.0

OnWait = Callable[[str], Awaitable[object]]
"""Hears until when a request has to wait, as text."""

log = structlog.get_logger(__name__)


class Place:
    """A request that has been let through."""

    def __init__(self, *, on_answer: Callable[[], None], on_leave: Callable[[], None]) -> None:
        self._on_answer = on_answer
        self._on_leave = on_leave
        self._has_left = False

    def leave(self) -> None:
        """Tell that the answer has begun, so that it is known what is left; once."""
        if not self._has_left:
            self._on_answer()
        self.give_up()

    def give_up(self) -> None:
        """Tell that no answer comes, unless it has begun before."""
        if not self._has_left:
            self._has_left = True
            self._on_leave()


class Gate:
    """Shares the account's rate limit among people; *limits* gives what the service told last.

    It counts for this program alone: others of the same account show in what the service tells,
    and those that serve the same people take their share.
    """

    def __init__(
        self,
        limits: Callable[[], RateLimits | None],
        *,
        day: OwnerDay,
        longest_wait: timedelta = LONGEST_WAIT,
        untold_seconds: float = UNTOLD_SECONDS,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._limits = limits
        self._day = day
        self._longest_wait = longest_wait
        self._untold_seconds = untold_seconds
        self._now = now
        self._allowance = Allowance(now=now)
        self._sharing = Sharing(self._allowance, now=now)
        self._check: asyncio.TimerHandle | None = None

    @property
    def limits(self) -> RateLimits:
        """What is left to the account, as far as anybody knows."""
        self._allowance.hear(self._limits())
        return self._allowance.limits

    @property
    def people_waiting(self) -> int:
        """How many people wait for their turn."""
        return self._sharing.people_waiting

    def share(self, among: int) -> None:
        """Leave room for so many programs, this one included, that serve the same people."""
        self._allowance.share(among)

    @asynccontextmanager
    async def place(self, payer: int, *, on_wait: OnWait) -> AsyncIterator[Place]:
        """Wait for the turn of a person's request, which is to be made within the block.

        Whoever has to wait hears until when, and again when that turns out to be wrong.
        Raises LimitUntil instead of waiting too long. A RateLimited that leaves the block closes
        the gate for everybody.
        """
        await self._wait(payer, on_wait)
        with self._passing() as place:
            yield place

    @contextmanager
    def spare_place(self, payer: int) -> Iterator[Place | None]:
        """Let a request through that could be left out; None where it has to be.

        It counts like others, and closes the gate like others.
        """
        self._allowance.hear(self._limits())
        left = self._allowance.left
        is_spare = left is None or left > self._allowance.kept
        if not is_spare or not self._sharing.try_to_go(payer):
            yield None
            return
        with self._passing() as place:
            yield place

    def close(self, seconds: float | None) -> None:
        """Let nobody through for so long, since the service said so."""
        log.warning("gate.closed", seconds=seconds)
        # What the refusal tells of the limits comes first: it does not open the gate again.
        self._allowance.hear(self._limits())
        self._allowance.close(seconds)

    @contextmanager
    def _passing(self) -> Iterator[Place]:
        place = Place(on_answer=self._allowance.reopen, on_leave=self._leave)
        try:
            yield place
        except RateLimited as error:
            self.close(error.retry_after)
            raise
        finally:
            place.give_up()

    async def _wait(self, payer: int, on_wait: OnWait) -> None:
        ticket = self._sharing.join(payer)
        self._admit()
        try:
            self._expect(ticket)
            await _wait_until_due(ticket, at_most_seconds=self._untold_seconds)
            told = ""
            while not ticket.is_due.is_set():
                until = self._expect(ticket)
                words = self._day.clock_time(until)
                if words != told:
                    log.info("request.delayed", until=until.isoformat())
                    await on_wait(words)
                told = words
                left = (until - self._now()).total_seconds()
                await _wait_until_due(ticket, at_most_seconds=max(left, self._untold_seconds))
        except BaseException:
            self._give_up(ticket)
            raise

    def _expect(self, ticket: Ticket) -> datetime:
        """Estimate when a ticket is due; raises LimitUntil when that is too late."""
        if ticket.is_due.is_set():
            return self._now()
        until = self._sharing.expected_at(ticket)
        if until - self._now() > self._longest_wait:
            raise LimitUntil(until=self._day.clock_time(until))
        return until

    def _give_up(self, ticket: Ticket) -> None:
        if ticket.is_due.is_set():
            self._leave()
            return
        self._sharing.leave(ticket)
        self._admit()

    def _leave(self) -> None:
        self._allowance.come_back()
        self._admit()

    def _admit(self) -> None:
        """Let those through who may go, and look again soon while anybody waits."""
        self._allowance.hear(self._limits())
        self._sharing.admit()
        if self._check is not None:
            self._check.cancel()
            self._check = None
        if self._sharing.people_waiting:
            self._check = asyncio.get_running_loop().call_later(CHECK_SECONDS, self._admit)


async def _wait_until_due(ticket: Ticket, *, at_most_seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(at_most_seconds):
            await ticket.is_due.wait()
