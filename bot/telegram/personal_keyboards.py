"""Buttons under the question whether a person shall be forgotten."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import Localizer
from bot.telegram.keyboards import RowId, button_of


class PersonalPress(CallbackData, prefix="personal"):
    """A person decides about what is stored about them."""

    person_id: RowId


class ErasePress(PersonalPress, prefix="erase"):
    """It shall go."""


class KeepPress(PersonalPress, prefix="keep"):
    """It shall stay."""


def erasing_buttons(person_id: int, t: Localizer) -> InlineKeyboardMarkup:
    """Offer to delete everything, or to leave it be."""
    erase = button_of(t("button-erase"), ErasePress(person_id=person_id))
    keep = button_of(t("button-keep"), KeepPress(person_id=person_id))
    return InlineKeyboardMarkup(inline_keyboard=[[erase, keep]])
