"""Topics of forums, and of private chats with a bot whose owner wants them there."""

from typing import Final

from bot.sandbox.telegram.model import JsonObject, Message, Person
from bot.sandbox.telegram.room import Room

MAX_NAME_LENGTH = 128
BLUE: Final = 0x6FB9F0


def open_topic(
    room: Room, author: Person, name: str, *, color: int = BLUE, is_name_implicit: bool = False
) -> Message:
    """Open a topic; the result is the service message that it begins with."""
    created: JsonObject = {"name": name, "icon_color": color}
    if is_name_implicit:
        created["is_name_implicit"] = True

    message = _event(room, author, "forum_topic_created", created)
    message.thread_id = message.id
    room.topics[message.id] = name
    return message


def rename_topic(room: Room, author: Person, thread_id: int, name: str) -> Message:
    """Give a topic another name; the result is the service message that tells of it."""
    message = _event(room, author, "forum_topic_edited", {"name": name})
    message.thread_id = thread_id
    room.topics[thread_id] = name
    return message


def _event(room: Room, author: Person, kind: str, content: JsonObject) -> Message:
    message = room.new_message(author, kind=kind)
    message.content = {kind: content}
    return message
