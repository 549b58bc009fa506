"""The first words with Telegram."""

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramUnauthorizedError
from aiogram.types import User
from aiogram.utils.deep_linking import create_deep_link

from bot.services.access import AccessService
from bot.settings import SettingsInvalid
from bot.telegram.session import describe

log = structlog.get_logger(__name__)


async def introduce(bot: Bot, access: AccessService) -> User:
    """Ask Telegram who the bot is, which also shows that the token is right.

    Whoever reads the log of the start learns how to own a bot that nobody owns.
    """
    try:
        me = await bot.me()
    except TelegramUnauthorizedError:
        problem = "BOT_TOKEN: Telegram does not know it; copy it again from @BotFather"
        raise SettingsInvalid([problem]) from None
    except AiogramError as error:
        problem = f"TELEGRAM_API_URL: no Bot API answers there ({describe(error)})"
        raise SettingsInvalid([problem]) from None
    log.info("bot.started", username=me.username)
    if access.claim_code is not None and me.username is not None:
        link = create_deep_link(me.username, link_type="start", payload=access.claim_code)
        log.warning("access.unclaimed", link=link, mend="open the link to own the bot")
    return me
