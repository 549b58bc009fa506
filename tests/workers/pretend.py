"""A service and a courier that do what a test tells them, and crash when it wants."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import httpx

from bot.model import JobState, MediaJob
from bot.services.courier import Delivery, Media, Outcome
from tests.storage.orders import Clock

COST = 4
"""What every generation is charged, once it is made."""
PICTURE = b"\x89PNG\r\n\x1a\n and so on"


class Crash(BaseException):
    """The program dies, here and now."""


class Fate(StrEnum):
    """What becomes of the request that orders something."""

    PENDING = "pending"
    MADE = "made"
    FAILED = "failed"
    LOST_ANSWER = "taken, but the answer got lost"
    LOST_REQUEST = "never taken, and no answer came"
    UNREACHABLE = "no connection"
    OVERLOADED = "503"
    BROKEN = "500"
    GATEWAY = "502 after it was taken"
    LIMITED = "429"
    GARBLED = "taken, and answered with HTML"


TAKING = frozenset(
    {Fate.PENDING, Fate.MADE, Fate.FAILED, Fate.LOST_ANSWER, Fate.GATEWAY, Fate.GARBLED}
)


@dataclass(kw_only=True)
class Made:
    """A generation of the pretended service."""

    id: int
    model: str
    prompt: str
    created_at: datetime
    ends_at: datetime
    fails: bool

    def charged(self, now: datetime) -> int:
        return COST if now >= self.ends_at and not self.fails else 0

    def as_json(self, now: datetime) -> dict[str, object]:
        status = "pending" if now < self.ends_at else "failed" if self.fails else "completed"
        is_made = status == "completed"
        return {
            "id": self.id,
            "status": status,
            "model_slug": self.model,
            "prompt": self.prompt,
            "result_url": f"https://files.example/{self.id}.png" if is_made else None,
            "error": "Provider error" if status == "failed" else None,
            "tokens_spent": self.charged(now),
            "created_at": self.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


@dataclass(kw_only=True)
class Service:
    """Answers requests; orders by their fates, all else as it was told last."""

    clock: Clock
    fates: Iterator[Fate]
    seconds: Iterator[int]
    trouble: bool = False
    """Whether everything but orders fails."""
    limited_for: float | None = None
    """For how many seconds looks are refused, as the refusals say."""
    hidden: bool = False
    """Whether the history lists nothing."""
    looks: int = 0
    crash: str | None = None
    """Before or after which kind of request the program dies next."""
    made: list[Made] = field(default_factory=list)
    posts: Counter[str] = field(default_factory=Counter)

    def charged(self) -> Counter[str]:
        """Tell what was charged by now, by prompt."""
        now, charged = self.clock(), Counter[str]()
        for made in self.made:
            charged[made.prompt] += made.charged(now)
        return charged

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        kind = "order" if request.url.path.endswith("/generate") else "look"
        self.strike(f"before {kind}")
        answer = self._answer(request)
        self.strike(f"after {kind}")
        return answer

    def strike(self, place: str) -> None:
        if self.crash == place:
            self.crash = None
            raise Crash

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "files.example":
            return self._troubled() or httpx.Response(
                200, content=PICTURE, headers={"content-type": "image/png"}
            )
        path = request.url.path.removeprefix("/api/v2")
        if path == "/generate":
            return self._order(json.loads(request.content))
        if troubled := self._troubled():
            return troubled
        if path.endswith("/calculate-price"):
            price = {"token_cost": 50, "min_token_cost": 26, "max_token_cost": 94}
            return httpx.Response(200, json={**price, "pricing_type": "per_second"})
        if path == "/balance":
            return httpx.Response(200, json={"token_balance": 283, "plan": "vip"})
        if path == "/user/history":
            return self._history(int(request.url.params["page"]))
        self.looks += 1
        if self.limited_for is not None:
            return httpx.Response(429, json={"retry_after": self.limited_for})
        return self._find(path.rpartition("/")[2])

    def _troubled(self) -> httpx.Response | None:
        return httpx.Response(500, json={"error": "provider_error"}) if self.trouble else None

    def _order(self, body: dict[str, str]) -> httpx.Response:
        fate = next(self.fates)
        match fate:
            case Fate.UNREACHABLE:
                problem = "nobody listens"
                raise httpx.ConnectError(problem)
            case Fate.OVERLOADED:
                return httpx.Response(503, json={"error": "model_unavailable"})
            case Fate.LIMITED:
                return httpx.Response(429, json={"retry_after": 600})
            case _:
                self.posts[body["prompt"]] += 1

        if fate in TAKING:
            self._take(body, fate)
        match fate:
            case Fate.LOST_ANSWER | Fate.LOST_REQUEST:
                problem = "nothing came"
                raise httpx.ReadTimeout(problem)
            case Fate.GATEWAY:
                return httpx.Response(502, text="<html>Bad Gateway</html>")
            case Fate.GARBLED:
                return httpx.Response(200, text="<html>Welcome</html>")
            case Fate.BROKEN:
                return httpx.Response(500, json={"error": "provider_error"})
            case _:
                return httpx.Response(200, json=self.made[-1].as_json(self.clock()))

    def _take(self, body: dict[str, str], fate: Fate) -> None:
        at_once = fate in {Fate.MADE, Fate.FAILED}
        seconds = 0 if at_once else next(self.seconds)
        self.made.append(
            Made(
                id=1 + len(self.made),
                model=body["model"],
                prompt=body["prompt"],
                created_at=self.clock(),
                ends_at=self.clock() + timedelta(seconds=seconds),
                fails=fate is Fate.FAILED,
            )
        )

    def _history(self, page: int) -> httpx.Response:
        first = (page - 1) * 50
        if self.hidden:
            return httpx.Response(200, json={"items": [], "total": 0, "page": 1, "limit": 50})
        items = [made.as_json(self.clock()) for made in reversed(self.made)][first : first + 50]
        total = len(self.made)
        return httpx.Response(
            200, json={"items": items, "total": total, "page": page, "limit": 50}
        )

    def _find(self, generation_id: str) -> httpx.Response:
        made = self.made[int(generation_id) - 1]
        return httpx.Response(200, json=made.as_json(self.clock()))


@dataclass(kw_only=True)
class Post:
    """A courier that remembers what people saw."""

    service: Service
    outcome: Outcome = Outcome.DONE
    shown: dict[int, set[JobState]] = field(default_factory=dict)
    delivered: Counter[int] = field(default_factory=Counter)
    unsure: int = 0
    """How often nobody knew whether a result arrived."""
    sent: Counter[bool] = field(default_factory=Counter)
    """How often a result went out: True as a file, False as a link."""

    async def show(
        self,
        job: MediaJob,
        *,
        balance: int | None = None,
        allowance: int | None = None,
        waiting_until: str | None = None,
    ) -> Delivery:
        del balance, allowance, waiting_until
        self.service.strike("before show")
        if self.outcome is not Outcome.DELAYED:  # who blocked the bot wants to hear nothing
            self.shown.setdefault(job.id, set()).add(job.state)
        self.service.strike("after show")
        return Delivery(outcome=self.outcome, message_id=job.id)

    async def deliver(self, job: MediaJob, media: Media | None) -> Delivery:
        assert media is None or media.file.read() == PICTURE
        self.service.strike("before deliver")
        self.sent[media is not None] += 1
        self.unsure += self.outcome is Outcome.UNSURE
        if self.outcome in {Outcome.DONE, Outcome.UNSURE}:
            self.delivered[job.id] += 1
        self.service.strike("after deliver")
        return Delivery(outcome=self.outcome, message_id=1000 + job.id)

    async def send_file(self, job: MediaJob, media: Media) -> Delivery:
        raise NotImplementedError

    async def clear(self, job: MediaJob) -> None:
        del job
        self.service.strike("before show")
