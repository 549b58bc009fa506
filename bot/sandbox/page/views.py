"""Chats and messages as a person's app shows them."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.sandbox.telegram import Button, Chat, Draft, File, Message, Person
from bot.sandbox.telegram.media import KINDS
from bot.sandbox.telegram.menus import menu_of
from bot.sandbox.telegram.model import JsonObject
from bot.sandbox.telegram.room import ChatType

ACTION_SECONDS = 5.5
"""So long does a hint such as "typing" stay, unless a message comes first."""
MAX_MESSAGES = 150
MAX_QUOTE_LENGTH = 120


def chat_view(chat: Chat, person: Person) -> JsonObject:
    """Show a chat as it stands in the list of all, with its menu."""
    return {
        "id": chat.id,
        "title": None if chat.type is ChatType.PRIVATE else chat.title,
        "isPrivate": chat.type is ChatType.PRIVATE,
        "members": [member.first_name for member in chat.members],
        "menu": menu_of(chat.world.commands, room=chat, person=person),
        "action": _action(chat),
    }


def message_views(chat: Chat, person: Person) -> Iterator[tuple[str, JsonObject]]:
    """Show the newest messages and drafts by an id that stays."""
    for message in chat.messages[-MAX_MESSAGES:]:
        yield f"message/{chat.id}/{message.id}", _message(chat, message, person)
    for draft in chat.drafts.values():
        yield f"draft/{chat.id}/{draft.id}", _draft(chat, draft)


def _message(chat: Chat, message: Message, person: Person) -> JsonObject:
    target = chat.find(message.reply_to_id)
    asks_me = chat.type is ChatType.PRIVATE or (target is not None and _is_by(person, target))
    return {
        "chat": chat.id,
        "id": message.id,
        "sender": None if message.from_bot else message.sender.first_name,
        "isMine": _is_by(person, message),
        "at": message.date.timestamp(),
        "text": message.text,
        "entities": message.entities,
        "media": _media(message.file) if message.file is not None else None,
        "event": None if _is_written(message) else message.kind,
        "reply": _quote(person, target) if target is not None else None,
        "buttons": [[_button(button) for button in row] for row in message.buttons],
        "isEdited": message.edited > 0,
        "asksMe": message.force_reply and asks_me,
    }


def _draft(chat: Chat, draft: Draft) -> JsonObject:
    return {
        "chat": chat.id,
        "id": draft.id,
        "text": draft.text,
        "entities": draft.entities,
        "canStop": draft.can_stop,
    }


def _media(file: File) -> JsonObject:
    return {
        "kind": file.kind,
        "url": urlsplit(file.url).path,
        "name": file.name,
        "size": file.size,
        "width": file.width,
        "height": file.height,
    }


def _quote(person: Person, target: Message) -> JsonObject:
    return {
        "id": target.id,
        "sender": None if target.from_bot else target.sender.first_name,
        "isMine": _is_by(person, target),
        "text": target.text[:MAX_QUOTE_LENGTH],
        "kind": target.kind,
    }


def _button(button: Button) -> JsonObject:
    return {"text": button.text, "url": button.url}


def _action(chat: Chat) -> str | None:
    newest = chat.actions[-1] if chat.actions else None
    if newest is None or chat.clock() - newest.at > ACTION_SECONDS:
        return None

    shown = chat.history[-1] if chat.history else None
    if shown is None or shown.at < newest.at:
        return newest.action
    message = chat.find(shown.message_id)
    return None if message is not None and message.from_bot else newest.action


def _is_written(message: Message) -> bool:
    return message.kind == "text" or message.kind in KINDS


def _is_by(person: Person, message: Message) -> bool:
    return message.sender.id == person.id
