"""What is worth telling the owners about their account."""

from datetime import datetime, timedelta

from bot.elumenta import (
    Balance,
    InsufficientTokens,
    PlanTooLow,
    StatusError,
    Unauthorized,
)
from bot.services.messenger import Note
from bot.services.owner_day import OwnerDay

PLAN_WARNING = timedelta(days=3)
"""How long before its end a plan is worth a word."""


def refusal_note(error: StatusError) -> Note | None:
    """Tell of a refusal that the owners can mend; other refusals are for those who asked."""
    match error:
        case Unauthorized():
            return Note(key="watch-unauthorized")
        case InsufficientTokens():
            return Note(key="watch-out-of-tokens")
        case PlanTooLow():
            return Note(key="watch-plan-too-low")
        case _:
            return None


def low_balance_note(balance: Balance, *, limit: int) -> Note | None:
    """Tell that fewer tokens than *limit* are left; with a limit of 0 that is never told."""
    if limit == 0 or balance.tokens >= limit:
        return None
    return Note(key="watch-low-balance", arguments={"tokens": balance.tokens, "limit": limit})


def plan_note(balance: Balance, *, now: datetime, day: OwnerDay) -> Note | None:
    """Tell that the plan is about to end; once it has ended, the service refuses by itself."""
    ends_at = balance.expires_at
    if ends_at is None or not now < ends_at <= now + PLAN_WARNING:
        return None
    return Note(
        key="watch-plan-ends",
        arguments={"plan": balance.plan or "none", "date": day.clock_time(ends_at)},
    )
