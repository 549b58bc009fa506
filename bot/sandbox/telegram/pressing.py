"""How a button is pressed."""

import itertools

from bot.sandbox.telegram.errors import impossible
from bot.sandbox.telegram.model import Button, JsonObject, Message, Person
from bot.sandbox.telegram.objects import chat_json, message_json, user_json
from bot.sandbox.telegram.press import Press
from bot.sandbox.telegram.room import Room
from bot.sandbox.telegram.world import World


def press_button(
    world: World, room: Room, person: Person, message: Message, button: Button
) -> Press:
    """Tell the bot of a press, and wait for nothing yet."""
    if not room.has_member(person):
        impossible(f"{person.first_name} is no member of {room.title!r}")
    if button.callback_data is None:
        impossible(f"{button.text!r} calls nobody back")

    press = Press(
        id=str(next(world.query_ids)),
        data=button.callback_data,
        change=room.change,
        clock=room.clock,
    )
    world.presses[press.id] = press

    query: JsonObject = {
        "id": press.id,
        "from": user_json(person),
        "chat_instance": str(room.id),
        "data": press.data,
    }
    if message.inline_message_id is None:
        query["message"] = _message(room, message)
        world.tell(room, {"callback_query": query}, by=person)
    else:
        query["inline_message_id"] = message.inline_message_id
        world.tell_anywhere({"callback_query": query}, by=person)
    return press


def find_button(message: Message, label: str | None) -> Button:
    """Find the button with this label, or the only one."""
    buttons = [
        button
        for button in itertools.chain(*message.buttons)
        if button.callback_data is not None and label in (None, button.text)
    ]
    if len(buttons) != 1:
        labels = [button.text for button in itertools.chain(*message.buttons)]
        impossible(f"{label or 'one button'!r} expected, but there are {labels}")
    return buttons[0]


def _message(room: Room, message: Message) -> JsonObject:
    """Write the message with the button; of one that is gone Telegram knows only where it was.

    https://core.telegram.org/bots/api#inaccessiblemessage
    """
    if message in room.messages:
        return message_json(room, message)
    return {"chat": chat_json(room), "message_id": message.id, "date": 0}
