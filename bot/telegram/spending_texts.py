"""What people read about the tokens that are spent and those that are left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.elumenta import Balance, RateLimits
from bot.i18n import Localizer
from bot.model import EVERYBODY, Spending, SpentByKind
from bot.services.owner_day import OwnerDay
from bot.telegram.subjects import Subject, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What was spent on this day of the owner's and in its month, by kind."""

    today: Sequence[SpentByKind]
    month: Sequence[SpentByKind]


def account_text(
    balance: Balance | None,
    limits: RateLimits,
    spent: Spent,
    standings: Iterable[Spending],
    *,
    t: Localizer,
    day: OwnerDay,
) -> str:
    """Tell an admin how the account stands; a balance of None could not be asked for."""
    return _blocks(
        _account(balance, t, day),
        _spent(spent, t),
        _left(standings, t, day),
        _requests(limits, t, day),
    )


def person_text(
    spent: Spent, standings: Iterable[Spending], *, t: Localizer, day: OwnerDay
) -> str:
    """Tell a person what they spent, and what is left to them."""
    return _blocks(_spent(spent, t), _left(_binding(standings), t, day))


def group_text(
    today: Sequence[SpentByKind], standings: Iterable[Spending], *, t: Localizer, day: OwnerDay
) -> str:
    """Tell a group what it spent today, and what is left to it: nothing of anybody else."""
    own = [one for one in standings if one.subject_id < EVERYBODY]
    spent = t("spent-here-today", spent=_by_kind(today, t))
    return "\n".join([spent, *_left(own, t, day)])


def limit_text(
    subject: Subject, standing: Spending, *, is_override: bool, tells_spent: bool, t: Localizer
) -> str:
    """Tell an admin what somebody may spend on a day and, where it may be told, what they did."""
    name = label(subject.id, subject.name)
    limit = t("limit-none") if standing.limit is None else t("tokens", count=standing.limit)
    source = "own" if is_override else "settings"
    lines = [t("limit-shown", subject=name, limit=limit, source=source)]
    if tells_spent:
        lines.append(t("spent-today", spent=t("tokens", count=standing.tokens)))
    return "\n".join(lines)


def _account(balance: Balance | None, t: Localizer, day: OwnerDay) -> list[str]:
    if balance is None:
        return [t("balance-unknown")]
    lines = [t("balance-account", tokens=balance.tokens)]
    if balance.plan is not None and balance.expires_at is not None:
        until = day.clock_time(balance.expires_at)
        lines.append(t("balance-plan-until", plan=balance.plan, until=until))
    elif balance.plan is not None:
        lines.append(t("balance-plan", plan=balance.plan))
    return lines


def _requests(limits: RateLimits, t: Localizer, day: OwnerDay) -> list[str]:
    """Tell how many requests are left, where the account's plan limits them."""
    lines = []
    left, limit, renewed_at = limits.remaining_hour, limits.limit_hour, limits.hour_resets_at
    if left is not None and limit:
        until = renewed_at and day.clock_time(renewed_at)
        lines.append(
            t("balance-hour-until", left=left, limit=limit, until=until)
            if until
            else t("balance-hour", left=left, limit=limit)
        )
    left, limit = limits.remaining_day, limits.limit_day
    if left is not None and limit:
        lines.append(t("balance-day", left=left, limit=limit))
    return lines


def _spent(spent: Spent, t: Localizer) -> list[str]:
    return [
        t("spent-today", spent=_by_kind(spent.today, t)),
        t("spent-this-month", spent=_by_kind(spent.month, t)),
    ]


def _by_kind(spent: Iterable[SpentByKind], t: Localizer) -> str:
    parts = [one for one in spent if one.tokens > 0]
    if not parts:
        return t("spent-nothing")
    return t(
        "spent-parts",
        tokens=t("tokens", count=sum(one.tokens for one in parts)),
        parts=", ".join(t("spent-part", kind=one.kind.value, tokens=one.tokens) for one in parts),
    )


def _binding(standings: Iterable[Spending]) -> list[Spending]:
    """Leave the limit of all together out unless it is the tightest: it tells of others."""
    limited = [one for one in standings if one.left is not None]
    tightest = min(limited, key=lambda one: one.left or 0, default=None)
    return [one for one in limited if one is tightest or one.subject_id != EVERYBODY]


def _left(standings: Iterable[Spending], t: Localizer, day: OwnerDay) -> list[str]:
    until = day.clock_time(day.ends_at())
    return [
        t("left-today", scope=one.scope, left=one.left, limit=one.limit, until=until)
        for one in standings
        if one.left is not None and one.limit is not None
    ]


def _blocks(*blocks: list[str]) -> str:
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)
