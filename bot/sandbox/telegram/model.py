"""What people see in a chat: persons, messages, buttons, drafts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Required, TypedDict

JsonObject = dict[str, object]


class Entity(TypedDict, total=False):
    """A formatted stretch of a text, counted in UTF-16 units."""

    type: Required[str]
    offset: Required[int]
    length: Required[int]
    url: str
    language: str
    user: JsonObject
    custom_emoji_id: str
    unix_time: int
    date_time_format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A Telegram user; bots are users too."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False


ANONYMOUS_ADMIN = Person(
    id=1087968824, first_name="Group", username="GroupAnonymousBot", is_bot=True
)
CHANNEL_AUTHOR = Person(id=136817688, first_name="Channel", username="Channel_Bot", is_bot=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin:
    """What sets an administrator of a group apart."""

    is_anonymous: bool = False
    can_manage_topics: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button under a message: it either calls the bot back or opens an address."""

    text: str
    callback_data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that somebody uploaded, as Telegram keeps it."""

    file_id: str
    kind: str
    """What it was sent as, and can be sent as again: `photo`, `video` or `document`."""
    size: int
    is_size_told: bool = True
    """Whether bots learn the size: Telegram does not promise it."""
    sha256: str
    name: str
    mime_type: str
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    """In seconds."""
    supports_streaming: bool = False
    thumbnail: "File | None" = None
    path: Path
    """Where the bytes lie until the server is closed."""
    url: str
    """Where a person's app can look at it; the address does not contain the token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """What a message shows besides its caption."""

    kind: str
    file: File
    content: JsonObject
    """The medium with its looks, spelled as Telegram does."""


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """A message as it stands now: an edit changes it in place."""

    id: int
    chat_id: int
    sender: Person
    """Who seems to write."""
    author_id: int = 0
    """The person who does, though it be in the name of a group or channel."""
    date: datetime
    text: str = ""
    """The text, or the caption of media."""
    entities: list[Entity] = field(default_factory=list)
    blocks: Sequence[JsonObject] = ()
    """What a rich message consists of, spelled as Telegram does; its text is all that they say."""
    kind: str = "text"
    """`text`, a medium such as `photo`, or what a service message is about."""
    content: JsonObject = field(default_factory=dict)
    """What it carries besides the text, spelled as Telegram does."""
    file: File | None = None
    """The medium that was uploaded."""
    reply_to_id: int | None = None
    thread_id: int | None = None
    """The forum topic it belongs to."""
    buttons: list[list[Button]] = field(default_factory=list)
    force_reply: bool = False
    """People's apps begin a reply to it at once."""
    edited: int = 0
    """How often it was edited."""
    edit_date: datetime | None = None
    from_bot: bool = False
    is_silent: bool = False
    """It was sent without a sound."""
    inline_message_id: str | None = None
    """The id by which the bot can edit what it does not own, or where it is no member."""

    def show(self, medium: Medium) -> None:
        self.kind, self.content, self.file = medium.kind, medium.content, medium.file


class Snapshot(NamedTuple):
    """How a message looked after it was sent or edited."""

    at: float
    message_id: int
    text: str
    entities: list[Entity]


class Action(NamedTuple):
    """A hint such as "typing" that the bot showed."""

    at: float
    action: str
    thread_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A preview of a message that is still being written; it vanishes by itself."""

    id: int
    text: str
    entities: list[Entity]
    thread_id: int | None
    can_stop: bool
    keep_on_stop: bool
    updated_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAnswer:
    """What a person is shown after pressing a button."""

    text: str
    show_alert: bool
