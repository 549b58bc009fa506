"""Answers to inline queries and to guest queries: both bring articles."""

from typing import Literal

from pydantic import Field

from bot.sandbox.telegram.entities import accept
from bot.sandbox.telegram.errors import refuse, refuse_query
from bot.sandbox.telegram.guests import GuestQuery
from bot.sandbox.telegram.inline import InlineAnswer, InlineResult
from bot.sandbox.telegram.methods.fields import EntityFields, KeyboardFields, LinkPreviewFields
from bot.sandbox.telegram.methods.method import Fields, Method
from bot.sandbox.telegram.model import Entity, JsonObject, Message
from bot.sandbox.telegram.objects import user_json
from bot.sandbox.telegram.world import World
from bot.sandbox.telegram.writing import START_PAYLOAD

MAX_RESULTS = 50
MAX_ID_BYTES = 64
MAX_OFFSET_BYTES = 64
LONGEST_CACHE_SECONDS = 24 * 60 * 60


class TextContentFields(Fields):
    """The text of the message that an article becomes."""

    message_text: str
    entities: list[EntityFields] | None = None
    parse_mode: str | None = None
    link_preview_options: LinkPreviewFields | None = None

    def formatted(self) -> tuple[str, list[Entity]]:
        """The text as people will see it; parse modes are refused, as they are for messages."""
        if self.parse_mode is not None:
            refuse("parse_mode is not supported, send entities")

        return accept(self.message_text, [entity.as_entity() for entity in self.entities or []])


class ArticleFields(Fields):
    """The only kind of result that the stand-in knows."""

    type: Literal["article"]
    id: str
    title: str
    input_message_content: TextContentFields
    reply_markup: KeyboardFields | None = None
    url: str | None = None
    description: str | None = None
    thumbnail_url: str | None = None
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None

    def as_result(self) -> InlineResult:
        if not self.id:
            refuse("RESULT_ID_EMPTY")
        if len(self.id.encode()) > MAX_ID_BYTES:
            refuse("RESULT_ID_INVALID")
        if not self.title.strip():
            refuse("ARTICLE_TITLE_EMPTY")

        text, entities = self.input_message_content.formatted()
        return InlineResult(
            id=self.id,
            title=self.title,
            description=self.description,
            text=text,
            entities=entities,
            buttons=self.reply_markup.as_buttons() if self.reply_markup else [],
        )


class ResultsButtonFields(Fields):
    """A button above the results that opens the chat with the bot."""

    text: str = Field(min_length=1)
    start_parameter: str = Field(pattern=f"^{START_PAYLOAD}$")


class AnswerInlineQuery(Method):
    """Show results to a person who typed the name of the bot."""

    inline_query_id: str
    results: list[ArticleFields]
    cache_time: int = Field(default=300, ge=0, le=LONGEST_CACHE_SECONDS)
    is_personal: bool = False
    next_offset: str = ""
    button: ResultsButtonFields | None = None

    async def perform(self, world: World) -> object:
        query = world.inline_queries.get(self.inline_query_id)
        if query is None or not query.is_open:
            refuse_query()

        answer = self._answer()
        world.inline_cache.keep(query, answer)
        query.resolve(answer)
        return True

    def _answer(self) -> InlineAnswer:
        if len(self.results) > MAX_RESULTS:
            refuse("too many inline query results specified")
        if len({result.id for result in self.results}) < len(self.results):
            refuse("RESULT_ID_DUPLICATE")
        if len(self.next_offset.encode()) > MAX_OFFSET_BYTES:
            refuse("NEXT_OFFSET_INVALID")

        return InlineAnswer(
            results=tuple(result.as_result() for result in self.results),
            button=self.button.text if self.button else None,
            cache_seconds=self.cache_time,
            is_personal=self.is_personal,
            next_offset=self.next_offset,
        )


class AnswerGuestQuery(Method):
    """Post the one message that a summoned bot may post."""

    guest_query_id: str
    result: ArticleFields

    async def perform(self, world: World) -> object:
        query = world.guest_queries.get(self.guest_query_id)
        if query is None or not query.is_open:
            refuse_query()

        message = self._message(world, query)
        query.room.post(message)
        query.resolve(message)
        return {"inline_message_id": world.name_inline(query.room, message)}

    def _message(self, world: World, query: GuestQuery) -> Message:
        result = self.result.as_result()
        message = query.room.new_message(world.bot)
        message.text, message.entities = result.text, result.entities
        message.buttons = result.buttons
        message.content = _caller(query.message)
        message.reply_to_id = query.message.id
        message.thread_id = query.message.thread_id
        message.from_bot = True
        return message


def _caller(message: Message) -> JsonObject:
    chat = message.content.get("sender_chat")
    if chat is not None:
        return {"guest_bot_caller_chat": chat}
    return {"guest_bot_caller_user": user_json(message.sender)}
