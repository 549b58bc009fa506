"""What holds conversations."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.model import Question
from bot.parts.outside import Outside
from bot.services.asking import Asking
from bot.services.chat import ChatService
from bot.services.choosing import Choosing
from bot.services.erasing import ErasingService
from bot.services.owning import Owning
from bot.services.turns import TurnQueue
from bot.settings import Settings
from bot.storage.erasing import ErasureStore
from bot.storage.history import HistoryStore
from bot.telegram.answers import Answers
from bot.telegram.live import LiveReplies

LONGEST_PROMPT = 300_000
"""In characters: a text file of the largest kind that is read, and what is asked about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talking:
    """The rules of conversations, whose turn it is in each, and how answers are shown."""

    chats: ChatService
    turns: TurnQueue
    answers: Answers
    erasing: ErasingService


def create_talking(
    settings: Settings,
    outside: Outside,
    owning: Owning,
    choosing: Choosing,
    *,
    on_spent: Callable[[Question], object],
    wake: Callable[[], None],
) -> Talking:
    """Build what holds conversations; *on_spent* hears for whom something was asked.

    *wake* is called when there is something to tell about orders.
    """
    history, turns = HistoryStore(outside.database), TurnQueue()
    asking = Asking(
        outside.client,
        history,
        owning.gate,
        owning.spending,
        choosing,
        default_model=settings.default_chat_model,
        system_prompt=settings.system_prompt,
        history_chars=settings.history_chars,
    )
    chats = ChatService(history, turns, asking, on_spent=on_spent, longest_prompt=LONGEST_PROMPT)
    answers = Answers(
        outside.bot,
        chats,
        LiveReplies(outside.bot, outside.pacer),
        choosing.preferences,
        pacer=outside.pacer,
        translator=outside.translator,
        metrics=outside.metrics,
    )
    erasing = ErasingService(ErasureStore(outside.database), turns, owning.day, wake=wake)
    return Talking(chats=chats, turns=turns, answers=answers, erasing=erasing)
