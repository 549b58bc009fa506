"""`/start` and `/help`: what the bot is for."""

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import Message

from bot.i18n import Localizer, Translator
from bot.model import MediaKind
from bot.services.access import AccessService
from bot.services.media import MediaService
from bot.telegram.commands import publish_admin_menu
from bot.telegram.filters import from_admin
from bot.telegram.options_help import explain_options
from bot.telegram.rights import Rights


def create_router() -> Router:
    """Answer the commands by which people get to know the bot."""
    router = Router(name=__name__)
    router.message.register(start, CommandStart(ignore_case=True))
    router.message.register(help_, Command("help", ignore_case=True))
    return router


async def start(
    message: Message, bot: Bot, t: Localizer, access: AccessService, translator: Translator
) -> None:
    """Greet a person, and show admins their menu, which they cannot have before they write."""
    await message.reply(t("start", name=message.from_user.first_name if message.from_user else ""))
    if message.chat.type == "private" and await from_admin(message, access):
        await publish_admin_menu(bot, translator, access, message.chat.id)


async def help_(
    message: Message,
    command: CommandObject,
    *,
    t: Localizer,
    media: MediaService,
    access: AccessService,
    rights: Rights,
) -> None:
    """List what the bot can do for this person, or how to order a picture or a video."""
    topic = (command.args or "").strip().lower().lstrip("/")
    if topic in list(MediaKind):
        kind = MediaKind(topic)
        default_model = await media.default_model(kind, message.chat.id)
        await message.reply(explain_options(kind, t, default_model=default_model))
        return

    text = t("help", control=rights.control.value)
    if message.chat.type == "private" and await from_admin(message, access):
        text = f"{text}\n\n{t('help-admin')}"
    await message.reply(text)
