"""New messages that show a photo, a video or a document."""

from collections.abc import Mapping

from bot.sandbox.telegram.attachments import Attachments
from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.methods.inputs import (
    DocumentFields,
    MediumFields,
    PhotoFields,
    VideoFields,
)
from bot.sandbox.telegram.methods.sending import SendMethod
from bot.sandbox.telegram.room import Room
from bot.sandbox.telegram.uploads import Upload
from bot.sandbox.telegram.world import World


class SendMediumMethod(SendMethod, MediumFields):
    """A call that brings a new message with a medium."""

    async def receive(self, world: World, uploads: Mapping[str, Upload]) -> object:
        check_rights(self.room(world), self.kind)
        text, entities = self.captioned()

        attachments = Attachments(world.files, uploads)
        medium = await self.medium(self.source(), attachments, field=self.kind)
        return self.post(world, text, entities, medium=medium)

    def source(self) -> str:
        """What the parameter says that is named after the medium."""
        raise NotImplementedError


class SendPhoto(SendMediumMethod, PhotoFields):
    """Send a photo."""

    photo: str = ""

    def source(self) -> str:
        return self.photo


class SendVideo(SendMediumMethod, VideoFields):
    """Send a video."""

    video: str = ""

    def source(self) -> str:
        return self.video


class SendDocument(SendMediumMethod, DocumentFields):
    """Send a file as it is."""

    document: str = ""

    def source(self) -> str:
        return self.document


def check_rights(room: Room, kind: str) -> None:
    """Refuse a medium where the group allows none."""
    if room.forbids_media:
        refuse(f"not enough rights to send {kind}s to the chat")
