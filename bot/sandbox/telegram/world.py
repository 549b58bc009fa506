"""Everything Telegram knows: the bot, the people, their chats, and what waits for the bot."""

import itertools
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NoReturn

from bot.sandbox.telegram.change import Change
from bot.sandbox.telegram.errors import forbid, refuse
from bot.sandbox.telegram.files import FileStore
from bot.sandbox.telegram.guests import GuestQuery
from bot.sandbox.telegram.inline import InlineCache, InlineQuery
from bot.sandbox.telegram.membership import member_json
from bot.sandbox.telegram.menus import CommandKey
from bot.sandbox.telegram.model import Admin, JsonObject, Message, Person
from bot.sandbox.telegram.objects import (
    chat_json,
    message_json,
    private_chat_json,
    unix_time,
    user_json,
)
from bot.sandbox.telegram.press import Press
from bot.sandbox.telegram.privacy import is_for_bot, summons
from bot.sandbox.telegram.room import ChatType, Room, Standing
from bot.sandbox.telegram.updates import UpdateQueue
from bot.sandbox.telegram.webhook import Webhooks

UNINVITED = "bot can't initiate conversation with a user"


@dataclass(kw_only=True)
class World:
    """The state of the stand-in, shared by what people do and what the bot calls."""

    bot: Person
    can_read_all_group_messages: bool = False
    supports_inline_queries: bool = True
    supports_guest_queries: bool = True
    supports_drafts: bool = True
    supports_rich_messages: bool = True
    has_topics: bool = False
    """Whether private chats with the bot have topics."""
    allows_users_to_create_topics: bool = True
    inline_feedback: bool = True
    """Whether the bot is told which of its results people choose."""
    is_local: bool = True
    """Whether this stands for a server of one's own, which also posts to plain HTTP."""
    clock: Callable[[], float] = time.monotonic

    change: Change = field(default_factory=Change)
    """Tells of calls, polls and deliveries; every chat tells of its own."""
    updates: UpdateQueue = field(init=False)
    webhooks: Webhooks = field(init=False)
    files: FileStore = field(default_factory=FileStore)
    rooms: dict[int, Room] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    met: set[int] = field(default_factory=set)
    """The people of whom an update has told the bot; it cannot name anybody else."""
    presses: dict[str, Press] = field(default_factory=dict)
    inline_queries: dict[str, InlineQuery] = field(default_factory=dict)
    inline_cache: InlineCache = field(init=False)
    guest_queries: dict[str, GuestQuery] = field(default_factory=dict)
    inline_messages: dict[str, tuple[Room, Message]] = field(default_factory=dict)
    """What the bot may edit without being in the chat, by inline message id."""
    commands: dict[CommandKey, list[dict[str, str]]] = field(default_factory=dict)

    person_ids: Iterator[int] = field(default_factory=lambda: itertools.count(5_300_000_001))
    group_ids: Iterator[int] = field(default_factory=lambda: itertools.count(4_100_000_001))
    supergroup_ids: Iterator[int] = field(
        default_factory=lambda: itertools.count(1_002_100_000_001)
    )
    message_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    """Private chats and small groups share one row of message ids; others have their own."""
    query_ids: Iterator[int] = field(default_factory=lambda: itertools.count(8_800_000_000_001))

    def __post_init__(self) -> None:
        self.updates = UpdateQueue(self.change, self.clock)
        self.webhooks = Webhooks(self.updates)
        self.inline_cache = InlineCache(self.clock)

    def room(self, chat_id: int | str) -> Room:
        """Find the chat that a bot names, if it may speak there."""
        room = self._find(chat_id)
        if room.migrated_to is not None:
            refuse(
                "group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=room.migrated_to,
            )

        if room.standing is not Standing.MEMBER:
            _forbid(room)
        return room

    def acquaintance(self, chat_id: int | str) -> Person | None:
        """Find whose private chat a bot names; None when it is another kind of chat."""
        person = self.people.get(chat_id) if isinstance(chat_id, int) else None
        if person is not None and person.id not in self.met:
            refuse("chat not found")
        return person

    def describe(self, chat_id: int | str) -> JsonObject:
        """Write the chat that a bot asks about: it may look where it may not speak."""
        person = self.acquaintance(chat_id)
        if person is not None:
            return private_chat_json(person)

        room = self._find(chat_id)
        if room.type is not ChatType.GROUP and room.standing is not Standing.MEMBER:
            _forbid(room)
        return chat_json(room)

    def deliver(self, kind: str, room: Room, message: Message) -> None:
        """Tell the bot about a message, if it is allowed to see it."""
        if kind == "message" and room.standing in (Standing.LEFT, Standing.STRANGER):
            self._summon(room, message)

        reads_all = self.can_read_all_group_messages or self.bot.id in room.admins
        if reads_all or is_for_bot(message, room=room, bot=self.bot):
            self.tell(room, {kind: message_json(room, message)}, by=message.sender)

    def tell(self, room: Room, update: JsonObject, *, by: Person) -> None:
        if room.standing is Standing.MEMBER:
            self.met.add(by.id)
            self.updates.push(update)

    def tell_anywhere(self, update: JsonObject, *, by: Person) -> None:
        """Tell what does not depend on the bot's being in a chat."""
        self.met.add(by.id)
        self.updates.push(update)

    def change_standing(self, room: Room, standing: Standing, *, by: Person) -> None:
        """Let the bot in or out; that is the last, or the first, it hears of the chat."""
        before = member_json(room, self.bot, room.standing)
        room.standing = standing
        if standing is not Standing.MEMBER:
            room.admins.pop(self.bot.id, None)

        after = member_json(room, self.bot, standing)
        self._tell_change("my_chat_member", room, before, after, by=by)

    def show_out(self, room: Room, standing: Standing, *, by: Person) -> None:
        """Let the bot go from a group, which tells of it in a note as well."""
        self.change_standing(room, standing, by=by)
        if room.type is ChatType.CHANNEL:
            return

        note = room.new_message(by, kind="left_chat_member")
        note.content = {"left_chat_member": user_json(self.bot)}
        room.post(note)
        self.updates.push({"message": message_json(room, note)})

    def change_rank(self, room: Room, person: Person, admin: Admin | None, *, by: Person) -> None:
        """Make a member an administrator, or one of many again.

        Of others than itself the bot hears only if it asked to, as an administrator.
        """
        before = member_json(room, person, Standing.MEMBER)
        if admin is None:
            room.admins.pop(person.id, None)
        else:
            room.admins[person.id] = admin

        after = member_json(room, person, Standing.MEMBER)
        if person.id == self.bot.id:
            self._tell_change("my_chat_member", room, before, after, by=by)
        elif self.bot.id in room.admins:
            self._tell_change("chat_member", room, before, after, by=by)

    def name_inline(self, room: Room, message: Message) -> str:
        """Let the bot edit a message wherever it is; the result is the id to do so by."""
        inline_message_id = f"BAAA{secrets.token_urlsafe(16)}"
        message.inline_message_id = inline_message_id
        self.inline_messages[inline_message_id] = room, message
        return inline_message_id

    def inline_message(self, inline_message_id: str) -> tuple[Room, Message]:
        """Find a message, and where it is, by the id that the bot got for it."""
        room, message = self.inline_messages.get(inline_message_id, (None, None))
        if room is None or message is None or message not in room.messages:
            refuse("MESSAGE_ID_INVALID")
        return room, message

    def _tell_change(
        self, kind: str, room: Room, before: JsonObject, after: JsonObject, *, by: Person
    ) -> None:
        self.met.add(by.id)
        self.updates.push(
            {
                kind: {
                    "chat": chat_json(room),
                    "from": user_json(by),
                    "date": unix_time(datetime.now(UTC)),
                    "old_chat_member": before,
                    "new_chat_member": after,
                }
            }
        )
        room.change.announce()

    def _find(self, chat_id: int | str) -> Room:
        room = self.rooms.get(chat_id) if isinstance(chat_id, int) else None
        is_new = room is None or room.standing is Standing.STRANGER
        if is_new and chat_id not in self.met:
            refuse("chat not found")
        if room is None:
            forbid(UNINVITED)
        return room

    def _summon(self, room: Room, message: Message) -> None:
        if not self.supports_guest_queries or not summons(message, room=room, bot=self.bot):
            return

        query = GuestQuery(
            id=str(next(self.query_ids)),
            change=room.change,
            clock=self.clock,
            room=room,
            message=message,
        )
        self.guest_queries[query.id] = query
        self.met.add(message.sender.id)
        summoned = {**message_json(room, message), "guest_query_id": query.id}
        self.updates.push({"guest_message": summoned})


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
            forbid(UNINVITED)
