"""What the owner decides, and what they hear of their account."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.parts.outside import Outside
from bot.services.access import AccessService
from bot.services.balance import BalanceService
from bot.services.gate import Gate
from bot.services.owner_day import OwnerDay
from bot.services.owning import Owning
from bot.services.spending import SpendingService
from bot.settings import Access, Settings
from bot.storage.access import AccessStore
from bot.storage.ledger import LedgerStore
from bot.storage.notices import NoticeStore
from bot.telegram.messenger import TelegramMessenger
from bot.workers.account_watch import AccountWatch


@asynccontextmanager
async def open_owning(settings: Settings, outside: Outside) -> AsyncIterator[Owning]:
    """Build what the owner decides, and load what was decided before."""
    database, client = outside.database, outside.client
    day, notices = OwnerDay(settings.timezone), NoticeStore(database)
    access = AccessService(
        AccessStore(database),
        open_to_all=settings.access is Access.OPEN,
        admin_ids=settings.admin_ids,
        allowed_ids=settings.allowed_ids,
    )
    await access.load()
    spending = SpendingService(
        LedgerStore(database),
        access,
        notices,
        day=day,
        user_daily=settings.user_daily_tokens,
        chat_daily=settings.chat_daily_tokens,
        daily=settings.daily_tokens,
    )
    balance = BalanceService(client)
    try:
        yield Owning(
            day=day,
            access=access,
            notices=notices,
            spending=spending,
            balance=balance,
            gate=Gate(lambda: client.limits, day=day),
        )
    finally:
        await balance.close()


def create_watch(settings: Settings, outside: Outside, owning: Owning) -> AccountWatch:
    """Build what tells people, unasked, how the account and their limits stand."""
    return AccountWatch(
        owning.balance,
        owning.access,
        owning.notices,
        TelegramMessenger(outside.bot, outside.translator),
        owning.spending,
        metrics=outside.metrics,
        low_balance=settings.low_balance,
        day=owning.day,
    )
