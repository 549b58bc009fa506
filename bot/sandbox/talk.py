"""One person's conversation with the bot, as their Telegram app shows it."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.elumenta import ElumentaServer
from bot.sandbox.telegram import Chat, Message, Person
from bot.sandbox.telegram.model import Entity

LOOK_SECONDS = 0.05
QUIET_SECONDS = 1.5
"""When nothing changes for so long, the bot has said all: it may edit once a second."""
MAX_MESSAGE_LENGTH = 2_048
"""In characters: in Telegram's own units none is too long."""


class NoButton(Exception):
    """The person pressed a button that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """A message as it looks now; buttons have the numbers to press them by."""

    message_id: int
    text: str
    entities: Sequence[Entity]
    is_mine: bool
    buttons: tuple[tuple[int, str], ...]


class Talk:
    """Says and presses for the person, and shows what is new since settle()."""

    def __init__(self, chat: Chat, person: Person, elumenta: ElumentaServer) -> None:
        self._chat = chat
        self._person = person
        self._elumenta = elumenta
        self._settled_id = 0
        self._seen: tuple[Bubble, ...] = ()
        self._seen_at = 0.0

    def say(self, text: str) -> None:
        """Send a message, in pieces if it is long, as the app does."""
        for start in range(0, len(text), MAX_MESSAGE_LENGTH):
            self._chat.send(self._person, text[start : start + MAX_MESSAGE_LENGTH])

    async def press(self, number: int) -> str:
        """Press a button and return what pops up.

        Raises NoButton, and TimeoutError when the bot does not react.
        """
        message, label = self._find_button(number)
        self._settled_id = min(self._settled_id, message.id - 1)
        try:
            answer = await self._chat.press(self._person, message, label).answer()
        except AssertionError as silence:
            raise TimeoutError from silence
        return answer.text

    def bubbles(self) -> tuple[Bubble, ...]:
        """Show the messages that may still change."""
        numbers = {place: number for number, place in enumerate(self._buttons(), start=1)}
        bubbles = tuple(
            Bubble(
                message_id=message.id,
                text=message.text,
                entities=tuple(message.entities),
                is_mine=not message.from_bot,
                buttons=tuple(
                    (number, label)
                    for (message_id, label), number in numbers.items()
                    if message_id == message.id
                ),
            )
            for message in self._chat.messages
            if message.id > self._settled_id
        )
        if bubbles != self._seen:
            self._seen, self._seen_at = bubbles, time.monotonic()
        return bubbles

    @property
    def is_answered(self) -> bool:
        """Whether the bot has spoken last and has no more to say."""
        bubbles = self.bubbles()
        return (
            bool(bubbles)
            and not bubbles[-1].is_mine
            and self._elumenta.open_streams == 0
            and time.monotonic() - self._seen_at > QUIET_SECONDS
        )

    async def answered(self) -> None:
        """Wait until the bot has said all."""
        while not self.is_answered:  # noqa: ASYNC110 - silence is no event
            await asyncio.sleep(LOOK_SECONDS)

    def settle(self) -> None:
        """Show no more of the messages so far."""
        self._settled_id = self._chat.messages[-1].id if self._chat.messages else 0

    def _buttons(self) -> list[tuple[int, str]]:
        return [
            (message.id, button.text)
            for message in self._chat.messages
            for row in message.buttons
            for button in row
            if button.callback_data is not None
        ]

    def _find_button(self, number: int) -> tuple[Message, str]:
        places = dict(enumerate(self._buttons(), start=1))
        message = self._chat.find(places[number][0]) if number in places else None
        if message is None:
            raise NoButton
        return message, places[number][1]
