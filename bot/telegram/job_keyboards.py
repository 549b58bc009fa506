"""Buttons under orders of pictures and videos, and what they carry."""

from collections.abc import Iterable

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n import Localizer
from bot.model import RUNNING, JobState, MediaJob
from bot.telegram.keyboards import RowId, button_of

WAITED_FOR = RUNNING - {JobState.READY}
"""States in which a person can stop waiting; what is made is on its way to them."""


class JobPress(CallbackData, prefix="job"):
    """Somebody wants something done about an order."""

    job_id: RowId


class AgreePress(JobPress, prefix="agree"):
    """Somebody wants what was offered at its price."""


class DeclinePress(JobPress, prefix="decline"):
    """Somebody does not want what was offered."""


class DropPress(JobPress, prefix="drop"):
    """Somebody does not want to wait any longer."""


class LookPress(JobPress, prefix="look"):
    """Somebody wants a result that was late, dropped or could not be delivered."""


class AgainPress(JobPress, prefix="again"):
    """Somebody wants the same ordered once more."""


class FilePress(JobPress, prefix="file"):
    """Somebody wants a picture as a file, exactly as it was made."""


def status_buttons(job: MediaJob, t: Localizer) -> InlineKeyboardMarkup | None:
    """Offer what can be done about an order without a result."""
    match job.state:
        case JobState.OFFERED:
            agree = button_of(t("button-agree"), AgreePress(job_id=job.id))
            return _markup([agree, button_of(t("button-decline"), DeclinePress(job_id=job.id))])
        case JobState.REFUSED | JobState.FAILED:
            return _markup([*_look(job, t), _again(job, t)])
        case _ if look := _look(job, t):
            return _markup(look)
        case _:
            return None


def result_buttons(
    job: MediaJob, t: Localizer, *, has_file: bool = False, url: str | None = None
) -> InlineKeyboardMarkup:
    """Offer what can be done about a result: a file or a link to it, and to have it again."""
    row = [_again(job, t)]
    if has_file:
        row.append(button_of(t("button-file"), FilePress(job_id=job.id)))
    link = [] if url is None else [InlineKeyboardButton(text=t("button-download"), url=url)]
    return _markup(link, row)


def list_buttons(jobs: Iterable[MediaJob], t: Localizer) -> InlineKeyboardMarkup | None:
    """Offer to stop waiting for each running order, and to look again at each given up."""
    buttons = []
    for job in jobs:
        if job.state in WAITED_FOR:
            text = t("button-drop-number", id=str(job.id))
            buttons.append(button_of(text, DropPress(job_id=job.id)))
        elif can_be_looked_at(job):
            text = t("button-look-number", id=str(job.id))
            buttons.append(button_of(text, LookPress(job_id=job.id)))
    return _markup(*([button] for button in buttons)) if buttons else None


def can_be_looked_at(job: MediaJob) -> bool:
    """Say whether there may be a result: not if it was dropped before it was sent, or failed.

    An order that left no trace may still turn up.
    """
    match job.state:
        case JobState.EXPIRED | JobState.UNDELIVERABLE:
            return True
        case JobState.DROPPED:
            return job.waiting_since is not None
        case JobState.FAILED:
            return job.generation_id is None
        case _:
            return False


def _look(job: MediaJob, t: Localizer) -> list[InlineKeyboardButton]:
    if not can_be_looked_at(job):
        return []
    return [button_of(t("button-look"), LookPress(job_id=job.id))]


def _again(job: MediaJob, t: Localizer) -> InlineKeyboardButton:
    return button_of(t("button-again"), AgainPress(job_id=job.id))


def _markup(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])
