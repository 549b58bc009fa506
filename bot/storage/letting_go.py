"""Which rows nobody works on any more, and what is left of those that cannot be deleted."""

from collections.abc import Mapping

from bot.model import OPEN, TurnState
from bot.storage.tables import media_jobs, turns

NOWHERE = 0
"""Stands for the chat of a row that is nobody's any more: no chat has this id."""

NOBODY = 0
"""Stands for its person: without one, its buttons would obey everybody."""

TURN_IS_OVER = turns.c.delivered_at.is_not(None) & turns.c.state.not_in(
    (TurnState.WAITING, TurnState.ASKING)
)
JOB_IS_OVER = media_jobs.c.due_at.is_(None) & media_jobs.c.state.not_in(OPEN)

# By its generation the order of somebody else is told apart from this one.
EMPTY_JOB: Mapping[str, object] = {
    "chat_id": NOWHERE,
    "thread_id": None,
    "message_id": None,
    "person_id": NOBODY,
    "language": "",
    "prompt": "",
    "params": {},
    "result_url": None,
    "failure_key": None,
    "failure_arguments": None,
    "status_message_id": None,
    "result_message_id": None,
}
