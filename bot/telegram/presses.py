"""What every press of a button needs: an answer, and an end of the button."""

from contextlib import suppress

from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, Message

from bot.telegram.keyboards import without_button
from bot.telegram.pacer import Pacer


def chat_of(query: CallbackQuery) -> int | None:
    """Say in which chat a button was pressed."""
    return query.message.chat.id if query.message is not None else None


async def acknowledge(query: CallbackQuery, text: str, *, show_alert: bool = False) -> None:
    """Tell the person who pressed what came of it; apps wait for this."""
    with suppress(AiogramError):  # such as: pressed while the bot was away, too old to answer
        await query.answer(text, show_alert=show_alert)


def is_unhurried(chat_id: int, pacer: Pacer) -> bool:
    """Say whether a button can go before what it asked for; a busy group would wait for long."""
    return chat_id > 0 or pacer.delay(chat_id, keep=1) <= 0


async def remove_button(query: CallbackQuery) -> None:
    """Take the pressed button away, and leave the others."""
    if isinstance(query.message, Message):
        left = without_button(query.message.reply_markup, query.data)
        with suppress(AiogramError):  # another press would do nothing anyway
            await query.message.edit_reply_markup(reply_markup=left)


async def remove_buttons(query: CallbackQuery) -> None:
    """Take all buttons of the message away, since they go together."""
    if isinstance(query.message, Message):
        with suppress(AiogramError):  # another press would do nothing anyway
            await query.message.edit_reply_markup(reply_markup=None)
