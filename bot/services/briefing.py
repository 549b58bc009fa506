"""What a model is told: how to be, what was said before, and what is asked."""

from bot.elumenta import ChatMessage, Role
from bot.model import Turn
from bot.services.prompt import GROUP_NOTE
from bot.storage.history import HistoryStore

CARRY_ON = (
    "Your answer was cut off. Continue it exactly where it stops: repeat nothing, "
    "and say nothing about having been cut off."
)


class Briefing:
    """Puts together the messages of a request; what is remembered is counted in characters."""

    def __init__(self, history: HistoryStore, *, history_chars: int) -> None:
        self._history = history
        self._history_chars = history_chars

    async def messages(self, turn: Turn, *, system_prompt: str) -> list[ChatMessage]:
        """Give the messages that ask a question, the instructions first and the question last."""
        asked = ChatMessage(role=Role.USER, content=turn.question.prompt)
        messages = [*_instructions(turn, system_prompt), *await self._remembered(turn), asked]
        if turn.earlier_answer:
            messages += [
                ChatMessage(role=Role.ASSISTANT, content=turn.earlier_answer),
                ChatMessage(role=Role.USER, content=CARRY_ON),
            ]
        return messages

    async def _remembered(self, turn: Turn) -> list[ChatMessage]:
        """Give what was said before, but not to those who answer where others can read it."""
        question = turn.question
        if question.inline_message_id is not None:
            return []
        is_anew = turn.replaces_id is not None
        exchanges = await self._history.window(
            question.key,
            characters=self._history_chars,
            without_message=question.message_id if is_anew else None,
        )
        return [
            ChatMessage(role=role, content=content)
            for exchange in exchanges
            for role, content in (
                (Role.USER, exchange.prompt),
                (Role.ASSISTANT, exchange.answer),
            )
        ]


def _instructions(turn: Turn, system_prompt: str) -> list[ChatMessage]:
    if turn.question.key.chat_id < 0:
        system_prompt = f"{system_prompt}\n\n{GROUP_NOTE}".strip()
    return [ChatMessage(role=Role.SYSTEM, content=system_prompt)] if system_prompt else []
