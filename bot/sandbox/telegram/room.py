"""What a chat holds, and the only place where that changes."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from bot.sandbox.telegram.change import Change
from bot.sandbox.telegram.model import (
    Action,
    Admin,
    Button,
    Draft,
    Entity,
    JsonObject,
    Medium,
    Message,
    Person,
    Snapshot,
)

DRAFT_SECONDS = 30


class ChatType(StrEnum):
    """The kinds of chats."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Standing(StrEnum):
    """What the bot is in a chat."""

    STRANGER = "stranger"
    """The person has not written to the bot yet, or it has never been in the group."""
    MEMBER = "member"
    BLOCKED = "blocked"
    KICKED = "kicked"
    LEFT = "left"


@dataclass(kw_only=True, eq=False, repr=False)
class Room:
    """A chat as Telegram stores it."""

    id: int
    type: ChatType
    title: str
    members: list[Person]
    clock: Callable[[], float]
    message_ids: Iterator[int]
    change: Change = field(default_factory=Change)
    is_forum: bool = False
    standing: Standing = Standing.MEMBER
    migrated_to: int | None = None
    forbids_media: bool = False
    """Whether members, bots among them, may send nothing but text."""

    messages: list[Message] = field(default_factory=list)
    """Everything visible now, oldest first."""
    history: list[Snapshot] = field(default_factory=list)
    """Everything that was ever visible, in order, edits included."""
    actions: list[Action] = field(default_factory=list)
    topics: dict[int, str] = field(default_factory=dict)
    """Names of the topics by thread id."""
    admins: dict[int, Admin] = field(default_factory=dict)
    """The administrators besides the owner, the bot among them, by id."""
    _drafts: dict[int, Draft] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<{self.type} {self.title!r}>"

    @property
    def owner(self) -> Person | None:
        """The first member of a group or channel."""
        return self.members[0] if self.members and self.type is not ChatType.PRIVATE else None

    @property
    def drafts(self) -> dict[int, Draft]:
        """The drafts that can be seen now, by id."""
        oldest = self.clock() - DRAFT_SECONDS
        return {key: draft for key, draft in self._drafts.items() if draft.updated_at > oldest}

    def has_member(self, person: Person) -> bool:
        """Whether a person belongs to the chat, whatever their app's language is by now."""
        return any(member.id == person.id for member in self.members)

    def is_admin(self, person: Person) -> bool:
        is_owner = self.owner is not None and self.owner.id == person.id
        return is_owner or person.id in self.admins

    def find(self, message_id: int | None) -> Message | None:
        return next((found for found in self.messages if found.id == message_id), None)

    def new_message(self, sender: Person, *, kind: str = "text") -> Message:
        """Begin a message; nobody sees it before it is posted."""
        return Message(
            id=next(self.message_ids),
            chat_id=self.id,
            sender=sender,
            date=datetime.now(UTC),
            kind=kind,
        )

    def post(self, message: Message) -> None:
        if message.from_bot:
            self._drafts.clear()

        self.messages.append(message)
        self._remember(message)

    def rewrite(
        self,
        message: Message,
        text: str,
        entities: list[Entity],
        buttons: list[list[Button]],
        *,
        medium: Medium | None = None,
        blocks: Sequence[JsonObject] = (),
    ) -> None:
        """Replace what a message says and, with a medium, what it shows."""
        if medium is not None:
            message.show(medium)
        message.text = text
        message.blocks = blocks
        message.entities = entities
        message.buttons = buttons
        message.edited += 1
        message.edit_date = datetime.now(UTC)
        self._remember(message)

    def remove(self, message: Message) -> None:
        self.messages.remove(message)
        self.change.announce()

    def act(self, action: str, thread_id: int | None) -> None:
        self.actions.append(Action(self.clock(), action, thread_id))
        self.change.announce()

    def show_draft(self, draft: Draft) -> None:
        self._drafts[draft.id] = draft
        self.change.announce()

    def hide_draft(self, draft_id: int) -> None:
        self._drafts.pop(draft_id, None)
        self.change.announce()

    def transcript(self) -> str:
        """Everything visible, one line a message, for people who look for a mistake."""
        lines = [f"{self.type} {self.title!r}"]
        lines += [_line(message) for message in self.messages]
        lines += [f"   draft {draft.id}: {draft.text}" for draft in self.drafts.values()]
        return "\n".join(lines)

    def _remember(self, message: Message) -> None:
        seen = Snapshot(self.clock(), message.id, message.text, message.entities)
        self.history.append(seen)
        self.change.announce()


def _line(message: Message) -> str:
    about = message.kind if message.kind != "text" else ""
    reply = f"re {message.reply_to_id}" if message.reply_to_id else ""
    labels = [f"[{button.text}]" for button in itertools.chain(*message.buttons)]
    words = [message.sender.first_name + ":", about, reply, message.text, *labels]
    return f"{message.id:4} " + " ".join(word for word in words if word)
