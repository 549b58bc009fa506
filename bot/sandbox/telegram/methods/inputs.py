"""Photos, videos and documents as bots describe them, whether they send or edit."""

from typing import ClassVar

from pydantic import Field

from bot.sandbox.telegram.attachments import Attachments
from bot.sandbox.telegram.entities import accept_caption
from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.file_objects import document_json, photo_json, video_json
from bot.sandbox.telegram.files import type_of
from bot.sandbox.telegram.methods.fields import EntityFields
from bot.sandbox.telegram.methods.method import Fields
from bot.sandbox.telegram.model import Entity, File, JsonObject, Medium
from bot.sandbox.telegram.pictures import check_photo, check_thumbnail
from bot.sandbox.telegram.uploads import Upload


class CaptionFields(Fields):
    """What is written under a medium."""

    caption: str = ""
    caption_entities: list[EntityFields] | None = None
    parse_mode: str | None = None

    def captioned(self) -> tuple[str, list[Entity]]:
        """The caption as people will see it; parse modes are refused, as they are for texts."""
        if self.parse_mode is not None:
            refuse("parse_mode is not supported, send caption_entities")

        entities = [entity.as_entity() for entity in self.caption_entities or []]
        return accept_caption(self.caption, entities)


class MediumFields(CaptionFields):
    """A medium of one kind."""

    kind: ClassVar[str]

    async def medium(
        self, source: str, attachments: Attachments, *, field: str | None = None
    ) -> Medium:
        """Take in the file that *source* means, with everything said about it."""
        found = attachments.pick(source, kind=self.kind, field=field)
        file = found if isinstance(found, File) else await self.keep(found, attachments)
        content = await self.content(file, attachments)

        attachments.check_all_used()
        return Medium(kind=self.kind, file=file, content=content)

    async def keep(self, upload: Upload, attachments: Attachments) -> File:
        """Check a new file and give it an id."""
        raise NotImplementedError

    async def content(self, file: File, attachments: Attachments) -> JsonObject:
        """Write what the message will carry."""
        raise NotImplementedError


class VisibleFields(MediumFields):
    """How a medium that people see in the chat itself is shown."""

    show_caption_above_media: bool = False
    has_spoiler: bool = False

    def looks(self) -> JsonObject:
        looks = {
            "show_caption_above_media": self.show_caption_above_media,
            "has_media_spoiler": self.has_spoiler,
        }
        return {name: True for name, is_so in looks.items() if is_so}


class PhotoFields(VisibleFields):
    """A photo."""

    kind: ClassVar[str] = "photo"

    async def keep(self, upload: Upload, attachments: Attachments) -> File:
        return await _photo(upload, attachments)

    async def content(self, file: File, attachments: Attachments) -> JsonObject:  # noqa: ARG002 - videos have covers to look for
        return {"photo": photo_json(file), **self.looks()}


class VideoFields(VisibleFields):
    """A video.

    Telegram would guess its size and length and mostly fail, so that people get a square that
    does not play before it is there: a video that comes without them is refused here.
    """

    kind: ClassVar[str] = "video"

    width: int | None = Field(default=None, ge=1)
    height: int | None = Field(default=None, ge=1)
    duration: int | None = Field(default=None, ge=0)
    supports_streaming: bool | None = None
    start_timestamp: int | None = Field(default=None, ge=0)
    thumbnail: str | None = None
    cover: str | None = None

    async def keep(self, upload: Upload, attachments: Attachments) -> File:
        if upload.head[4:8] != b"ftyp":
            refuse("VIDEO_CONTENT_TYPE_INVALID")
        self._check_shape()

        return attachments.files.keep(
            upload,
            kind=self.kind,
            mime_type="video/mp4",
            width=self.width,
            height=self.height,
            duration=self.duration,
            supports_streaming=bool(self.supports_streaming),
            thumbnail=await _thumbnail(self.thumbnail, attachments),
        )

    async def content(self, file: File, attachments: Attachments) -> JsonObject:
        video = video_json(file)
        if self.start_timestamp is not None:
            video["start_timestamp"] = self.start_timestamp
        if self.cover is not None:
            found = attachments.pick(self.cover, kind="photo", field="cover")
            cover = found if isinstance(found, File) else await _photo(found, attachments)
            video["cover"] = photo_json(cover)
        return {"video": video, **self.looks()}

    def _check_shape(self) -> None:
        shape = {
            "width": self.width,
            "height": self.height,
            "duration": self.duration,
            "supports_streaming": self.supports_streaming,
        }
        for name, value in shape.items():
            if value is None:
                refuse(f"a video without {name} is not supported")


class DocumentFields(MediumFields):
    """A file of any kind, for people to download as it is."""

    kind: ClassVar[str] = "document"

    disable_content_type_detection: bool = False
    thumbnail: str | None = None

    async def keep(self, upload: Upload, attachments: Attachments) -> File:
        return attachments.files.keep(
            upload,
            kind=self.kind,
            mime_type=type_of(upload.name),
            thumbnail=await _thumbnail(self.thumbnail, attachments),
        )

    async def content(self, file: File, attachments: Attachments) -> JsonObject:  # noqa: ARG002 - videos have covers to look for
        return {"document": document_json(file)}


async def _photo(upload: Upload, attachments: Attachments) -> File:
    picture = await check_photo(upload)
    return attachments.files.keep(
        upload,
        kind="photo",
        mime_type=picture.mime_type,
        width=picture.width,
        height=picture.height,
    )


async def _thumbnail(source: str | None, attachments: Attachments) -> File | None:
    if source is None:
        return None

    upload = attachments.upload(source, field="thumbnail")
    picture = await check_thumbnail(upload)
    return attachments.files.keep(
        upload,
        kind="thumbnail",
        mime_type=picture.mime_type,
        width=picture.width,
        height=picture.height,
    )
