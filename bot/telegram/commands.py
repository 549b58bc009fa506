"""The command menus, in every language: everybody's, and those of admins."""

from collections.abc import Callable

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand, BotCommandScopeChat

from bot.i18n import FALLBACK, Localizer, Translator
from bot.services.access import AccessService
from bot.telegram.session import describe

log = structlog.get_logger(__name__)


async def publish_commands(bot: Bot, translator: Translator, access: AccessService) -> None:
    """Show in Telegram's menus what the bot can do; without a menu it still works."""
    await _publish(bot, translator, _menu)
    for person_id in access.admins:
        await publish_admin_menu(bot, translator, access, person_id)
    for person_id in access.menu_owners - access.admins:
        await _withdraw_admin_menu(bot, translator, access, person_id)


async def publish_admin_menu(
    bot: Bot, translator: Translator, access: AccessService, person_id: int
) -> None:
    """Show an admin what only admins can do; refused before they have written to the bot."""
    scope = BotCommandScopeChat(chat_id=person_id)
    if await _publish(bot, translator, _admin_menu, scope):
        await access.note_menu(person_id, has_menu=True)


async def _withdraw_admin_menu(
    bot: Bot, translator: Translator, access: AccessService, person_id: int
) -> None:
    scope = BotCommandScopeChat(chat_id=person_id)
    try:
        for code in _codes(translator):
            await bot.delete_my_commands(scope=scope, language_code=code)
    except AiogramError as error:
        log.warning("commands.not_withdrawn", failure=describe(error))
    else:
        await access.note_menu(person_id, has_menu=False)


async def _publish(
    bot: Bot,
    translator: Translator,
    menu: Callable[[Localizer], list[BotCommand]],
    scope: BotCommandScopeChat | None = None,
) -> bool:
    try:
        for code in _codes(translator):
            commands = menu(translator.for_locale(code or FALLBACK))
            await bot.set_my_commands(commands, scope=scope, language_code=code)
    except AiogramError as error:
        log.warning("commands.not_published", failure=describe(error))
        return False
    return True


def _codes(translator: Translator) -> list[str | None]:
    """Name the menus by language; the one without is for all languages that have none."""
    return [None if language == FALLBACK else language for language in translator.languages]


def _menu(t: Localizer) -> list[BotCommand]:
    return [
        BotCommand(command="chat", description=t("command-chat")),
        BotCommand(command="image", description=t("command-image")),
        BotCommand(command="video", description=t("command-video")),
        BotCommand(command="jobs", description=t("command-jobs")),
        BotCommand(command="model", description=t("command-model")),
        BotCommand(command="settings", description=t("command-settings")),
        BotCommand(command="system", description=t("command-system")),
        BotCommand(command="language", description=t("command-language")),
        BotCommand(command="new", description=t("command-new")),
        BotCommand(command="stop", description=t("command-stop")),
        BotCommand(command="balance", description=t("command-balance")),
        BotCommand(command="export", description=t("command-export")),
        BotCommand(command="forget_me", description=t("command-forget-me")),
        BotCommand(command="help", description=t("command-help")),
    ]


def _admin_menu(t: Localizer) -> list[BotCommand]:
    return [
        *_menu(t),
        BotCommand(command="allow", description=t("command-allow")),
        BotCommand(command="deny", description=t("command-deny")),
        BotCommand(command="access", description=t("command-access")),
        BotCommand(command="limit", description=t("command-limit")),
        BotCommand(command="stats", description=t("command-stats")),
    ]
