"""Long texts, which apps send in several messages, become whole again."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

from aiogram.types import Message

from bot.model import ConversationKey
from bot.telegram.addressing import conversation_of, person_of
from bot.telegram.formatted import utf16_length
from bot.telegram.split import MAX_MESSAGE_LENGTH

NEAR_LIMIT = 3_000
"""How many UTF-16 units a message has at least that may be a part of something longer.

Apps cut at the last paragraph, line or blank before the limit of 4,096. Those for Android look
back 300 units for it, desktop ones as far as it takes, which is seldom more than a thousand.
"""
WAIT_SECONDS = 1.5
"""Apps send the parts at once; Telegram and a busy machine take the rest of the time."""
SAME_MOMENT = timedelta(seconds=2)
"""Between parts, by Telegram's clock: two long texts may also have waited for the bot together."""
MOST_PARTS = 100
"""More than any model takes; whoever keeps on sending shall not keep others waiting."""

Place = tuple[ConversationKey, int | None]


class Paste:
    """One text that came in several messages; it ends with a short one, or when none follows."""

    def __init__(self, first: Message, *, seconds: float) -> None:
        self.is_whole = False
        self._first = self._last = first
        self._seconds = seconds
        self._rest: list[str] = []
        self._news = asyncio.Event()
        self._extend()

    def is_fresh(self, now: datetime) -> bool:
        """Say whether something that was written at this time may belong to it."""
        return not self.is_whole and now - self._last.date <= SAME_MOMENT

    def takes(self, message: Message) -> bool:
        """Say whether a message goes on with it; some apps have each part reply."""
        is_alike = _replied_id(message) in (None, _replied_id(self._first))
        return self.is_fresh(message.date) and is_alike

    def add(self, message: Message) -> None:
        """Put a part behind those that came before."""
        before, text = self._last.text or "", message.text or ""
        # Apps drop the blank at which they cut; without one they cut what does not fit any more.
        is_seamless = utf16_length(before + text[:1]) > MAX_MESSAGE_LENGTH
        self._rest += ["" if is_seamless else "\n", text]
        self._last = message
        if is_near_limit(message) and len(self._rest) < 2 * (MOST_PARTS - 1):
            self._extend()
        else:
            self.is_whole = True
        self._news.set()

    async def complete(self, beginning: str) -> str:
        """Wait for what is still to come, and put it behind what the first part says."""
        with suppress(TimeoutError):
            while not self.is_whole:
                async with asyncio.timeout_at(self._deadline):
                    await self._news.wait()
                self._news.clear()
        self.is_whole = True
        return beginning + "".join(self._rest)

    def _extend(self) -> None:
        self._deadline = asyncio.get_running_loop().time() + self._seconds


class Pastes:
    """Knows who is just pasting something, and where."""

    def __init__(self, *, seconds: float = WAIT_SECONDS) -> None:
        self._seconds = seconds
        self._open: dict[Place, Paste] = {}

    def take(self, message: Message) -> Paste | None:
        """Begin a paste with a message, unless it is too short to be the first part of one."""
        if not is_near_limit(message):
            return None
        fresh = {at: paste for at, paste in self._open.items() if paste.is_fresh(message.date)}
        paste = Paste(message, seconds=self._seconds)
        self._open = fresh | {_place_of(message): paste}
        return paste

    def expects(self, message: Message) -> bool:
        """Say whether a message that is no command goes on with what its person is pasting."""
        paste = self._open.get(_place_of(message))
        return paste is not None and bool(message.text) and paste.takes(message)

    def add(self, message: Message) -> None:
        """Put a message that is expected to the paste that it belongs to."""
        self._open[_place_of(message)].add(message)


def is_near_limit(message: Message) -> bool:
    """Say whether a text is as long as those that an app had to cut."""
    return utf16_length(message.text or "") >= NEAR_LIMIT


def _place_of(message: Message) -> Place:
    return conversation_of(message), person_of(message)


def _replied_id(message: Message) -> int | None:
    """Name the message replied to; in a topic, all reply to the note that opened it."""
    replied = message.reply_to_message
    is_real = replied is not None and replied.forum_topic_created is None
    return replied.message_id if replied is not None and is_real else None
