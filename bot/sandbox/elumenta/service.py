"""The rules of the service: who may ask, what is answered, what is charged."""

import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot.sandbox.elumenta.generation import Generation, Result, Status
from bot.sandbox.elumenta.limits import RateLimits
from bot.sandbox.elumenta.making import OK, Making
from bot.sandbox.elumenta.media_order import MediaOrder
from bot.sandbox.elumenta.model import Category
from bot.sandbox.elumenta.offering import Offering
from bot.sandbox.elumenta.order import Order, read_order
from bot.sandbox.elumenta.parrot import answer
from bot.sandbox.elumenta.records import Charge, Request
from bot.sandbox.elumenta.refusals import Refusal
from bot.sandbox.elumenta.reply import Reply
from bot.sandbox.elumenta.scripts import Scripted
from bot.sandbox.elumenta.shapes import Shape, new_id
from bot.sandbox.elumenta.watching import Watched

API_KEY = "nb_live_sandbox000000000000000000000000000000000"
API_PLANS = frozenset({"vip", "elite"})
FIRST_NUMBER = 18_473

POLL = re.compile(r"/generate/(?:status/)?([^/]+)$")


class Service(Watched, Scripted, Offering):
    """One account of the service and everything that happened to it.

    All public attributes may be set while it runs.
    """

    def __init__(self, *, pace: float, making_seconds: Mapping[str, float]) -> None:
        Watched.__init__(self)
        Scripted.__init__(self)
        Offering.__init__(self)
        self.url = ""
        self.api_key = API_KEY
        self.shape = Shape.A
        self.plan = "elite"
        self.plan_expires_at: datetime | None = datetime(2030, 1, 1, tzinfo=UTC)
        self.balance = 1_000_000
        self.limits = RateLimits(hourly=None, daily=None)
        self.polls_count = False  # no page says whether GET requests count towards the limits
        self.missing: set[str] = set()  # documented paths that are answered with 404
        self.pace = pace  # seconds between the words of an unscripted answer
        self.making_seconds = dict(making_seconds)  # by category: "image" and "video"
        self.tells_eta = False  # of every pending order, not of Midjourney's alone as documented
        self.open_streams = 0
        self._generations: dict[str, Generation] = {}

    def conversation(self, request: Request) -> list[dict[str, str]]:
        """List the messages as the model sees them, whichever request style was used."""
        order = read_order(request.body, find_model=self.known_model)
        if isinstance(order, MediaOrder):
            message = f"'{order.model.slug}' has no conversations"
            raise TypeError(message)
        return list(order.conversation)

    def polls(self, contains: str = "") -> list[Request]:
        """List the polls of generations whose prompt contains this."""
        return [
            request
            for request in self.requests
            if request.method == "GET"
            and (poll := POLL.search(request.path))
            and contains in self._prompt(poll[1])
        ]

    def made_at(self, contains: str = "") -> float:
        """Tell when the first with such a prompt was made, as a reading of time.monotonic()."""
        for generation in self._generations.values():
            if generation.made_at is not None and contains in generation.order.prompt:
                return generation.made_at
        message = f"nothing with '{contains}' was made"
        raise LookupError(message)

    @property
    def awaited_results(self) -> int:
        """How many pictures and videos are being made, or made and not downloaded yet."""
        fetched = {request.path for request in self.downloads if request.status == OK}
        return sum(_is_awaited(one, fetched) for one in self._generations.values())

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

    def begin(self, order: Order | MediaOrder) -> Generation:
        """Accept an order that the balance can pay."""
        if self.balance < order.tokens:
            details = {"required": order.tokens, "available": self.balance}
            raise Refusal(402, "Insufficient tokens", details={**details})

        name = new_id(self.shape, FIRST_NUMBER + len(self._generations))
        started = Generation(id=name, order=order, created_at=datetime.now(UTC))
        self._generations[name] = started
        self.changed()
        return started

    def complete(
        self, generation: Generation, text: str = "", *, result: Result | None = None
    ) -> None:
        """Finish a pending generation and charge it."""
        if generation.status is not Status.PENDING:
            return
        generation.status = Status.COMPLETED
        generation.text = text
        generation.result = result
        generation.tokens = generation.order.tokens
        generation.made_at = time.monotonic()
        generation.completed_at = datetime.now(UTC)
        took = generation.completed_at - generation.created_at
        generation.processing_ms = round(took.total_seconds() * 1000)

        self._charge(generation)
        self._end(generation)

    def fail(self, generation: Generation, reason: str) -> None:
        """End a pending generation without a charge."""
        if generation.status is Status.PENDING:
            generation.status = Status.FAILED
            generation.error = reason
            self._end(generation)

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
        scripted = self.order_scripts.take(order.prompt, skip=Making)
        if isinstance(scripted, Reply):
            return scripted
        said = Reply(text=answer(order.conversation), first_delay=self.pace, gap=self.pace)
        if order.max_tokens is None:
            return said
        return Reply(chunks=said.pieces[: order.max_tokens], first_delay=self.pace, gap=self.pace)

    def seconds_for(self, category: Category) -> float:
        """Say how long a picture or a video takes where no script says it."""
        return self.making_seconds[category.value]

    def _charge(self, generation: Generation) -> None:
        self.balance -= generation.tokens
        slug = generation.order.model.slug
        self.charges.append(
            Charge(generation_id=generation.id, model=slug, tokens=generation.tokens)
        )

    def _end(self, generation: Generation) -> None:
        generation.ended.set()
        self.changed()

    def _prompt(self, generation_id: str) -> str:
        found = self._generations.get(generation_id)
        return "" if found is None else found.order.prompt


def _is_awaited(generation: Generation, fetched: Collection[str]) -> bool:
    if generation.status is Status.PENDING:
        return isinstance(generation.order, MediaOrder)
    return generation.result is not None and urlsplit(generation.result.url).path not in fetched
