"""Changes to messages that were already sent."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bot.sandbox.telegram.attachments import Attachments
from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.flood import Cost, FloodControl
from bot.sandbox.telegram.methods.fields import LinkPreviewFields, Markup, buttons_of
from bot.sandbox.telegram.methods.inputs import (
    CaptionFields,
    DocumentFields,
    PhotoFields,
    VideoFields,
)
from bot.sandbox.telegram.methods.media import check_rights
from bot.sandbox.telegram.methods.method import ChatMethod, Method
from bot.sandbox.telegram.methods.rich import RichFields
from bot.sandbox.telegram.methods.sending import TextFields
from bot.sandbox.telegram.model import Entity, JsonObject, Medium, Message
from bot.sandbox.telegram.objects import message_json
from bot.sandbox.telegram.room import ChatType, Room
from bot.sandbox.telegram.uploads import Upload
from bot.sandbox.telegram.world import World

DELETABLE_FOR = timedelta(hours=48)


class EditMethod(Method):
    """A call that changes a message of the bot; without a keyboard the buttons go away.

    The message is named by its chat and id, or by the id it got as an inline message.
    """

    cost: ClassVar[Cost] = Cost.FRAME

    chat_id: int | str | None = None
    message_id: int | None = None
    inline_message_id: str | None = None
    reply_markup: Markup | None = None

    @model_validator(mode="after")
    def _names_one_message(self) -> Self:
        place = {self.chat_id, self.message_id}
        if self.inline_message_id is None and None in place:
            refuse("message identifier is not specified")
        if self.inline_message_id is not None and place != {None}:
            refuse("message identifier is ambiguous")
        return self

    def charge(self, world: World, flood: FloodControl) -> None:
        if self.inline_message_id is None:
            flood.charge(self.room(world).id, self.cost)
        else:
            flood.charge_inline()

    def room(self, world: World) -> Room:
        if self.inline_message_id is not None:
            return world.inline_message(self.inline_message_id)[0]
        return world.room(self.chat_id or 0)

    def message(self, world: World) -> Message:
        """Find the message, if it is one that can be edited."""
        if self.inline_message_id is not None:
            return world.inline_message(self.inline_message_id)[1]

        message = self.room(world).find(self.message_id)
        if message is None:
            refuse("message to edit not found")
        if not message.from_bot or message.force_reply:
            refuse("message can't be edited")
        return message

    def rewrite(
        self,
        world: World,
        text: str,
        entities: list[Entity],
        *,
        medium: Medium | None = None,
        blocks: Sequence[JsonObject] = (),
    ) -> object:
        """Make the change, if it is one; of an inline message Telegram returns nothing."""
        room, message = self.room(world), self.message(world)
        buttons = buttons_of(self.reply_markup)
        content = message.content if medium is None else medium.content
        old = (message.text, message.entities, message.buttons, message.content, message.blocks)
        if (text, entities, buttons, content, blocks) == old:
            refuse(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )

        room.rewrite(message, text, entities, buttons, medium=medium, blocks=blocks)
        return True if self.inline_message_id is not None else message_json(room, message)


class EditMessageText(EditMethod, TextFields):
    """Replace text and buttons; an old server sees nothing but text."""

    text: str = ""
    rich_message: RichFields | None = None
    link_preview_options: LinkPreviewFields | None = None

    async def perform(self, world: World) -> object:
        if self.message(world).kind != "text":
            refuse("there is no text in the message to edit")
        if self.rich_message is None or not world.supports_rich_messages:
            return self.rewrite(world, *self.formatted())

        if self.text or self.entities or self.link_preview_options:
            refuse("a rich message can't have a text or a link preview")
        text, blocks = self.rich_message.accept()
        return self.rewrite(world, text, [], blocks=blocks)


class EditMessageCaption(EditMethod, CaptionFields):
    """Replace what is written under a medium, and the buttons."""

    show_caption_above_media: bool = False

    async def perform(self, world: World) -> object:
        message = self.message(world)
        if message.file is None:
            refuse("there is no caption in the message to edit")

        content = message.content.copy()
        content.pop("show_caption_above_media", None)
        if self.show_caption_above_media:
            content["show_caption_above_media"] = True
        medium = Medium(kind=message.kind, file=message.file, content=content)
        return self.rewrite(world, *self.captioned(), medium=medium)


class InputMediaPhoto(PhotoFields):
    """A photo to put in a message's place."""

    type: Literal["photo"]
    media: str = ""


class InputMediaVideo(VideoFields):
    """A video to put in a message's place."""

    type: Literal["video"]
    media: str = ""


class InputMediaDocument(DocumentFields):
    """A document to put in a message's place."""

    type: Literal["document"]
    media: str = ""


InputMedia = Annotated[
    InputMediaPhoto | InputMediaVideo | InputMediaDocument, Field(discriminator="type")
]


class EditMessageMedia(EditMethod):
    """Put a medium in the place of a text or of another medium, with caption and buttons."""

    media: InputMedia

    async def receive(self, world: World, uploads: Mapping[str, Upload]) -> object:
        self.message(world)
        if self.inline_message_id is not None:
            refuse("media of inline messages are not supported")
        check_rights(self.room(world), self.media.kind)
        text, entities = self.media.captioned()

        attachments = Attachments(world.files, uploads)
        medium = await self.media.medium(self.media.media, attachments)
        return self.rewrite(world, text, entities, medium=medium)


class EditMessageReplyMarkup(EditMethod):
    """Replace the buttons only."""

    async def perform(self, world: World) -> object:
        message = self.message(world)
        return self.rewrite(world, message.text, message.entities, blocks=message.blocks)


class DeleteMessage(ChatMethod):
    """Remove a message of the last two days: any in a private chat, in a group the bot's own.

    The note that opened a topic stays for good.
    """

    message_id: int

    async def perform(self, world: World) -> object:
        room = self.room(world)
        message = room.find(self.message_id)
        if message is None:
            refuse("message to delete not found")
        if not _can_be_deleted(room, message):
            refuse("message can't be deleted")

        room.remove(message)
        return True


def _can_be_deleted(room: Room, message: Message) -> bool:
    if message.kind == "forum_topic_created":
        return False
    if datetime.now(UTC) - message.date >= DELETABLE_FOR:
        return False
    return room.type is ChatType.PRIVATE or message.from_bot
