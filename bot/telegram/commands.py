"""The command menu, in every language."""

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand

from bot.i18n import FALLBACK, Localizer, Translator
from bot.telegram.session import describe

log = structlog.get_logger(__name__)


async def publish_commands(bot: Bot, translator: Translator) -> None:
    """Show in Telegram's menu what the bot can do; without a menu it still works."""
    try:
        for language in translator.languages:
            await bot.set_my_commands(
                _menu(translator.for_locale(language)),
                language_code=None if language == FALLBACK else language,
            )
    except AiogramError as error:
        log.warning("commands.not_published", failure=describe(error))


def _menu(t: Localizer) -> list[BotCommand]:
    return [
        BotCommand(command="chat", description=t("command-chat")),
        BotCommand(command="image", description=t("command-image")),
        BotCommand(command="video", description=t("command-video")),
        BotCommand(command="jobs", description=t("command-jobs")),
        BotCommand(command="new", description=t("command-new")),
        BotCommand(command="stop", description=t("command-stop")),
        BotCommand(command="help", description=t("command-help")),
    ]
