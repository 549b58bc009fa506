"""`/model`: which model answers in this chat."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.i18n import Localizer
from bot.model import Preference
from bot.services.media_options import shown
from bot.services.preferences import PreferenceService
from bot.services.written_values import is_off
from bot.telegram.addressing import person_of
from bot.telegram.rights import Rights
from bot.telegram.settings_menu import SettingsMenu


def create_router() -> Router:
    """Answer the command; its buttons are those of the settings."""
    router = Router(name=__name__)
    router.message.register(model, Command("model", ignore_case=True))
    return router


async def model(
    message: Message,
    command: CommandObject,
    *,
    t: Localizer,
    rights: Rights,
    menu: SettingsMenu,
    preferences: PreferenceService,
) -> None:
    """Show the models that answer questions, or choose one by its name."""
    await rights.require(chat=message.chat, person_id=person_of(message))
    written, notice = command.args or "", ""
    chosen = await menu.find_text_model(message.chat.id, written) if written else None
    if chosen is not None or is_off(written):
        slug = None if chosen is None else chosen.slug
        await preferences.change(message.chat.id, Preference.CHAT_MODEL, slug)
    elif written:
        notice = t("model-unknown", model=shown(written))
    await menu.open(message, Preference.CHAT_MODEL, notice=notice)
