"""What is offered to people who call the bot in chats that it does not belong to."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)

from bot.i18n import Localizer
from bot.telegram.formatted import GAP
from bot.telegram.inline_message import heading_of
from bot.telegram.keyboards import button_of
from bot.telegram.sending import NO_PREVIEW

START_PARAMETER = "inline"
"""What the button above the results hands over to `/start`."""


class AsidePress(CallbackData, prefix="aside"):
    """Somebody wonders where the answer is."""


def placeholder(t: Localizer) -> InlineQueryResultArticle:
    """Build the message that becomes the answer to a guest query."""
    text = t("aside-writing")
    return InlineQueryResultArticle(id="answer", title=text, input_message_content=_message(text))


def offer(query: str, t: Localizer) -> InlineQueryResultArticle:
    """Offer to ask what was typed; its message tells its id only as long as it has a button."""
    waiting = button_of(t("button-aside"), AsidePress())
    return InlineQueryResultArticle(
        id="ask",
        title=t("inline-ask", query=query),
        description=t("inline-hint"),
        input_message_content=_message(f"{heading_of(query).text}{GAP}{t('aside-writing')}"),
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[waiting]]),
    )


def way_in(text: str) -> InlineQueryResultsButton:
    """Lead to the private chat in place of results."""
    return InlineQueryResultsButton(text=text, start_parameter=START_PARAMETER)


def _message(text: str) -> InputTextMessageContent:
    return InputTextMessageContent(message_text=text, link_preview_options=NO_PREVIEW)
