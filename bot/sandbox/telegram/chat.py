"""A chat as people use it: they write, press buttons, leave, and look at what the bot did."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar, Unpack

from bot.sandbox.telegram.detect import detect
from bot.sandbox.telegram.errors import impossible
from bot.sandbox.telegram.guests import GuestQuery
from bot.sandbox.telegram.media import content_of
from bot.sandbox.telegram.menus import menu_of
from bot.sandbox.telegram.model import Button, Draft, JsonObject, Message, Person
from bot.sandbox.telegram.objects import chat_json, message_json, user_json
from bot.sandbox.telegram.press import Press
from bot.sandbox.telegram.room import ChatType, Room, Standing
from bot.sandbox.telegram.world import World
from bot.sandbox.telegram.writing import START_PAYLOAD, SendOptions, write, write_forward

T = TypeVar("T")

WAIT_SECONDS = 20
TOPIC_COLOR = 0x6FB9F0


@dataclass(kw_only=True, eq=False, repr=False)
class Chat(Room):
    """A chat with everything that people can do in it."""

    world: World

    def send(self, person: Person, text: str, **options: Unpack[SendOptions]) -> Message:
        """Write a message; the bot is told if it is allowed to see it."""
        return self._publish(write(self, person, text, options))

    def send_media(
        self,
        person: Person,
        kind: str,
        *,
        caption: str | None = None,
        **options: Unpack[SendOptions],
    ) -> Message:
        """Send a photo, a sticker, a voice message or any other kind of medium."""
        message = write(self, person, caption or "", options)
        message.kind = kind
        message.content |= content_of(kind, message.id)
        return self._publish(message)

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
        return self._publish(write_forward(self, person, message))

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
        if message.sender != person:
            impossible(f"message {message.id} is not by {person.first_name}")

        self.rewrite(message, text, detect(text), message.buttons)
        self.world.deliver("edited_message", self, message)

    def delete(self, message: Message) -> None:
        """Remove a message; Telegram does not tell bots."""
        self.remove(message)

    def press(self, person: Person, message: Message, label: str | None = None) -> Press:
        """Press the button with this label, or the only one."""
        button = _find_button(message, label)
        press = Press(
            id=str(next(self.world.query_ids)),
            data=button.callback_data or "",
            change=self.change,
            clock=self.clock,
        )
        self.world.presses[press.id] = press

        query: JsonObject = {
            "id": press.id,
            "from": user_json(person),
            "message": message_json(self, message),
            "chat_instance": str(self.id),
            "data": press.data,
        }
        self.world.tell(self, {"callback_query": query}, by=person)
        return press

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

    def topic(self, name: str) -> int:
        """Open a topic in a forum and return its thread id."""
        if not self.is_forum:
            impossible(f"{self.title!r} is no forum")

        created: JsonObject = {"name": name, "icon_color": TOPIC_COLOR}
        thread_id = self.service("forum_topic_created", created, by=self.members[0]).id
        self.add_topic(thread_id, name)
        return thread_id

    def service(self, kind: str, value: object, *, by: Person) -> Message:
        """Post a service message: something happened to the chat, nobody wrote."""
        message = self.new_message(by, kind=kind)
        message.content = {kind: value}
        if kind == "forum_topic_created":
            message.thread_id = message.id
        return self._publish(message)

    def block(self, person: Person) -> None:
        self.world.change_standing(self, Standing.BLOCKED, by=person)

    def unblock(self, person: Person) -> None:
        self.world.change_standing(self, Standing.MEMBER, by=person)

    def add_bot(self, person: Person) -> None:
        """Let the bot in; it hears of its membership first, of the service message next."""
        bot = user_json(self.world.bot)
        self.world.change_standing(self, Standing.MEMBER, by=person)
        self.service("new_chat_members", [bot], by=person)

    def kick_bot(self) -> None:
        self.world.change_standing(self, Standing.KICKED, by=self.members[0])

    def migrate(self) -> "Chat":
        """Turn a group into a supergroup, which is a new chat with message ids of its own."""
        if self.type is not ChatType.GROUP:
            impossible(f"{self.title!r} is no group")

        successor = Chat(
            id=-next(self.world.supergroup_ids),
            type=ChatType.SUPERGROUP,
            title=self.title,
            members=self.members,
            clock=self.clock,
            message_ids=itertools.count(1),
            world=self.world,
        )
        self.world.rooms[successor.id] = successor
        self.service("migrate_to_chat_id", successor.id, by=self.members[0])
        self.migrated_to = successor.id
        successor.service("migrate_from_chat_id", self.id, by=self.members[0])
        return successor

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

    def _publish(self, message: Message) -> Message:
        if self.standing is Standing.BLOCKED:
            impossible(f"{message.sender.first_name} has to unblock the bot first")
        if self.migrated_to is not None:
            impossible(f"{self.title!r} has become a supergroup")

        if self.standing is Standing.STRANGER and self.type is ChatType.PRIVATE:
            self.standing = Standing.MEMBER

        self.post(message)
        kind = "channel_post" if self.type is ChatType.CHANNEL else "message"
        self.world.deliver(kind, self, message)
        return message


def _find_button(message: Message, label: str | None) -> Button:
    buttons = [
        button
        for button in itertools.chain(*message.buttons)
        if button.callback_data is not None and label in (None, button.text)
    ]
    if len(buttons) != 1:
        labels = [button.text for button in itertools.chain(*message.buttons)]
        impossible(f"{label or 'one button'!r} expected, but there are {labels}")
    return buttons[0]


def _first(messages: Iterator[Message]) -> Message | None:
    return next(messages, None)


def _answers(found: Message, message: Message) -> bool:
    return found.from_bot and found.reply_to_id == message.id


def _follows(found: Message, message: Message) -> bool:
    return found.from_bot and found.id > message.id
