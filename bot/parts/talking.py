"""What holds conversations."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.model import Question
from bot.parts.outside import Outside
from bot.services.asking import Asking
from bot.services.chat import ChatService
from bot.services.owning import Owning
from bot.services.turns import TurnQueue
from bot.settings import Settings
from bot.storage.history import HistoryStore
from bot.telegram.answers import Answers
from bot.telegram.live import LiveReplies


@dataclass(frozen=True, slots=True, kw_only=True)
class Talking:
    """The rules of conversations, whose turn it is in each, and how answers are shown."""

    chats: ChatService
    turns: TurnQueue
    answers: Answers


def create_talking(
    settings: Settings,
    outside: Outside,
    owning: Owning,
    *,
    on_spent: Callable[[Question], object],
) -> Talking:
    """Build what holds conversations; *on_spent* hears for whom something was asked."""
    history, turns = HistoryStore(outside.database), TurnQueue()
    asking = Asking(
        outside.client,
        history,
        owning.gate,
        owning.spending,
        model=settings.default_chat_model,
        system_prompt=settings.system_prompt,
        history_chars=settings.history_chars,
    )
    chats = ChatService(
        history, turns, asking, on_spent=on_spent, longest_prompt=settings.history_chars
    )
    live = LiveReplies(outside.bot, outside.pacer, streaming=settings.streaming)
    answers = Answers(outside.bot, chats, live, outside.translator, outside.metrics)
    return Talking(chats=chats, turns=turns, answers=answers)
