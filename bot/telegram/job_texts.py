"""What people read about their orders of pictures and videos."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from bot.errors import BotError
from bot.i18n import Localizer
from bot.model import Failure, JobState, MediaJob, PriceRange
from bot.services.looking import expected_seconds

UNKNOWN_FAILURE = Failure(key=BotError.key, arguments={})

NO_REASON = "none"
"""What texts are given in place of an empty reason: Fluent cannot choose by an empty text."""

FEW_SECONDS = 55
"""Expected times below are told in seconds, from there on in minutes."""


def status_text(
    job: MediaJob,
    t: Localizer,
    *,
    balance: int | None = None,
    allowance: int | None = None,
    waiting_until: str | None = None,
) -> str:
    """Say how far an order is.

    An offer also says how many tokens are left, on the account and to its person today, and an
    order that waits for the rate limit, until when; each if it is given.
    """
    kind = job.kind.value
    match job.state:
        case JobState.OFFERED:
            return _offer(job, t, balance, allowance)
        case JobState.CREATED | JobState.PENDING:
            return _making(job, t, waiting_until)
        case JobState.UNKNOWN:
            return t("status-unknown", kind=kind)
        case JobState.READY | JobState.DELIVERED:
            return t("status-ready", kind=kind)
        case JobState.UNDELIVERABLE:
            return t("status-undeliverable", kind=kind)
        case JobState.DROPPED if job.waiting_since is not None:
            return t("status-dropped", kind=kind)
        case JobState.DECLINED | JobState.DROPPED:
            return t("status-declined")
        case JobState.LAPSED:
            return t("status-lapsed")
        case JobState.REFUSED | JobState.FAILED | JobState.EXPIRED:
            return _failure(job.failure or UNKNOWN_FAILURE, t)
        case _:
            assert_never(job.state)


def caption(job: MediaJob, t: Localizer) -> str:
    """Say how a result came about, as far as the service told."""
    parts = [job.model]
    if (result := job.result) is not None:
        if result.tokens_spent is not None:
            parts.append(t("tokens", count=result.tokens_spent))
        if result.seed is not None:
            parts.append(t("seed", seed=str(result.seed)))
        if result.processing_seconds is not None:
            parts.append(duration(result.processing_seconds, t))
    return " · ".join(parts)


def link_text(job: MediaJob, t: Localizer) -> str:
    """Say that a result is behind the button below."""
    return f"{t('result-link', kind=job.kind.value)}\n{caption(job, t)}"


def list_text(jobs: Iterable[MediaJob], t: Localizer, *, now: datetime) -> str:
    """List orders with what became of them and how long that took, or takes until now."""
    lines = [_line(job, t, now) for job in jobs]
    return "\n".join([t("jobs-title"), "", *lines]) if lines else t("jobs-nothing")


def duration(seconds: float, t: Localizer) -> str:
    """Write a time in hours, minutes and seconds; none is shorter than a second."""
    minutes, rest = divmod(max(round(seconds), 1), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return t("time-hours", hours=hours, minutes=minutes)
    if minutes:
        return t("time-minutes", minutes=minutes, seconds=rest)
    return t("time-seconds", seconds=rest)


def _offer(job: MediaJob, t: Localizer, balance: int | None, allowance: int | None) -> str:
    """Name the price, what is left, and ask."""
    price = _price(job.price or PriceRange(min_tokens=0, max_tokens=0), t)
    lines = [t("offer", kind=job.kind.value, model=job.model, price=price)]
    if balance is not None:
        lines.append(t("offer-balance", tokens=balance))
    if allowance is not None:
        lines.append(t("offer-allowance", tokens=allowance))
    return "\n".join([*lines, t("offer-question")])


def _making(job: MediaJob, t: Localizer, waiting_until: str | None) -> str:
    """Say how long it usually takes or, if it has to wait, when it will be ordered."""
    kind = job.kind.value
    if job.state is JobState.CREATED and waiting_until is not None:
        return t("status-waiting", kind=kind, until=waiting_until)
    return t("status-making", kind=kind, model=job.model, time=_expected(job, t))


def _price(price: PriceRange, t: Localizer) -> str:
    if price.min_tokens == price.max_tokens:
        return t("tokens", count=price.max_tokens)
    return t("tokens-range", least=price.min_tokens, most=price.max_tokens)


def _expected(job: MediaJob, t: Localizer) -> str:
    """Say roughly how long it usually takes."""
    seconds = expected_seconds(job)
    if seconds < FEW_SECONDS:
        return t("about-seconds", seconds=max(seconds, 1))
    return t("about-minutes", minutes=max(round(seconds / 60), 1))


def _failure(failure: Failure, t: Localizer) -> str:
    arguments = dict(failure.arguments)
    if arguments.get("reason") == "":
        arguments["reason"] = NO_REASON
    return t(failure.key, **arguments)


def _line(job: MediaJob, t: Localizer, now: datetime) -> str:
    time = (job.finished_at or now) - (job.waiting_since or job.created_at)
    return t(
        "jobs-line",
        id=str(job.id),
        kind=job.kind.value,
        model=job.model,
        state=_told_state(job).value,
        time=duration(time.total_seconds(), t),
    )


def _told_state(job: MediaJob) -> JobState:
    """An order under way is no riddle to anybody before its answer is missed."""
    is_asked_for_now = job.state is JobState.UNKNOWN and job.lease is not None
    return JobState.PENDING if is_asked_for_now else job.state
