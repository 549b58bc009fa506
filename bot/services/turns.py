"""Whose turn it is: one answer at a time per conversation, in the order of the questions."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum
from itertools import chain, takewhile

from bot.errors import TooBusy
from bot.model import ConversationKey, is_owned

MAX_LINE = 20
"""Questions of one conversation that may wait, the running one included."""


class StopReason(StrEnum):
    """Why an answer is not carried on."""

    PERSON = "person"
    SHUTDOWN = "shutdown"


class Line(deque["Ticket"]):
    """The places of one conversation."""

    def __init__(self) -> None:
        super().__init__()
        self.entry = asyncio.Lock()


class Ticket:
    """A place in the line of one conversation."""

    def __init__(self, person_id: int | None, line: Line) -> None:
        self.entry = line.entry
        """Whoever holds it first is first in line: questions are stored in their order."""
        self.person_id = person_id
        self.turn_id: int | None = None
        self.stopped: StopReason | None = None
        self.is_running = False
        self.is_aside = False
        self.is_asked = False
        """Whether its request may be under way."""
        self._line = line
        self._ready = asyncio.Event()
        self._deadline: asyncio.Timeout | None = None

    async def wait_for_turn(self) -> None:
        """Wait until all earlier tickets of the conversation have left, or stepped aside.

        One that its person stops need not wait any more: it is about to leave.
        """
        self.is_aside = False
        _call_next(self._line)
        await self._ready.wait()

    def begin(self) -> None:
        """Tell the ticket that its turn has come."""
        self.is_running = True
        self._ready.set()

    def step_aside(self) -> None:
        """Let other people's tickets go first while this one waits for something else.

        Whoever holds it waits for its turn again when that is there.
        """
        if self.stopped is not None:
            return
        self.is_running, self.is_aside = False, True
        self._ready.clear()
        _call_next(self._line)

    def stop(self, reason: StopReason) -> None:
        """End the answer now if it runs, or before it begins."""
        if self.stopped is not None:
            return
        # It is about to leave: what comes after it can wait for that.
        self.stopped, self.is_aside = reason, False
        if reason is StopReason.PERSON:
            # What was taken back is noted at once, lest it is asked after a crash.
            self._ready.set()
        if self._deadline is not None:
            self._deadline.reschedule(0)

    def stop_earlier(self) -> None:
        """Stop whatever joined the line before this ticket."""
        for earlier in takewhile(lambda ticket: ticket is not self, self._line):
            earlier.stop(StopReason.PERSON)

    @asynccontextmanager
    async def until_stopped(self) -> AsyncIterator[None]:
        """Leave the block early and silently when the ticket is stopped."""
        try:
            async with asyncio.timeout(None) as self._deadline:
                if self.stopped is not None:
                    self._deadline.reschedule(0)
                yield
        except TimeoutError:
            if self.stopped is None:
                raise
        finally:
            self._deadline = None


class TurnQueue:
    """The lines of all conversations."""

    def __init__(self, *, max_line: int = MAX_LINE) -> None:
        self._lines: dict[ConversationKey, Line] = {}
        self._max_line = max_line
        self._is_ending = False
        self._departure = asyncio.Event()

    @contextmanager
    def join(
        self, key: ConversationKey, *, person_id: int | None, is_limited: bool = False
    ) -> Iterator[Ticket]:
        """Take a place at the end of the line, for the length of the block.

        Order is that of the calls: join before the first await of a handler.
        Raises TooBusy when the line is full, to those that are limited.
        """
        line = self._lines.setdefault(key, Line())
        if is_limited and len(line) >= self._max_line:
            raise TooBusy(count=len(line))
        ticket = Ticket(person_id, line)
        line.append(ticket)
        if self._is_ending:
            ticket.stop(StopReason.SHUTDOWN)
        _call_next(line)

        try:
            yield ticket
        finally:
            self._leave(key, ticket)

    def stop(self, key: ConversationKey, *, person_id: int | None) -> tuple[int, int]:
        """Stop what this person asked here; without a person, what anybody asked.

        Returns how many answers were running and how many questions were waiting.
        """
        mine = [
            ticket
            for ticket in self._lines.get(key, ())
            if ticket.stopped is None and person_id in (None, ticket.person_id)
        ]
        for ticket in mine:
            ticket.stop(StopReason.PERSON)
        running = sum(ticket.is_running for ticket in mine)
        return running, len(mine) - running

    def stop_turn(self, turn_id: int, *, chat_id: int | None, person_id: int | None) -> bool:
        """Stop an answer in its chat for who asked; for anybody there if its author is hidden."""
        lines = (line for key, line in self._lines.items() if key.chat_id == chat_id)
        for ticket in chain.from_iterable(lines):
            if ticket.turn_id == turn_id and is_owned(ticket.person_id, by=person_id):
                ticket.stop(StopReason.PERSON)
                return True
        return False

    def stop_person(self, person_id: int) -> None:
        """Stop everything that a person asked, wherever that was."""
        for ticket in self._tickets():
            if ticket.person_id == person_id:
                ticket.stop(StopReason.PERSON)

    async def without(self, person_id: int) -> None:
        """Wait until nothing that a person asked is in any line."""
        while any(ticket.person_id == person_id for ticket in self._tickets()):
            await self._departure.wait()

    async def until_gone(self, turn_id: int) -> None:
        """Wait until a turn is not in any line."""
        while self.has_turn(turn_id):
            await self._departure.wait()

    def has_turn(self, turn_id: int) -> bool:
        """Say whether a turn is in any line; its stop button is of no use otherwise."""
        return any(ticket.turn_id == turn_id for ticket in self._tickets())

    def stop_unasked(self) -> None:
        """Stop what costs nothing yet, and what joins from now on, because the program ends."""
        self._is_ending = True
        for ticket in self._tickets():
            if not ticket.is_asked:
                ticket.stop(StopReason.SHUTDOWN)

    def stop_all(self) -> None:
        """Stop everything because the program ends."""
        for ticket in self._tickets():
            ticket.stop(StopReason.SHUTDOWN)

    def _tickets(self) -> Iterator[Ticket]:
        return (ticket for line in self._lines.values() for ticket in line)

    def _leave(self, key: ConversationKey, ticket: Ticket) -> None:
        line = self._lines[key]
        line.remove(ticket)
        _call_next(line)
        if not line:
            del self._lines[key]
        self._departure.set()
        self._departure = asyncio.Event()


def _call_next(line: Line) -> None:
    """Begin the next ticket, unless one runs; what a person asked later waits for the earlier."""
    if any(ticket.is_running for ticket in line):
        return
    absent = set()
    for ticket in line:
        if ticket.is_aside:
            absent.add(ticket.person_id)
        elif ticket.person_id not in absent:
            ticket.begin()
            return
