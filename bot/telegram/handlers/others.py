"""What the bot does not understand; a person is told, a group is left in peace."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.i18n import Localizer
from bot.telegram.filters import private_command, private_media
from bot.telegram.presses import acknowledge


def create_router() -> Router:
    """Answer in private what no other handler took."""
    router = Router(name=__name__)
    router.message.register(unknown_command, private_command)
    router.message.register(unsupported, private_media)
    router.callback_query.register(press_unknown)
    return router


async def unknown_command(message: Message, t: Localizer) -> None:
    """Point to the commands that there are."""
    await message.reply(t("unknown-command"))


async def unsupported(message: Message, t: Localizer) -> None:
    """Say what the bot can read."""
    await message.reply(t("unsupported"))


async def press_unknown(query: CallbackQuery, t: Localizer) -> None:
    """Say that a button of some earlier version does nothing any more."""
    await acknowledge(query, t("button-not-yours"))
