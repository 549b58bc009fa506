"""Who may make the next request, when the account has fewer than people want.

Nobody has to wait while there is enough for all. Somebody who had as much of the hour as is left
for the others has to, and gets more as the hour passes: half of what it has is for those who
come later, less and less of it towards its end. Of those who wait, whoever had the least is next.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import utc_now
from bot.services.allowance import HOUR, Allowance

FOR_LATER = 0.5
"""The part of an hour that somebody who had their share leaves to others, at its beginning."""


@dataclass(slots=True, kw_only=True, eq=False)
class Ticket:
    """A request that waits for its turn."""

    payer: int
    number: int
    """In the order of arrival."""
    is_due: asyncio.Event = field(default_factory=asyncio.Event)


class Sharing:
    """The line of those who wait, and what each of them had in the last hour."""

    def __init__(self, allowance: Allowance, *, now: Callable[[], datetime] = utc_now) -> None:
        self._allowance = allowance
        self._now = now
        self._tickets = 0
        self._admitted = 0
        self._waiting: dict[int, deque[Ticket]] = {}
        self._had: Counter[int] = Counter()
        self._went: dict[int, int] = {}
        self._gone: deque[tuple[datetime, int]] = deque()

    @property
    def people_waiting(self) -> int:
        return len(self._waiting)

    def join(self, payer: int) -> Ticket:
        """Take a place at the end of a person's requests."""
        self._tickets += 1
        ticket = Ticket(payer=payer, number=self._tickets)
        self._waiting.setdefault(payer, deque()).append(ticket)
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Give up waiting."""
        line = self._waiting[ticket.payer]
        line.remove(ticket)
        if not line:
            del self._waiting[ticket.payer]

    def admit(self) -> None:
        """Let those go who may; each is on its way until its answer tells what is left."""
        self._forget_the_past()
        while self._waiting:
            ticket = min((line[0] for line in self._waiting.values()), key=self._order)
            if not self._may_go(ticket.payer):
                return
            self.leave(ticket)
            self._go(ticket.payer)
            ticket.is_due.set()

    def try_to_go(self, payer: int) -> bool:
        """Let a request go that does not wait, if it may and nobody waits."""
        self._forget_the_past()
        if self._waiting or not self._may_go(payer):
            return False
        self._go(payer)
        return True

    def expected_at(self, ticket: Ticket) -> datetime:
        """Estimate when a ticket's turn comes at the latest, unless others use the account."""
        before = self._waiting[ticket.payer].index(ticket)
        others = (line for payer, line in self._waiting.items() if payer != ticket.payer)
        ahead = before + sum(min(len(line), before + 1) for line in others)
        per_hour = self._allowance.for_people
        # Where no limit of an hour is known, all can go as soon as anybody can.
        hours = ahead // per_hour if per_hour else 0
        return self._allowance.opens_at + hours * HOUR

    def _may_go(self, payer: int) -> bool:
        left = self._allowance.left
        if left is None:
            return True
        if self._allowance.is_tried:
            return left > 0
        for_later = self._allowance.for_people * FOR_LATER * self._allowance.hour_ahead
        return left > 0 and (self._had[payer] < left or left > for_later)

    def _order(self, ticket: Ticket) -> tuple[int, int, int]:
        """Put first who had least, then who had it longest ago, then who came first."""
        return self._had[ticket.payer], self._went.get(ticket.payer, 0), ticket.number

    def _go(self, payer: int) -> None:
        self._allowance.set_out()
        self._had[payer] += 1
        self._admitted += 1
        self._went[payer] = self._admitted
        self._gone.append((self._now(), payer))

    def _forget_the_past(self) -> None:
        while self._gone and self._gone[0][0] <= self._now() - HOUR:
            _, payer = self._gone.popleft()
            self._had[payer] -= 1
            if not self._had[payer]:
                del self._had[payer]
                if payer not in self._waiting:
                    del self._went[payer]
