"""Buttons of the menu in which a chat chooses."""

from collections.abc import Sequence
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.i18n import Localizer
from bot.model import Preference
from bot.services.chat_settings import SWITCHES, ChatSettings
from bot.telegram.keyboards import button_of
from bot.telegram.settings_options import Option
from bot.telegram.settings_texts import ICONS, MARK, SettingsTexts

IN_A_ROW = 2
IN_A_PART = 8
"""Choices on one page of a menu; the others are on the next."""

MOST_PARTS = 1000

Row = list[InlineKeyboardButton]


class PagePress(CallbackData, prefix="set"):
    """Somebody wants to see a setting, or without one all of them."""

    page: Preference | None = None
    part: Annotated[int, Field(ge=0, lt=MOST_PARTS)] | None = None
    """Without one, that with the present value."""


class ChoicePress(CallbackData, prefix="pick", sep=" "):
    """Somebody chooses a value for a setting, or without one the default.

    Ratios have colons in them, but nothing that can be chosen has blanks.
    """

    preference: Preference
    value: Annotated[str, Field(max_length=40)] = ""


class ClosePress(CallbackData, prefix="close"):
    """Somebody has no more use for the menu."""


def overview_buttons(texts: SettingsTexts) -> InlineKeyboardMarkup:
    """Offer to change each of the settings; what is on or off changes at once."""
    t, settings = texts.t, texts.settings
    buttons = [button_of(texts.button(one), _press(one, settings)) for one in ICONS]
    return _keyboard([*_rows(buttons), [button_of(t("button-close"), ClosePress())]])


def page_buttons(
    preference: Preference, options: Sequence[Option], *, default: Option, part: int, t: Localizer
) -> InlineKeyboardMarkup:
    """Offer a part of the values, the other parts, the default, and the way back."""
    first = part * IN_A_PART
    shown = options[first : first + IN_A_PART]
    turns = []
    if first > 0:
        turns.append(button_of("◀", PagePress(page=preference, part=part - 1)))
    if first + IN_A_PART < len(options):
        turns.append(button_of("▶", PagePress(page=preference, part=part + 1)))

    return _keyboard(
        [
            *_rows([_choice(preference, option) for option in shown]),
            turns,
            [_choice(preference, default)],
            [button_of(t("button-back"), PagePress()), button_of(t("button-close"), ClosePress())],
        ]
    )


def part_of(options: Sequence[Option], wanted: int | None) -> int:
    """Say which part to show: the one that is wanted, else the one with the present value."""
    if wanted is not None:
        return min(wanted, max(len(options) - 1, 0) // IN_A_PART)
    places = (place for place, option in enumerate(options) if option.is_present)
    return next(places, 0) // IN_A_PART


def _press(preference: Preference, settings: ChatSettings) -> CallbackData:
    if preference in SWITCHES:
        return ChoicePress(preference=preference, value=str(not settings.present(preference)))
    return PagePress(page=preference)


def _choice(preference: Preference, option: Option) -> InlineKeyboardButton:
    label = f"{MARK} {option.label}" if option.is_present else option.label
    return button_of(label, ChoicePress(preference=preference, value=option.key))


def _rows(buttons: Sequence[InlineKeyboardButton]) -> list[Row]:
    places = range(0, len(buttons), IN_A_ROW)
    return [list(buttons[place : place + IN_A_ROW]) for place in places]


def _keyboard(rows: Sequence[Row]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])
