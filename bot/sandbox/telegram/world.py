"""Everything Telegram knows: the bot, the people, their chats, and what waits for the bot."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NoReturn

from bot.sandbox.telegram.change import Change
from bot.sandbox.telegram.errors import forbid, refuse
from bot.sandbox.telegram.files import FileStore
from bot.sandbox.telegram.model import JsonObject, Message, Person
from bot.sandbox.telegram.objects import chat_json, member_json, message_json, unix_time, user_json
from bot.sandbox.telegram.press import Press
from bot.sandbox.telegram.privacy import is_for_bot
from bot.sandbox.telegram.room import ChatType, Room, Standing
from bot.sandbox.telegram.updates import UpdateQueue

CommandKey = tuple[str, str]


@dataclass(kw_only=True)
class World:
    """The state of the stand-in, shared by what people do and what the bot calls."""

    bot: Person
    can_read_all_group_messages: bool = False
    supports_drafts: bool = True
    clock: Callable[[], float] = time.monotonic

    change: Change = field(default_factory=Change)
    """Tells of calls and polls; every chat tells of its own."""
    updates: UpdateQueue = field(init=False)
    files: FileStore = field(default_factory=FileStore)
    rooms: dict[int, Room] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    commands: dict[CommandKey, list[dict[str, str]]] = field(default_factory=dict)

    person_ids: Iterator[int] = field(default_factory=lambda: itertools.count(5_300_000_001))
    group_ids: Iterator[int] = field(default_factory=lambda: itertools.count(4_100_000_001))
    supergroup_ids: Iterator[int] = field(
        default_factory=lambda: itertools.count(1_002_100_000_001)
    )
    message_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    """Private chats and small groups share one row of message ids; others have their own."""
    press_ids: Iterator[int] = field(default_factory=lambda: itertools.count(8_800_000_000_001))

    def __post_init__(self) -> None:
        self.updates = UpdateQueue(self.change)

    def room(self, chat_id: int | str) -> Room:
        """Find the chat that a bot names, if it may speak there."""
        room = self.rooms.get(chat_id) if isinstance(chat_id, int) else None
        if room is None:
            refuse("chat not found")
        if room.migrated_to is not None:
            refuse(
                "group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=room.migrated_to,
            )

        if room.standing is not Standing.MEMBER:
            _forbid(room)
        return room

    def deliver(self, kind: str, room: Room, message: Message) -> None:
        """Tell the bot about a message, if it is allowed to see it."""
        reads_all = self.can_read_all_group_messages
        if reads_all or is_for_bot(message, room=room, bot=self.bot):
            self.tell(room, {kind: message_json(room, message)})

    def tell(self, room: Room, update: JsonObject) -> None:
        if room.standing is Standing.MEMBER:
            self.updates.push(update)

    def change_standing(self, room: Room, standing: Standing, *, by: Person) -> None:
        """Let the bot in or out; that is the last, or the first, it hears of the chat."""
        before, room.standing = room.standing, standing
        self.updates.push(
            {
                "my_chat_member": {
                    "chat": chat_json(room),
                    "from": user_json(by),
                    "date": unix_time(datetime.now(UTC)),
                    "old_chat_member": member_json(self.bot, before),
                    "new_chat_member": member_json(self.bot, standing),
                }
            }
        )
        room.change.announce()


def _forbid(room: Room) -> NoReturn:
    place = "supergroup chat" if room.type is ChatType.SUPERGROUP else f"{room.type} chat"
    match room.standing:
        case Standing.BLOCKED:
            forbid("bot was blocked by the user")
        case Standing.KICKED:
            forbid(f"bot was kicked from the {place}")
        case Standing.LEFT:
            forbid(f"bot is not a member of the {place}")
        case _:
            forbid("bot can't initiate conversation with a user")
