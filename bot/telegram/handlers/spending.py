"""What was spent, what is left, and what may be: for people, groups, and the owner."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.filters import Command, CommandObject
from aiogram.types import BufferedInputFile, Message

from bot.elumenta import Balance, ElumentaError
from bot.i18n import Localizer
from bot.services.balance import BalanceService
from bot.services.gate import Gate
from bot.services.owner_day import OwnerDay
from bot.services.spending import SpendingService
from bot.telegram.addressing import person_of
from bot.telegram.charts import draw_usage
from bot.telegram.filters import from_admin, private
from bot.telegram.session import describe
from bot.telegram.spending_texts import Spent, account_text, group_text, limit_text, person_text
from bot.telegram.stats_texts import stats_text
from bot.telegram.subjects import Subject, look_up_name, subject_of

BALANCE_SECONDS = 8.0
"""How long people wait for the account's balance before they are told the rest."""

STATS_DAYS = 30

LIMIT = re.compile(r"(?P<tokens>[0-9]{1,7})|off|", re.IGNORECASE)
"""What may be said of a limit. A number of more digits is an id in the wrong place."""

log = structlog.get_logger(__name__)


def create_router() -> Router:
    """Answer everybody who asks what they spent."""
    router = Router(name=f"{__name__}.for_all")
    command = Command("balance", ignore_case=True)
    router.message.register(balance_of_account, command, private, from_admin)
    router.message.register(balance_of_person, command, private)
    router.message.register(balance_of_group, command)
    return router


def create_admin_router() -> Router:
    """Let admins, whom alone this router may hear, set limits and see what they are used for."""
    router = Router(name=f"{__name__}.for_admins")
    router.message.register(limit, Command("limit", ignore_case=True))
    router.message.register(stats, Command("stats", ignore_case=True), private)
    router.message.register(stats_elsewhere, Command("stats", ignore_case=True))
    return router


async def balance_of_account(
    message: Message,
    t: Localizer,
    *,
    balance: BalanceService,
    gate: Gate,
    spending: SpendingService,
    day: OwnerDay,
) -> None:
    """Tell an admin how the account stands, and what all people together spent."""
    account = await _ask(balance)
    spent = await _spent(spending, day)
    standings = await spending.standings(person_id=person_of(message), chat_id=message.chat.id)
    text = account_text(account, gate.limits, spent, standings, t=t, day=day)
    await message.reply(text)


async def balance_of_person(
    message: Message, t: Localizer, spending: SpendingService, day: OwnerDay
) -> None:
    """Tell a person what they spent here and elsewhere, and what is left to them."""
    person_id = person_of(message)
    spent = await _spent(spending, day, person_id=person_id)
    standings = await spending.standings(person_id=person_id, chat_id=message.chat.id)
    await message.reply(person_text(spent, standings, t=t, day=day))


async def balance_of_group(
    message: Message, t: Localizer, spending: SpendingService, day: OwnerDay
) -> None:
    """Tell a group what it spent, and what is left to it, which all its members may know."""
    today = await spending.spent(since=day.today(), chat_id=message.chat.id)
    standings = await spending.standings(person_id=None, chat_id=message.chat.id)
    await message.reply(group_text(today, standings, t=t, day=day))


async def limit(
    message: Message, command: CommandObject, bot: Bot, t: Localizer, spending: SpendingService
) -> None:
    """Show what somebody may spend on a day, after changing it if that is said."""
    subject = subject_of(message, command.args or "", values=1)
    said = LIMIT.fullmatch(subject.rest) if subject else None
    if subject is None or said is None:
        await message.reply(t("limit-usage"))
        return

    if subject.rest:
        tokens = said["tokens"]
        await spending.set_limit(subject.id, None if tokens is None else int(tokens))
    name = subject.name or await look_up_name(bot, subject.id)
    await message.reply(await _limit(message, replace(subject, name=name), t, spending))


async def stats(message: Message, t: Localizer, spending: SpendingService, day: OwnerDay) -> None:
    """Show what the bot was used for lately, with a picture if there is anything to see."""
    usage, today = await spending.usage(days=STATS_DAYS), day.today()
    text = stats_text(usage, days=STATS_DAYS, today=today, t=t)
    if any(use.tokens for use in usage.days):
        days = [today - timedelta(days=ago) for ago in reversed(range(STATS_DAYS))]
        if await _show(message, await draw_usage(usage, days, t), text):
            return
    await message.reply(text)


async def stats_elsewhere(message: Message, t: Localizer) -> None:
    """Keep what all people did out of a group."""
    await message.reply(t("stats-private"))


async def _ask(balance: BalanceService) -> Balance | None:
    """Ask for the balance; None when the service does not tell in time."""
    try:
        async with asyncio.timeout(BALANCE_SECONDS):
            return await balance.get()
    except (ElumentaError, TimeoutError) as error:
        log.warning("balance.unknown", failure=repr(error))
        return None


async def _spent(
    spending: SpendingService, day: OwnerDay, *, person_id: int | None = None
) -> Spent:
    return Spent(
        today=await spending.spent(since=day.today(), person_id=person_id),
        month=await spending.spent(since=day.month_began(), person_id=person_id),
    )


async def _limit(
    message: Message, subject: Subject, t: Localizer, spending: SpendingService
) -> str:
    """Tell of a limit; what a person spent is nothing that a group should read."""
    standings = await spending.standings(person_id=subject.id, chat_id=subject.id)
    return limit_text(
        subject,
        next(one for one in standings if one.subject_id == subject.id),
        is_override=await spending.limit_of(subject.id) is not None,
        tells_spent=message.chat.type == "private" or message.chat.id == subject.id,
        t=t,
    )


async def _show(message: Message, picture: bytes, caption: str) -> bool:
    """Send a picture, and say whether that went well."""
    try:
        await message.reply_photo(BufferedInputFile(picture, "tokens.png"), caption=caption)
    except AiogramError as error:
        log.warning("chart.not_sent", failure=describe(error))
        return False
    return True
