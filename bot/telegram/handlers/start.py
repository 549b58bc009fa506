"""`/start` and `/help`: what the bot is for."""

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import Message

from bot.i18n import Localizer
from bot.model import MediaKind
from bot.services.media import MediaService
from bot.telegram.options_help import explain_options


def create_router() -> Router:
    """Answer the commands by which people get to know the bot."""
    router = Router(name=__name__)
    router.message.register(start, CommandStart(ignore_case=True))
    router.message.register(help_, Command("help", ignore_case=True))
    return router


async def start(message: Message, t: Localizer) -> None:
    """Greet a person."""
    await message.reply(t("start", name=message.from_user.first_name if message.from_user else ""))


async def help_(
    message: Message, command: CommandObject, t: Localizer, media: MediaService
) -> None:
    """List what the bot can do, or how to order a picture or a video."""
    topic = (command.args or "").strip().lower().lstrip("/")
    if topic in list(MediaKind):
        kind = MediaKind(topic)
        await message.reply(explain_options(kind, t, default_model=media.default_model(kind)))
    else:
        await message.reply(t("help"))
