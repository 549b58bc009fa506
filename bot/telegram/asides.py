"""What is offered to people who call the bot in chats that it does not belong to."""

from datetime import datetime, timedelta

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

SURELY_STORED = timedelta(minutes=1)
"""A guest's question that is not stored so long after its message was sent never will be."""


class AsidePress(CallbackData, prefix="aside"):
    """Somebody wonders where the answer is."""


class GuestPress(CallbackData, prefix="guest"):
    """Somebody wonders where the answer to a guest is, whose message was sent at this second."""

    sent_at: int

    def is_early(self, now: datetime) -> bool:
        """Say whether the question may still be on its way to be stored."""
        return now.timestamp() - self.sent_at < SURELY_STORED.total_seconds()


def placeholder(t: Localizer, *, now: datetime) -> InlineQueryResultArticle:
    """Build the message that becomes the answer to a guest query."""
    text = t("aside-writing")
    return InlineQueryResultArticle(
        id="answer",
        title=text,
        input_message_content=_message(text),
        reply_markup=_waiting(GuestPress(sent_at=int(now.timestamp())), t),
    )


def offer(query: str, t: Localizer) -> InlineQueryResultArticle:
    """Offer to ask what was typed; its message tells its id only as long as it has a button."""
    return InlineQueryResultArticle(
        id="ask",
        title=t("inline-ask", query=query),
        description=t("inline-hint"),
        input_message_content=_message(f"{heading_of(query).text}{GAP}{t('aside-writing')}"),
        reply_markup=_waiting(AsidePress(), t),
    )


def way_in(text: str) -> InlineQueryResultsButton:
    """Lead to the private chat in place of results."""
    return InlineQueryResultsButton(text=text, start_parameter=START_PARAMETER)


def _waiting(press: AsidePress | GuestPress, t: Localizer) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[button_of(t("button-aside"), press)]])


def _message(text: str) -> InputTextMessageContent:
    return InputTextMessageContent(message_text=text, link_preview_options=NO_PREVIEW)
