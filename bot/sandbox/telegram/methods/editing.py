"""Changes to messages that were already sent."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bot.sandbox.telegram.attachments import Attachments
from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.flood import Cost
from bot.sandbox.telegram.methods.fields import LinkPreviewFields, Markup, buttons_of
from bot.sandbox.telegram.methods.inputs import (
    CaptionFields,
    DocumentFields,
    PhotoFields,
    VideoFields,
)
from bot.sandbox.telegram.methods.media import check_rights
from bot.sandbox.telegram.methods.method import ChatMethod
from bot.sandbox.telegram.methods.sending import TextMethod
from bot.sandbox.telegram.model import Entity, JsonObject, Medium, Message
from bot.sandbox.telegram.objects import message_json
from bot.sandbox.telegram.room import ChatType
from bot.sandbox.telegram.uploads import Upload
from bot.sandbox.telegram.world import World


class EditMethod(ChatMethod):
    """A call that changes a message of the bot; without a keyboard the buttons go away."""

    cost: ClassVar[Cost] = Cost.FRAME

    message_id: int
    reply_markup: Markup | None = None

    def message(self, world: World) -> Message:
        """Find the message, if it is one that can be edited."""
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
    ) -> JsonObject:
        """Make the change, if it is one."""
        room, message = self.room(world), self.message(world)
        buttons = buttons_of(self.reply_markup)
        content = message.content if medium is None else medium.content
        new = (text, entities, buttons, content)
        if new == (message.text, message.entities, message.buttons, message.content):
            refuse(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )

        room.rewrite(message, text, entities, buttons, medium=medium)
        return message_json(room, message)


class EditMessageText(EditMethod, TextMethod):
    """Replace text and buttons."""

    link_preview_options: LinkPreviewFields | None = None

    async def perform(self, world: World) -> object:
        if self.message(world).kind != "text":
            refuse("there is no text in the message to edit")
        return self.rewrite(world, *self.formatted())


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
        check_rights(self.room(world), self.media.kind)
        text, entities = self.media.captioned()

        attachments = Attachments(world.files, uploads)
        medium = await self.media.medium(self.media.media, attachments)
        return self.rewrite(world, text, entities, medium=medium)


class EditMessageReplyMarkup(EditMethod):
    """Replace the buttons only."""

    async def perform(self, world: World) -> object:
        message = self.message(world)
        return self.rewrite(world, message.text, message.entities)


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
