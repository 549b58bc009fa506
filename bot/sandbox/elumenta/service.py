"""The rules of the service: who may ask, what is answered, what is charged."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.sandbox.elumenta.generation import Generation, Status
from bot.sandbox.elumenta.limits import RateLimits
from bot.sandbox.elumenta.order import Order, read_order
from bot.sandbox.elumenta.parrot import answer
from bot.sandbox.elumenta.records import Charge, Request
from bot.sandbox.elumenta.refusals import Refusal
from bot.sandbox.elumenta.reply import Reply
from bot.sandbox.elumenta.shapes import Shape, new_id

API_KEY = "nb_live_sandbox000000000000000000000000000000000"
API_PLANS = frozenset({"vip", "elite"})
FIRST_NUMBER = 18_473


class Service:
    """One account of the service and everything that happened to it.

    All public attributes may be set while it runs.
    """

    def __init__(self, *, pace: float) -> None:
        self.api_key = API_KEY
        self.shape = Shape.A
        self.plan = "elite"
        self.balance = 1_000_000
        self.limits = RateLimits(hourly=None, daily=None)
        self.polls_count = False  # no page says whether GET requests count towards the limits
        self.missing: set[str] = set()  # documented paths that are answered with 404
        self.pace = pace  # seconds between the words of an unscripted answer
        self.open_streams = 0
        self.requests: list[Request] = []
        self.charges: list[Charge] = []
        self._generations: dict[str, Generation] = {}
        self._scripts: list[_Script] = []
        self._change = asyncio.Event()

    def script(self, reply: Reply, *, contains: str | None = None, times: int = 1) -> None:
        """Answer the next *times* requests whose newest text contains this with *reply*."""
        self._scripts.append(_Script(reply=reply, contains=contains or "", left=times))

    def conversation(self, request: Request) -> list[dict[str, str]]:
        """List the messages as the model sees them, whichever request style was used."""
        return list(read_order(request.body).conversation)

    async def wait(self, claim: Callable[[], object], *, seconds: float = 20) -> None:
        """Return as soon as the claim holds; it is asked again after every change."""
        try:
            async with asyncio.timeout(seconds):
                while not claim():
                    self._change.clear()
                    await self._change.wait()
        except TimeoutError:
            message = f"still not so after {seconds} s; requests: {self.requests}"
            raise AssertionError(message) from None

    def changed(self) -> None:
        """Wake those who wait."""
        self._change.set()

    @contextmanager
    def streaming(self) -> Iterator[None]:
        """Count a stream that is being written."""
        self.open_streams += 1
        self.changed()
        try:
            yield
        finally:
            self.open_streams -= 1
            self.changed()

    def authenticate(self, authorization: str | None) -> None:
        """Refuse a wrong key, and a plan without access to the API."""
        if authorization != f"Bearer {self.api_key}":
            raise Refusal(401, "Not authenticated")
        if self.plan not in API_PLANS:
            raise Refusal(403, "API access requires the VIP or Elite plan")

    def begin(self, order: Order) -> Generation:
        """Accept an order that the balance can pay."""
        cost = order.model.tokens
        if self.balance < cost:
            details = {"required": cost, "available": self.balance}
            raise Refusal(402, "Insufficient tokens", details={**details})

        name = new_id(self.shape, FIRST_NUMBER + len(self._generations))
        started = Generation(id=name, order=order, created_at=datetime.now(UTC))
        self._generations[name] = started
        return started

    def complete(self, generation: Generation, text: str) -> None:
        """Finish a pending generation and charge it."""
        if generation.status is not Status.PENDING:
            return
        generation.status = Status.COMPLETED
        generation.text = text
        generation.tokens = generation.order.model.tokens
        took = datetime.now(UTC) - generation.created_at
        generation.processing_ms = round(took.total_seconds() * 1000)

        self.balance -= generation.tokens
        slug = generation.order.model.slug
        self.charges.append(
            Charge(generation_id=generation.id, model=slug, tokens=generation.tokens)
        )
        self.changed()

    def fail(self, generation: Generation, reason: str) -> None:
        """End a pending generation without a charge."""
        if generation.status is Status.PENDING:
            generation.status = Status.FAILED
            generation.error = reason

    def find(self, generation_id: str) -> Generation:
        """Look a generation up; an unknown one is refused with 404."""
        found = self._generations.get(generation_id)
        if found is None:
            raise Refusal(404, f"Generation '{generation_id}' not found")
        return found

    def newest_first(self) -> Sequence[Generation]:
        """List all generations, the newest first."""
        return list(reversed(self._generations.values()))

    def reply_to(self, order: Order) -> Reply:
        """Take the scripted reply for this order, or let the parrot speak."""
        for script in self._scripts:
            if script.left > 0 and script.contains in order.prompt:
                script.left -= 1
                return script.reply
        said = Reply(text=answer(order.conversation), first_delay=self.pace, gap=self.pace)
        if order.max_tokens is None:
            return said
        return Reply(chunks=said.pieces[: order.max_tokens], first_delay=self.pace, gap=self.pace)


@dataclass(slots=True, kw_only=True)
class _Script:
    reply: Reply
    contains: str
    left: int
