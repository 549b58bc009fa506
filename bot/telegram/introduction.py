"""The first words with Telegram."""

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramUnauthorizedError
from aiogram.types import User
from aiogram.utils.deep_linking import create_deep_link

from bot.services.access import AccessService
from bot.settings import Settings, SettingsInvalid
from bot.telegram.session import describe

log = structlog.get_logger(__name__)


async def introduce(bot: Bot, access: AccessService, settings: Settings) -> User:
    """Ask Telegram who the bot is, which also shows that the token is right.

    Whoever reads the log of the start learns how to own a bot that nobody owns, and what
    @BotFather still has to allow.
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
    for setting, mend in unsupported_modes(me, settings).items():
        log.warning("mode.unsupported", setting=setting, mend=mend)
    if access.claim_code is not None and me.username is not None:
        link = create_deep_link(me.username, link_type="start", payload=access.claim_code)
        log.warning("access.unclaimed", link=link, mend="open the link to own the bot")
    return me


def unsupported_modes(me: User, settings: Settings) -> dict[str, str]:
    """Name the settings that have no effect before @BotFather allows it, and what to do there."""
    mends = {}
    if settings.guest_mode and not me.supports_guest_queries:
        mends["GUEST_MODE"] = "allow guest queries in the settings of the bot at @BotFather"
    if settings.inline_mode and not me.supports_inline_queries:
        mends["INLINE_MODE"] = "send /setinline to @BotFather, and /setinlinefeedback as well"
    return mends
