"""What is erased of a person: the statements, each of which may be carried out again.

Whoever is given a moment as *until* erases nothing that came after it.
"""

from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Delete,
    Executable,
    Table,
    Update,
    case,
    delete,
    exists,
    or_,
    true,
    update,
)

from bot.model import ExpenseKind, JobState, TurnState
from bot.storage.job_leases import RELEASED
from bot.storage.job_queries import NOT_SENT
from bot.storage.letting_go import EMPTY_JOB, JOB_IS_OVER, NOWHERE, TURN_IS_OVER
from bot.storage.tables import (
    access_rules,
    chat_preferences,
    erasures,
    expenses,
    media_jobs,
    notices,
    turns,
)

IS_ANSWER = expenses.c.kind == ExpenseKind.ANSWER
ITEM_IS_ERASED = ~or_(
    exists().where(IS_ANSWER, turns.c.id == expenses.c.item_id).correlate(expenses),
    exists()
    .where(~IS_ANSWER, media_jobs.c.id == expenses.c.item_id, media_jobs.c.chat_id != NOWHERE)
    .correlate(expenses),
)
"""Whether nothing is left of what was paid for; it may have been sent long after it was asked."""


def is_of(table: Table, person_id: int) -> ColumnElement[bool]:
    """Match what a person did anywhere, and all of their private chat, which has their id."""
    return or_(table.c.person_id == person_id, table.c.chat_id == person_id)


def delete_turns(person_id: int, *, until: datetime | None = None) -> Delete:
    """Build the end of the turns on which nobody works any more."""
    return delete(turns).where(
        is_of(turns, person_id), TURN_IS_OVER, _is_by(turns.c.asked_at, until)
    )


def take_back_turns(person_id: int, *, now: datetime) -> Update:
    """Build the end of what was not asked yet; whoever holds it finds that when its turn comes."""
    return (
        update(turns)
        .where(is_of(turns, person_id), turns.c.state == TurnState.WAITING)
        .values(state=TurnState.FORGOTTEN, prompt="", answer="", finished_at=now, delivered_at=now)
    )


def take_back_jobs(person_id: int, *, now: datetime) -> Update:
    """Build the end of the orders that were not sent yet, as if their person had pressed No."""
    return (
        update(media_jobs)
        .where(is_of(media_jobs, person_id), media_jobs.c.state.in_(NOT_SENT))
        .values(state=JobState.DECLINED, finished_at=now, due_at=now, failures=0, **RELEASED)
    )


def empty_jobs(person_id: int, *, until: datetime | None = None) -> Update:
    """Build the emptying of the orders on which nobody works any more."""
    return (
        update(media_jobs)
        .where(is_of(media_jobs, person_id), JOB_IS_OVER, _is_by(media_jobs.c.created_at, until))
        .values(EMPTY_JOB)
    )


def disown_expenses(person_id: int, *, before_day: date) -> Update:
    """Build the letting go of expenses: the sums of earlier days stay, but are nobody's."""
    is_private = expenses.c.chat_id == person_id
    return (
        update(expenses)
        .where(is_of(expenses, person_id), expenses.c.day < before_day)
        .values(person_id=None, chat_id=case((is_private, NOWHERE), else_=expenses.c.chat_id))
    )


def delete_notices(person_id: int, *, until: datetime) -> Delete:
    """Build the forgetting of what was told to a person, or in a topic of their private chat."""
    about = notices.c.about
    is_theirs = (about == str(person_id)) | about.startswith(f"{person_id}:")
    return delete(notices).where(is_theirs, notices.c.told_at <= until)


def delete_preferences(person_id: int) -> Delete:
    """Build the end of what a private chat chose."""
    return delete(chat_preferences).where(chat_preferences.c.chat_id == person_id)


def forget_name(person_id: int) -> Update:
    """Build the emptying of a name; the standing is for the owner to decide."""
    return update(access_rules).where(access_rules.c.id == person_id).values(name="")


def end_wish(person_id: int, *, asked_at: datetime, before_day: date) -> Executable:
    """Build the end of a wish of an earlier day, if nothing from before it is left."""
    turn_is_left = is_of(turns, person_id) & (turns.c.asked_at <= asked_at)
    job_is_left = is_of(media_jobs, person_id) & (media_jobs.c.created_at <= asked_at)
    expense_is_left = is_of(expenses, person_id) & ITEM_IS_ERASED
    return delete(erasures).where(
        erasures.c.person_id == person_id,
        erasures.c.day < before_day,
        ~exists().where(turn_is_left),
        ~exists().where(job_is_left),
        ~exists().where(expense_is_left),
    )


def _is_by(moment: ColumnElement[datetime], until: datetime | None) -> ColumnElement[bool]:
    return true() if until is None else moment <= until
