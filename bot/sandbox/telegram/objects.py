"""Persons, chats and messages, written as the Bot API writes them."""

from datetime import datetime

from bot.sandbox.telegram.model import Button, JsonObject, Message, Person
from bot.sandbox.telegram.room import ChatType, Room


def user_json(person: Person) -> JsonObject:
    """Write a User, https://core.telegram.org/bots/api#user."""
    return {
        "id": person.id,
        "is_bot": person.is_bot,
        "first_name": person.first_name,
        **_known("last_name", person.last_name),
        **_known("username", person.username),
        **_known("language_code", person.language_code),
    }


def chat_json(room: Room) -> JsonObject:
    """Write a Chat, https://core.telegram.org/bots/api#chat."""
    if room.type is not ChatType.PRIVATE:
        known_forum = _known("is_forum", room.is_forum or None)
        return {"id": room.id, "type": room.type, "title": room.title, **known_forum}

    return private_chat_json(room.members[0])


def private_chat_json(person: Person) -> JsonObject:
    """Write a person's chat with the bot; it has the id of the person."""
    return {
        "id": person.id,
        "type": ChatType.PRIVATE,
        "first_name": person.first_name,
        **_known("last_name", person.last_name),
        **_known("username", person.username),
    }


def message_json(room: Room, message: Message) -> JsonObject:
    """Write a message with the one it replies to; that one comes without its own target."""
    target = room.find(message.reply_to_id or message.thread_id)
    if target is message:
        target = None

    written = _bare_message_json(room, message)
    if target is not None:
        written["reply_to_message"] = _bare_message_json(room, target)
    return written


def unix_time(moment: datetime) -> int:
    """Write a moment the only way the Bot API knows."""
    return int(moment.timestamp())


def _bare_message_json(room: Room, message: Message) -> JsonObject:
    written: JsonObject = {
        "message_id": message.id,
        "date": unix_time(message.date),
        "chat": chat_json(room),
        **_thread_json(room, message),
        **message.content,
        **_text_json(message),
    }
    if room.type is not ChatType.CHANNEL:
        written["from"] = user_json(message.sender)
    if message.edit_date is not None:
        written["edit_date"] = unix_time(message.edit_date)
    if message.buttons:
        written["reply_markup"] = {"inline_keyboard": _keyboard_json(message.buttons)}
    return written


def _text_json(message: Message) -> JsonObject:
    if message.blocks:
        return {"rich_message": {"blocks": message.blocks}}
    if not message.text:
        return {}

    text, entities = "text", "entities"
    if message.kind != "text":
        text, entities = "caption", "caption_entities"
    return {text: message.text, **_known(entities, message.entities or None)}


def _thread_json(room: Room, message: Message) -> JsonObject:
    """Name the topic; in other supergroups a reply names the message that began the thread.

    Such a thread id is not a topic: sending to it is refused, so `is_topic_message` counts.
    """
    if message.thread_id is not None:
        return {"message_thread_id": message.thread_id, "is_topic_message": True}
    if room.type is not ChatType.SUPERGROUP or room.is_forum or message.reply_to_id is None:
        return {}

    root = message
    while (target := room.find(root.reply_to_id)) is not None:
        root = target
    return {"message_thread_id": root.reply_to_id or root.id}


def _keyboard_json(buttons: list[list[Button]]) -> list[list[JsonObject]]:
    return [[_button_json(button) for button in row] for row in buttons]


def _button_json(button: Button) -> JsonObject:
    return {
        "text": button.text,
        **_known("callback_data", button.callback_data),
        **_known("url", button.url),
    }


def _known(name: str, value: object) -> JsonObject:
    return {} if value is None else {name: value}
