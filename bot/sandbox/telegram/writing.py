"""How a message of a person comes into being."""

from typing import TypedDict

from bot.sandbox.telegram.detect import detect
from bot.sandbox.telegram.entities import MAX_TEXT_UNITS, utf16_length
from bot.sandbox.telegram.errors import impossible
from bot.sandbox.telegram.media import KINDS
from bot.sandbox.telegram.model import (
    ANONYMOUS_ADMIN,
    CHANNEL_AUTHOR,
    Entity,
    JsonObject,
    Message,
    Person,
)
from bot.sandbox.telegram.objects import chat_json, unix_time, user_json
from bot.sandbox.telegram.room import ChatType, Room
from bot.sandbox.telegram.venue import Venue

START_PAYLOAD = r"[A-Za-z0-9_-]{1,64}"
"""What a link may hand over, https://core.telegram.org/bots/features#deep-linking."""
CONTEXT = frozenset({"quote", "guest_bot_caller_user", "guest_bot_caller_chat"})
"""What belongs to the place where a message was written, and is not forwarded."""


class SendOptions(TypedDict, total=False):
    """What may be special about a message of a person."""

    reply_to: Message | None
    thread_id: int | None
    quote: str | None
    """The part that was picked of the message replied to."""
    anonymous: bool
    """An admin writes in the name of the group."""
    sender_chat: Room | None
    """A person writes in the name of this channel."""
    forwarded_from: Person | None
    entities: list[Entity] | None
    """Formatting; without it commands, mentions and addresses are found as Telegram does."""
    force: bool
    """Allow a text that is longer than any app would send in one message."""


def write(
    room: Venue, author: Person, text: str, options: SendOptions, *, longest: int = MAX_TEXT_UNITS
) -> Message:
    """Begin a message that says *text*, with everything the options ask for."""
    if not room.has_member(author):
        impossible(f"{author.first_name} is no member of {room.title!r}")
    if not options.get("force"):
        check_length(text, longest)

    if options.get("anonymous") and not room.is_admin(author):
        impossible(f"{author.first_name} is no administrator of {room.title!r}")

    thread_id = _thread(room, author, text, options)
    message = room.new_message(_visible_author(room, author, options))
    message.author_id = author.id
    message.thread_id = thread_id
    message.text = text
    message.entities = options.get("entities") or detect(text)
    message.content = {
        **_sender_chat(room, options),
        **_origin(message, options),
        **_quote(options),
    }

    target = options.get("reply_to")
    message.reply_to_id = target.id if target else None
    return message


def write_forward(room: Venue, person: Person, original: Message) -> Message:
    """Begin a message that repeats another one and names who wrote it first."""
    if original.kind != "text" and original.kind not in KINDS:
        impossible(f"nobody can forward message {original.id}, it is a service message")
    if "sender_chat" in original.content:
        impossible(f"message {original.id} is not by a visible user")

    options = SendOptions(entities=original.entities, force=True, forwarded_from=original.sender)
    message = write(room, person, original.text, options)
    message.kind, message.file = original.kind, original.file
    carried = {name: value for name, value in original.content.items() if name not in CONTEXT}
    message.content |= carried
    return message


def check_length(text: str, longest: int) -> None:
    """Stop a test that has an app send more than it would in one message."""
    if utf16_length(text) > longest:
        impossible(f"no app sends {utf16_length(text)} UTF-16 units at once; use force=True")


def _thread(room: Venue, author: Person, text: str, options: SendOptions) -> int | None:
    """The topic that a message goes to, which may have to be opened for it."""
    target = options.get("reply_to")
    thread_id = options.get("thread_id") or (target.thread_id if target else None)
    if thread_id not in {None, *room.topics}:
        impossible(f"{room.title!r} has no topic {thread_id}")
    if thread_id is None and target is None and room.opens_topics:
        return room.begin_topic(author, text)
    return thread_id


def _visible_author(room: Room, author: Person, options: SendOptions) -> Person:
    if options.get("sender_chat") or room.type is ChatType.CHANNEL:
        return CHANNEL_AUTHOR
    return ANONYMOUS_ADMIN if options.get("anonymous") else author


def _sender_chat(room: Room, options: SendOptions) -> JsonObject:
    sender = options.get("sender_chat")
    if sender is None and (options.get("anonymous") or room.type is ChatType.CHANNEL):
        sender = room
    return {"sender_chat": chat_json(sender)} if sender else {}


def _origin(message: Message, options: SendOptions) -> JsonObject:
    author = options.get("forwarded_from")
    if author is None:
        return {}

    date = unix_time(message.date)
    return {"forward_origin": {"type": "user", "date": date, "sender_user": user_json(author)}}


def _quote(options: SendOptions) -> JsonObject:
    target, quote = options.get("reply_to"), options.get("quote")
    if quote is None:
        return {}
    if target is None or quote not in target.text:
        impossible(f"{quote!r} is no part of the message replied to")

    position = utf16_length(target.text[: target.text.index(quote)])
    return {"quote": {"text": quote, "position": position, "is_manual": True}}
