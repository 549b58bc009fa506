"""Changes to messages that were already sent."""

from typing import ClassVar

from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.flood import Cost
from bot.sandbox.telegram.methods.fields import KeyboardFields, LinkPreviewFields
from bot.sandbox.telegram.methods.method import ChatMethod
from bot.sandbox.telegram.methods.sending import TextMethod
from bot.sandbox.telegram.model import Button, Entity, Message
from bot.sandbox.telegram.objects import message_json
from bot.sandbox.telegram.room import ChatType, Room
from bot.sandbox.telegram.world import World


class EditMessageText(TextMethod):
    """Replace text and buttons; without a keyboard the buttons go away."""

    cost: ClassVar[Cost] = Cost.FRAME

    message_id: int
    link_preview_options: LinkPreviewFields | None = None
    reply_markup: KeyboardFields | None = None

    async def perform(self, world: World) -> object:
        room = self.room(world)
        message = _own_message(room, self.message_id)
        text, entities = self.formatted()
        _rewrite(room, message, text, entities, self.reply_markup)
        return message_json(room, message)


class EditMessageReplyMarkup(ChatMethod):
    """Replace the buttons only."""

    cost: ClassVar[Cost] = Cost.FRAME

    message_id: int
    reply_markup: KeyboardFields | None = None

    async def perform(self, world: World) -> object:
        room = self.room(world)
        message = _own_message(room, self.message_id)
        _rewrite(room, message, message.text, message.entities, self.reply_markup)
        return message_json(room, message)


class DeleteMessage(ChatMethod):
    """Remove a message: any in a private chat, only the bot's own in a group."""

    message_id: int

    async def perform(self, world: World) -> object:
        room = self.room(world)
        message = room.find(self.message_id)
        if message is None:
            refuse("message to delete not found")
        if room.type is not ChatType.PRIVATE and not message.from_bot:
            refuse("message can't be deleted")

        room.remove(message)
        return True


def _own_message(room: Room, message_id: int) -> Message:
    message = room.find(message_id)
    if message is None:
        refuse("message to edit not found")
    if not message.from_bot:
        refuse("message can't be edited")
    return message


def _rewrite(
    room: Room,
    message: Message,
    text: str,
    entities: list[Entity],
    keyboard: KeyboardFields | None,
) -> None:
    buttons: list[list[Button]] = keyboard.as_buttons() if keyboard else []
    if (text, entities, buttons) == (message.text, message.entities, message.buttons):
        refuse(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )

    room.rewrite(message, text, entities, buttons)
