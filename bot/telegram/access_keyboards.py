"""Buttons under the question whether somebody may use the bot."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import Localizer
from bot.telegram.keyboards import RowId, button_of


class AccessPress(CallbackData, prefix="access"):
    """An admin decides about somebody, who is told in the language they wrote in."""

    person_id: RowId
    language: str


class AllowPress(AccessPress, prefix="allow"):
    """Somebody may use the bot."""


class DenyPress(AccessPress, prefix="deny"):
    """Somebody may not."""


def request_buttons(person_id: int, language: str, t: Localizer) -> InlineKeyboardMarkup:
    """Offer to let a person in, or to keep them out."""
    allow = AllowPress(person_id=person_id, language=language)
    deny = DenyPress(person_id=person_id, language=language)
    row = [button_of(t("button-allow"), allow), button_of(t("button-deny"), deny)]
    return InlineKeyboardMarkup(inline_keyboard=[row])
