"""One person's conversation with the bot, as their Telegram app shows it."""

import asyncio
import itertools
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.sandbox.elumenta import ElumentaServer
from bot.sandbox.telegram import Button, Chat, Entity, File, Message, Person

LOOK_SECONDS = 0.05
QUIET_SECONDS = 1.5
"""When nothing changes for so long, the bot has said all: it may edit once a second."""
PATIENCE_SECONDS = 30
"""The same while something is on its way: it may be a result that nobody wants any more."""
MAX_MESSAGE_LENGTH = 2_048
"""In characters: in Telegram's own units none is too long."""

Place = tuple[int, str]
"""A button: the id of its message and its label."""


class NoButton(Exception):
    """The person pressed a button that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """A message as it looks now; buttons have the numbers to press them by, links have none."""

    message_id: int
    text: str
    entities: Sequence[Entity]
    is_mine: bool
    file: File | None
    buttons: tuple[tuple[int | None, Button], ...]


class Talk:
    """Says and presses for the person, and shows what is new since settle().

    Numbers of buttons begin anew then; each means the button that was shown with it last.
    """

    def __init__(self, chat: Chat, person: Person, elumenta: ElumentaServer) -> None:
        self._chat = chat
        self._person = person
        self._elumenta = elumenta
        self._settled_id = 0
        self._pressed_ids: set[int] = set()
        self._numbers: dict[Place, int] = {}
        self._places: dict[int, Place] = {}
        self._seen: object = None
        self._seen_at = 0.0

    def say(self, text: str) -> None:
        """Send a message, in pieces if it is long, and as a reply if asked for one, as the app."""
        asked = None if text.startswith("/") else self._question()
        for start in range(0, len(text), MAX_MESSAGE_LENGTH):
            piece = text[start : start + MAX_MESSAGE_LENGTH]
            self._chat.send(self._person, piece, reply_to=asked)

    async def press(self, number: int) -> str:
        """Press a button and return what pops up.

        Raises NoButton, and TimeoutError when the bot does not react.
        """
        message, label = self._find_button(number)
        try:
            answer = await self._chat.press(self._person, message, label).answer()
        except AssertionError as silence:
            raise TimeoutError from silence
        finally:
            self._pressed_ids.add(message.id)
            self._seen_at = time.monotonic()
        return answer.text

    def bubbles(self) -> tuple[Bubble, ...]:
        """Show the messages that may still change; this gives new buttons their numbers."""
        messages = self._open_messages()
        self._number(messages)
        return tuple(map(self._bubble, messages))

    @property
    def has_news(self) -> bool:
        """Whether there is a message that may still change."""
        return bool(self._open_messages())

    @property
    def is_answered(self) -> bool:
        """Whether the bot has spoken last and has no more to say."""
        bubbles = tuple(map(self._bubble, self._open_messages()))
        on_its_way = self._elumenta.open_streams + self._elumenta.awaited_results
        if self._seen != (bubbles, on_its_way):
            self._seen, self._seen_at = (bubbles, on_its_way), time.monotonic()

        patience = PATIENCE_SECONDS if on_its_way else QUIET_SECONDS
        is_quiet = time.monotonic() - self._seen_at > patience
        return bool(bubbles) and not bubbles[-1].is_mine and is_quiet

    async def answered(self) -> None:
        """Wait until the bot has said all."""
        while not self.is_answered:  # noqa: ASYNC110 - silence is no event
            await asyncio.sleep(LOOK_SECONDS)

    def settle(self) -> None:
        """Show no more of the messages so far."""
        self._settled_id = self._chat.messages[-1].id if self._chat.messages else 0
        self._pressed_ids.clear()
        self._numbers.clear()

    def _open_messages(self) -> list[Message]:
        return [
            message
            for message in self._chat.messages
            if message.id > self._settled_id or message.id in self._pressed_ids
        ]

    def _question(self) -> Message | None:
        newest = self._chat.messages[-1] if self._chat.messages else None
        return newest if newest is not None and newest.force_reply else None

    def _number(self, messages: Iterable[Message]) -> None:
        """Give new buttons the numbers that are free; the others keep theirs."""
        places = [place for message in messages for place in _places(message)]
        kept = {place: self._numbers[place] for place in places if place in self._numbers}

        taken = frozenset(kept.values())
        free = (number for number in itertools.count(1) if number not in taken)
        self._numbers = {place: kept[place] if place in kept else next(free) for place in places}
        self._places |= {number: place for place, number in self._numbers.items()}

    def _bubble(self, message: Message) -> Bubble:
        return Bubble(
            message_id=message.id,
            text=message.text,
            entities=tuple(message.entities),
            is_mine=not message.from_bot,
            file=message.file,
            buttons=tuple(
                (self._numbers.get((message.id, button.text)), button)
                for button in itertools.chain(*message.buttons)
            ),
        )

    def _find_button(self, number: int) -> tuple[Message, str]:
        message_id, label = self._places.get(number, (0, ""))
        message = self._chat.find(message_id)
        if message is None or (message_id, label) not in _places(message):
            raise NoButton
        return message, label


def _places(message: Message) -> list[Place]:
    """List the buttons of a message that can be pressed; the others open an address."""
    return [
        (message.id, button.text)
        for button in itertools.chain(*message.buttons)
        if button.callback_data is not None
    ]
