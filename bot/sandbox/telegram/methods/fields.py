"""Objects that bots send as parameters: formatting, buttons, what a message replies to."""

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.methods.method import Fields
from bot.sandbox.telegram.model import Button, Entity

MAX_CALLBACK_BYTES = 64
MAX_BUTTONS = 100
"""Nowhere documented; bots that sent more were refused."""
URL_SCHEMES = ("http://", "https://", "tg://")


class UserFields(Fields):
    """A person mentioned without a username."""

    id: int
    is_bot: bool
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


class EntityFields(Fields):
    """A formatted stretch of a text."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    user: UserFields | None = None
    custom_emoji_id: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> Self:
        needs = {
            "text_link": self.url,
            "text_mention": self.user,
            "custom_emoji": self.custom_emoji_id,
            "date_time": self.unix_time,
        }
        if self.type in needs and needs[self.type] is None:
            refuse(f"can't parse entities: {self.type} lacks a field")
        if self.language is not None and self.type != "pre":
            refuse("can't parse entities: only pre has a language")
        return self

    def as_entity(self) -> Entity:
        entity = Entity(type=self.type, offset=self.offset, length=self.length)
        if self.url is not None:
            entity["url"] = self.url
        if self.language is not None:
            entity["language"] = self.language
        if self.user is not None:
            entity["user"] = self.user.model_dump(exclude_none=True)
        if self.custom_emoji_id is not None:
            entity["custom_emoji_id"] = self.custom_emoji_id
        if self.unix_time is not None:
            entity["unix_time"] = self.unix_time
        if self.date_time_format is not None:
            entity["date_time_format"] = self.date_time_format
        return entity


class LinkPreviewFields(Fields):
    """Whether and how the first link of a text is previewed."""

    is_disabled: bool | None = None
    url: str | None = None
    prefer_small_media: bool | None = None
    prefer_large_media: bool | None = None
    show_above_text: bool | None = None


class ReplyFields(Fields):
    """The message that is replied to, in the same chat."""

    message_id: int
    chat_id: int | str | None = None
    allow_sending_without_reply: bool = False
    quote: str | None = None
    quote_entities: list[EntityFields] | None = None
    quote_position: int | None = None


class ButtonFields(Fields):
    """A button with exactly one thing to do."""

    text: str
    callback_data: str | None = None
    url: str | None = None
    style: Literal["danger", "success", "primary"] | None = None

    def as_button(self) -> Button:
        if (self.callback_data is None) == (self.url is None):
            refuse("can't parse inline keyboard button: it needs exactly one action")
        if not self.text.strip():
            refuse("can't parse inline keyboard button: text must be non-empty")

        if self.callback_data is not None:
            _check_callback_data(self.callback_data)
        if self.url is not None and not self.url.startswith(URL_SCHEMES):
            refuse(f"inline keyboard button URL '{self.url}' is invalid")
        return Button(text=self.text, callback_data=self.callback_data, url=self.url)


class KeyboardFields(Fields):
    """Buttons under a message."""

    inline_keyboard: list[list[ButtonFields]]

    def as_buttons(self) -> list[list[Button]]:
        if sum(map(len, self.inline_keyboard)) > MAX_BUTTONS:
            refuse("reply markup is too long")
        return [[button.as_button() for button in row] for row in self.inline_keyboard if row]


class ForceReplyFields(Fields):
    """A wish that people reply; what Telegram would cut of the placeholder is refused."""

    force_reply: Literal[True]
    input_field_placeholder: str | None = Field(default=None, min_length=1, max_length=64)
    selective: bool = False


def _markup_name(markup: object) -> str:
    is_force_reply = isinstance(markup, dict) and "force_reply" in markup
    return "ForceReply" if is_force_reply else "InlineKeyboardMarkup"


Markup = Annotated[
    Annotated[KeyboardFields, Tag("InlineKeyboardMarkup")]
    | Annotated[ForceReplyFields, Tag("ForceReply")],
    Discriminator(_markup_name),
]
"""What may come as `reply_markup`: one or the other."""


def buttons_of(markup: Markup | None) -> list[list[Button]]:
    """The buttons where nothing else will do."""
    if isinstance(markup, ForceReplyFields):
        refuse("inline keyboard expected")
    return markup.as_buttons() if markup else []


def _check_callback_data(data: str) -> None:
    if not 1 <= len(data.encode()) <= MAX_CALLBACK_BYTES:
        refuse("BUTTON_DATA_INVALID")
