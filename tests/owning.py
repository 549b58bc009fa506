"""What the owner decides, put together as the program does: everybody may, without limits."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

from bot.clock import utc_now
from bot.elumenta import ElumentaClient
from bot.services.access import AccessService
from bot.services.balance import BalanceService
from bot.services.gate import Gate
from bot.services.owner_day import OwnerDay
from bot.services.owning import Owning
from bot.services.spending import SpendingService
from bot.storage.access import AccessStore
from bot.storage.engine import Database
from bot.storage.ledger import LedgerStore
from bot.storage.notices import NoticeStore


class Limits(TypedDict, total=False):
    """What may be spent on a day, as the settings say; 0, or nothing, for no limit."""

    user_daily: int
    chat_daily: int
    daily: int


NO_LIMITS = Limits(user_daily=0, chat_daily=0, daily=0)


def create_owning(
    database: Database,
    client: ElumentaClient,
    *,
    open_to_all: bool = True,
    admin_ids: AbstractSet[int] = frozenset(),
    longest_wait: timedelta = timedelta(),
    zone: str = "UTC",
    now: Callable[[], datetime] = utc_now,
    **limits: Unpack[Limits],
) -> Owning:
    """Build it; whoever would have to wait for the rate limit is refused instead."""
    day, notices = OwnerDay(ZoneInfo(zone), now=now), NoticeStore(database, now=now)
    access = AccessService(
        AccessStore(database, now=now),
        open_to_all=open_to_all,
        admin_ids=admin_ids,
        allowed_ids=frozenset(),
        now=now,
    )
    ledger = LedgerStore(database, now=now)
    spending = SpendingService(ledger, access, notices, day=day, **(NO_LIMITS | limits))
    gate = Gate(
        lambda: client.limits, day=day, longest_wait=longest_wait, untold_seconds=0.01, now=now
    )
    return Owning(
        day=day,
        access=access,
        notices=notices,
        spending=spending,
        balance=BalanceService(client),
        gate=gate,
    )


async def nobody_waits(until: str) -> None:
    """Hear that somebody waits, where nobody should have to."""
    raise AssertionError(until)
