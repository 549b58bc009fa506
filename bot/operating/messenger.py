"""Checks what Telegram knows of the bot: its token, and where its updates go."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.types import WebhookInfo

from bot.operating.finding import Finding, well, wrong
from bot.settings import Settings
from bot.telegram.introduction import unsupported_modes
from bot.telegram.session import connect, describe

ANSWER_SECONDS = 10


async def check_token(settings: Settings) -> Finding:
    """Ask who the bot is."""
    async with _connected(settings) as bot:
        try:
            me = await bot.get_me(request_timeout=ANSWER_SECONDS)
        except AiogramError as error:
            return wrong(_explain(error, settings))
    return well(f"BOT_TOKEN is that of @{me.username}")


async def check_modes(settings: Settings) -> Finding:
    """Ask whether the bot may be called in chats that it does not belong to, where it shall be."""
    if not settings.guest_mode and not settings.inline_mode:
        return well("GUEST_MODE and INLINE_MODE are off")
    async with _connected(settings) as bot:
        try:
            me = await bot.get_me(request_timeout=ANSWER_SECONDS)
        except AiogramError as error:
            return wrong(_explain(error, settings))
    mends = unsupported_modes(me, settings)
    if mends:
        return wrong(
            "; ".join(f"{name} has no effect yet: {mend}" for name, mend in mends.items())
        )
    return well("Telegram allows what GUEST_MODE and INLINE_MODE want")


async def check_updates(settings: Settings) -> Finding:
    """Ask where Telegram posts updates to, if it does."""
    async with _connected(settings) as bot:
        try:
            known = await bot.get_webhook_info(request_timeout=ANSWER_SECONDS)
        except AiogramError as error:
            return wrong(_explain(error, settings))
    if settings.webhook_url is None:
        return _judge_polling(known)
    return _judge_webhook(known, settings.webhook_url)


def _judge_polling(known: WebhookInfo) -> Finding:
    if not known.url:
        return well("polling: no webhook is set")
    said = (
        f"Telegram posts them to {_host(known.url)}: stop what uses the token there, "
        "and start the bot, which takes them back"
    )
    return wrong(said)


def _judge_webhook(known: WebhookInfo, url: str) -> Finding:
    if not known.url:
        return well("no webhook is set yet: the bot sets it when it starts")
    if known.url != url:
        said = f"Telegram posts them to {_host(known.url)}: start the bot, which sets WEBHOOK_URL"
        return wrong(said)

    trouble = known.last_error_message
    if trouble is None or known.last_error_date is None:
        return well(f"Telegram posts them to {_host(url)}")
    when = f"{known.last_error_date:%Y-%m-%d %H:%M} UTC"
    if known.pending_update_count == 0:
        return well(f"Telegram posts them to {_host(url)}; it last failed at {when}")
    said = (
        f"{known.pending_update_count} wait, since Telegram could not post at {when} ({trouble}): "
        f"see that {_host(url)} leads to the bot"
    )
    return wrong(said)


def _explain(error: AiogramError, settings: Settings) -> str:
    address = settings.telegram_api_url
    match error:
        case TelegramUnauthorizedError() | TelegramNotFound():
            return "BOT_TOKEN is not known to Telegram: copy it again from @BotFather"
        case TelegramNetworkError():
            return f"nobody answers at {address}: check the network and TELEGRAM_API_URL"
        case _:
            return f"{address} answers oddly ({describe(error)}): check TELEGRAM_API_URL"


def _host(url: str) -> str:
    """The path of a webhook may be secret."""
    return urlsplit(url).netloc


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[Bot]:
    token = settings.bot_token.get_secret_value()
    async with connect(token, api_url=settings.telegram_api_url).context() as bot:
        yield bot
