"""New messages, and the hint that one is being written."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from bot.sandbox.telegram.entities import accept
from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.flood import Cost
from bot.sandbox.telegram.methods.fields import (
    EntityFields,
    ForceReplyFields,
    LinkPreviewFields,
    Markup,
    ReplyFields,
    buttons_of,
)
from bot.sandbox.telegram.methods.method import ChatMethod, Fields
from bot.sandbox.telegram.model import Entity, JsonObject, Medium, Message
from bot.sandbox.telegram.objects import message_json
from bot.sandbox.telegram.room import ChatType, Room
from bot.sandbox.telegram.world import World


class TextFields(Fields):
    """A formatted text."""

    text: str
    entities: list[EntityFields] | None = None
    parse_mode: str | None = None

    def formatted(self, *, may_be_empty: bool = False) -> tuple[str, list[Entity]]:
        """The text as people will see it.

        A parse mode is refused: text that a model wrote cannot be trusted to parse.
        """
        if self.parse_mode is not None:
            refuse("parse_mode is not supported, send entities")

        entities = [entity.as_entity() for entity in self.entities or []]
        return accept(self.text, entities, may_be_empty=may_be_empty)


class SendMethod(ChatMethod):
    """A call that brings a new message."""

    cost: ClassVar[Cost] = Cost.MESSAGE

    message_thread_id: int | None = None
    disable_notification: bool = False
    protect_content: bool = False
    reply_parameters: ReplyFields | None = None
    reply_markup: Markup | None = None

    def post(
        self,
        world: World,
        text: str,
        entities: list[Entity],
        *,
        medium: Medium | None = None,
        blocks: Sequence[JsonObject] = (),
    ) -> JsonObject:
        """Make the message, if its markup and the place it goes to are fine."""
        room = self.room(world)
        has_force_reply = isinstance(self.reply_markup, ForceReplyFields)
        may_have_it = room.type is not ChatType.CHANNEL
        buttons = [] if has_force_reply and may_have_it else buttons_of(self.reply_markup)
        target = find_target(room, self.reply_parameters)
        thread_id = find_thread(room, self.message_thread_id, target)

        message = room.new_message(world.bot)
        message.text, message.entities, message.buttons = text, entities, buttons
        message.reply_to_id = target.id if target else None
        message.thread_id = thread_id
        message.force_reply = has_force_reply
        message.from_bot = True
        message.is_silent = self.disable_notification
        message.blocks = blocks
        if medium is not None:
            message.show(medium)
        room.post(message)
        return message_json(room, message)


class SendMessage(SendMethod, TextFields):
    """Send a text."""

    link_preview_options: LinkPreviewFields | None = None

    async def perform(self, world: World) -> object:
        return self.post(world, *self.formatted())


class SendChatAction(ChatMethod):
    """Show for five seconds what the bot is busy with; topics that are gone do not matter."""

    cost: ClassVar[Cost] = Cost.FRAME

    action: Literal[
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
    message_thread_id: int | None = None

    async def perform(self, world: World) -> object:
        room = self.room(world)
        room.act(self.action, self.message_thread_id)
        return True


def find_target(room: Room, reply: ReplyFields | None) -> Message | None:
    """Find the message that is replied to; None when there need not be one."""
    if reply is None:
        return None
    if reply.chat_id not in (None, room.id):
        refuse("replies to other chats are not supported")

    target = room.find(reply.message_id)
    if target is None and not reply.allow_sending_without_reply:
        refuse("message to be replied not found")
    if target is not None and reply.quote is not None and reply.quote not in target.text:
        refuse("QUOTE_TEXT_INVALID")
    return target


def find_thread(room: Room, thread_id: int | None, target: Message | None) -> int | None:
    """The topic a message goes to: the one it names, else the one it replies into."""
    if thread_id is None:
        return target.thread_id if target else None
    if thread_id not in room.topics:
        refuse("message thread not found")
    if target is not None and target.thread_id != thread_id:
        refuse("the message to be replied is in another topic")
    return thread_id
