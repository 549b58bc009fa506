"""How buttons are built, and those under answers."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.i18n import Localizer

RowId = Annotated[int, Field(gt=0, lt=2**63)]
"""What the database takes: a press may carry anything."""


class StopPress(CallbackData, prefix="stop"):
    """Somebody wants an answer to end."""

    turn_id: RowId


class RetryPress(CallbackData, prefix="retry"):
    """Somebody wants a question asked again."""

    turn_id: RowId


class RepeatPress(CallbackData, prefix="again_"):
    """Somebody wants another answer to the same question."""

    turn_id: RowId


class ContinuePress(CallbackData, prefix="go_on"):
    """Somebody wants the rest of an answer that its length cut."""

    turn_id: RowId


def stop_button(turn_id: int, t: Localizer) -> InlineKeyboardMarkup:
    """Offer to end an answer that is being written."""
    button = button_of(t("button-stop"), StopPress(turn_id=turn_id))
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


def retry_button(turn_id: int, t: Localizer) -> InlineKeyboardMarkup:
    """Offer to ask a question again whose answer did not come."""
    button = button_of(t("button-retry"), RetryPress(turn_id=turn_id))
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


def answer_buttons(turn_id: int, t: Localizer, *, can_continue: bool) -> InlineKeyboardMarkup:
    """Offer another answer, and the rest of one that was cut."""
    row = [button_of(t("button-regenerate"), RepeatPress(turn_id=turn_id))]
    if can_continue:
        row.append(button_of(t("button-continue"), ContinuePress(turn_id=turn_id)))
    return InlineKeyboardMarkup(inline_keyboard=[row])


def button_of(text: str, press: CallbackData) -> InlineKeyboardButton:
    """Build a button that carries what its press shall bring back."""
    return InlineKeyboardButton(text=text, callback_data=press.pack())


def without_button(
    keyboard: InlineKeyboardMarkup | None, data: str | None
) -> InlineKeyboardMarkup | None:
    """Give the buttons that are left without the one that carries this; None when none are."""
    rows = keyboard.inline_keyboard if keyboard is not None else []
    left = [[button for button in row if button.callback_data != data] for row in rows]
    return (
        InlineKeyboardMarkup(inline_keyboard=[row for row in left if row]) if any(left) else None
    )
