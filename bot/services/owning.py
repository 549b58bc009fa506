"""What the owner decides, in one place for those who need most of it."""

from dataclasses import dataclass

from bot.services.access import AccessService
from bot.services.balance import BalanceService
from bot.services.gate import Gate
from bot.services.owner_day import OwnerDay
from bot.services.spending import SpendingService
from bot.storage.notices import NoticeStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Owning:
    """Who may use the bot, what it may spend, and what people were told of that."""

    day: OwnerDay
    access: AccessService
    notices: NoticeStore
    spending: SpendingService
    balance: BalanceService
    gate: Gate
