"""A question to the bot, and when its answer was seen."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Message
from tests.e2e.seeing import is_being_written
from tests.stage import Stage

PATIENCE_SECONDS = 90
PIECES = re.findall(
    r"\S+\s*",
    """\
An answer has plain words for the most part, a **bold** one now and then, some `code` within \
a sentence, and a [link](https://example.com) that leads on. It may also have:

- a list
- of a few lines

""",
)
"""What models say: Markdown, a word at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """When an answer was asked for, written and seen, in seconds of one clock."""

    asked_at: float
    first_token_at: float
    first_seen_at: float
    stream_ended_at: float
    whole_at: float


class Asker:
    """Asks questions that nobody has asked before, so that each is told from all others."""

    def __init__(self, stage: Stage) -> None:
        self.count = 0
        self._stage = stage

    async def ask(self, chat: Chat, *, chunks: int, gap: float = 0, delay: float = 0) -> Answer:
        """Ask for an answer of so many chunks, and wait until the chat shows all of it."""
        self.count += 1
        question = f"question {self.count:05}"
        first, last = f"begin{self.count:05}", f"end{self.count:05}"
        pieces = (f"{first} ", *_words(chunks - 2), last) if chunks > 1 else (f"{first} {last}",)
        reply = Reply(chunks=pieces, gap=gap, first_delay=delay)
        self._stage.elumenta.script(reply, contains=question)

        prompt = f"/chat {question}" if chat.id < 0 else question
        asked = chat.send(chat.members[0], prompt)
        message = await chat.wait(
            lambda chat: _whole(chat.messages, after=asked, last=last), timeout=PATIENCE_SECONDS
        )

        seen = [version for version in chat.history if version.message_id == message.id]
        started_at, ended_at = self._stream_of(question)
        return Answer(
            asked_at=next(v.at for v in chat.history if v.message_id == asked.id),
            first_token_at=started_at + delay,
            first_seen_at=next(version.at for version in seen if first in version.text),
            stream_ended_at=ended_at,
            whole_at=seen[-1].at,
        )

    def _stream_of(self, question: str) -> tuple[float, float]:
        """Find out when the service began and ended its answer, pauses included."""
        generation = next(
            found
            for found in self._stage.elumenta.newest_first()
            if found.order.prompt.endswith(question)
        )
        assert generation.processing_ms is not None
        ended_at = generation.created_at + timedelta(milliseconds=generation.processing_ms)
        return generation.created_at.timestamp(), ended_at.timestamp()


def _words(count: int) -> Iterator[str]:
    return itertools.islice(itertools.cycle(PIECES), count)


def _whole(messages: Sequence[Message], *, after: Message, last: str) -> Message | None:
    """Find the message that ends the answer and can no longer be stopped."""
    for message in messages:
        is_later = message.id > after.id and message.text.endswith(last)
        if is_later and not is_being_written(message):
            return message
    return None
