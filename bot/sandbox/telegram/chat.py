"""A chat as people use it: they write, press buttons, and look at what the bot did."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeVar, Unpack

from bot.sandbox.telegram.detect import detect
from bot.sandbox.telegram.entities import MAX_CAPTION_UNITS, MAX_TEXT_UNITS
from bot.sandbox.telegram.errors import impossible
from bot.sandbox.telegram.file_objects import document_json
from bot.sandbox.telegram.guests import GuestQuery
from bot.sandbox.telegram.inline import InlineResult
from bot.sandbox.telegram.media import content_of
from bot.sandbox.telegram.menus import menu_of
from bot.sandbox.telegram.model import Button, Draft, JsonObject, Message, Person
from bot.sandbox.telegram.objects import chat_json, user_json
from bot.sandbox.telegram.pasting import pieces
from bot.sandbox.telegram.press import Press
from bot.sandbox.telegram.pressing import find_button, press_button
from bot.sandbox.telegram.room import ChatType
from bot.sandbox.telegram.venue import Venue
from bot.sandbox.telegram.writing import (
    START_PAYLOAD,
    SendOptions,
    check_length,
    write,
    write_forward,
)

T = TypeVar("T")

WAIT_SECONDS = 20
EDITABLE_FOR = timedelta(hours=48)


@dataclass(kw_only=True, eq=False, repr=False)
class Chat(Venue):
    """A chat with everything that people can do in it."""

    def send(self, person: Person, text: str, **options: Unpack[SendOptions]) -> Message:
        """Write a message; the bot is told if it is allowed to see it."""
        return self.publish(write(self, person, text, options))

    def send_media(
        self,
        person: Person,
        kind: str,
        *,
        caption: str | None = None,
        **options: Unpack[SendOptions],
    ) -> Message:
        """Send a photo, a sticker, a voice message or any other kind of medium."""
        message = write(self, person, caption or "", options, longest=MAX_CAPTION_UNITS)
        message.kind = kind
        message.content |= content_of(kind, message.id)
        return self.publish(message)

    def send_document(
        self,
        person: Person,
        name: str,
        data: bytes,
        *,
        mime_type: str | None = None,
        caption: str | None = None,
        is_size_told: bool = True,
        **options: Unpack[SendOptions],
    ) -> Message:
        """Send a file that the bot can fetch; Telegram does not always tell how large it is."""
        if not data:
            impossible("no app sends an empty file")

        message = write(self, person, caption or "", options, longest=MAX_CAPTION_UNITS)
        message.kind = "document"
        message.file = self.world.files.keep_document(
            name, data, mime_type=mime_type, is_size_told=is_size_told
        )
        message.content["document"] = document_json(message.file)
        return self.publish(message)

    def paste(self, person: Person, text: str, **options: Unpack[SendOptions]) -> list[Message]:
        """Write a text of any length, which the app sends in as many messages as it takes."""
        first, *others = pieces(text) or [text]
        sent = [self.send(person, first, **options)]

        topic = SendOptions(thread_id=sent[0].thread_id)
        return sent + [self.send(person, part, **topic) for part in others]

    def choose(self, person: Person, result: InlineResult) -> Message:
        """Post an inline result, which the bot may edit if it has buttons."""
        options = SendOptions(entities=result.entities, force=True)
        message = write(self, person, result.text, options)
        message.content["via_bot"] = user_json(self.world.bot)
        message.buttons = result.buttons
        if result.buttons:
            self.world.name_inline(self, message)
        return self.publish(message)

    def start(self, person: Person, payload: str | None = None) -> Message:
        """Press the start button, below a link `t.me/BOT?start=PAYLOAD` if there is one."""
        if self.type is not ChatType.PRIVATE:
            impossible(f"there is no start button in {self.title!r}")
        if payload is not None and not re.fullmatch(START_PAYLOAD, payload):
            impossible(f"no app hands over {payload!r}")

        return self.send(person, "/start" if payload is None else f"/start {payload}")

    def forward(self, person: Person, message: Message) -> Message:
        """Repeat a message of this or another chat that the person is in."""
        if person not in self.world.rooms[message.chat_id].members:
            impossible(f"{person.first_name} cannot see message {message.id}")
        return self.publish(write_forward(self, person, message))

    def guest_query(self, person: Person, text: str, **options: Unpack[SendOptions]) -> GuestQuery:
        """Write a message that summons the bot to a group that it does not belong to."""
        message = self.send(person, text, **options)
        queries = self.world.guest_queries.values()
        query = next((query for query in queries if query.message is message), None)
        if query is None:
            impossible(f"{text!r} summons no bot to {self.title!r}")
        return query

    def menu(self, person: Person) -> list[str]:
        """The commands that the menu offers a person here, in the language of the person."""
        if person not in self.members:
            impossible(f"{person.first_name} is no member of {self.title!r}")
        lines = menu_of(self.world.commands, room=self, person=person)
        return [line["command"] for line in lines]

    def edit(self, person: Person, message: Message, text: str) -> None:
        """Change what a message says."""
        if message.kind != "text":
            impossible(f"message {message.id} has no text, only a caption")
        check_length(text, MAX_TEXT_UNITS)
        self._change(person, message, text)

    def edit_caption(self, person: Person, message: Message, caption: str) -> None:
        """Change what is written under a medium."""
        if message.kind == "text":
            impossible(f"message {message.id} has no caption")
        check_length(caption, MAX_CAPTION_UNITS)
        self._change(person, message, caption)

    def touch(self, message: Message) -> None:
        """Have Telegram tell of a change that people do not see, such as a link's preview."""
        message.edit_date = datetime.now(UTC)
        self._tell_edit(message)

    def delete(self, message: Message) -> None:
        """Remove a message; Telegram does not tell bots."""
        self.remove(message)

    def press(self, person: Person, message: Message, label: str | None = None) -> Press:
        """Press the button with this label, or the only one."""
        return self.press_old(person, message, find_button(message, label))

    def press_old(self, person: Person, message: Message, button: Button) -> Press:
        """Press a button that an app may still show although it is no longer there."""
        return press_button(self.world, self, person, message, button)

    def stop_draft(self, person: Person, draft: Draft) -> None:
        """Press the button on a draft; it vanishes unless the bot asked to keep it."""
        if person not in self.members or not draft.can_stop:
            impossible(f"{person.first_name} sees no stop button on draft {draft.id}")

        stopped: JsonObject = {"chat": chat_json(self), "draft_id": draft.id}
        if draft.thread_id is not None:
            stopped["message_thread_id"] = draft.thread_id
        if not draft.keep_on_stop:
            self.hide_draft(draft.id)
        self.world.tell(self, {"stopped_message_generation": stopped}, by=person)

    def redeliver(self, message: Message) -> None:
        """Tell the bot once more about a message, in an update of its own."""
        self.world.deliver("message", self, message)

    def push(self, update: Mapping[str, object]) -> None:
        """Send the bot an update of any kind, exactly as written."""
        self.world.updates.push(update)

    async def wait(
        self,
        predicate: Callable[["Chat"], T | Literal[False] | None],
        *,
        timeout: float = WAIT_SECONDS,  # noqa: ASYNC109 - a test's own words
    ) -> T:
        """Return what *predicate* finds here; `AssertionError` shows the chat if it never does."""
        try:
            return await self.change.until(lambda: predicate(self), seconds=timeout)
        except TimeoutError as error:
            message = f"it did not happen within {timeout} s in {self.transcript()}"
            raise AssertionError(message) from error

    async def reply_to(self, message: Message, *, timeout: float = WAIT_SECONDS) -> Message:  # noqa: ASYNC109 - a test's own words
        """Wait for the first message of the bot that replies to this one."""
        return await self.wait(
            lambda chat: _first(found for found in chat.messages if _answers(found, message)),
            timeout=timeout,
        )

    async def next_from_bot(self, *, after: Message, timeout: float = WAIT_SECONDS) -> Message:  # noqa: ASYNC109 - a test's own words
        """Wait for the first message of the bot below this one."""
        return await self.wait(
            lambda chat: _first(found for found in chat.messages if _follows(found, after)),
            timeout=timeout,
        )

    def _change(self, person: Person, message: Message, text: str) -> None:
        if message.author_id != person.id or "forward_origin" in message.content:
            impossible(f"message {message.id} is not by {person.first_name}")
        if datetime.now(UTC) - message.date > EDITABLE_FOR:
            impossible(f"message {message.id} is too old to be edited")
        if message.text == text:
            impossible(f"message {message.id} says so already; use touch()")

        self.rewrite(message, text, detect(text), message.buttons)
        self._tell_edit(message)

    def _tell_edit(self, message: Message) -> None:
        kind = "edited_channel_post" if self.type is ChatType.CHANNEL else "edited_message"
        self.world.deliver(kind, self, message)


def _first(messages: Iterator[Message]) -> Message | None:
    return next(messages, None)


def _answers(found: Message, message: Message) -> bool:
    return found.from_bot and found.reply_to_id == message.id


def _follows(found: Message, message: Message) -> bool:
    return found.from_bot and found.id > message.id
