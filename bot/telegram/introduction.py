"""The first words with Telegram."""

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramUnauthorizedError
from aiogram.types import User

from bot.settings import SettingsInvalid
from bot.telegram.session import describe

log = structlog.get_logger(__name__)


async def introduce(bot: Bot) -> User:
    """Ask Telegram who the bot is, which also shows that the token is right."""
    try:
        me = await bot.me()
    except TelegramUnauthorizedError:
        problem = "BOT_TOKEN: Telegram does not know it; copy it again from @BotFather"
        raise SettingsInvalid([problem]) from None
    except AiogramError as error:
        problem = f"TELEGRAM_API_URL: no Bot API answers there ({describe(error)})"
        raise SettingsInvalid([problem]) from None
    log.info("bot.started", username=me.username)
    return me
