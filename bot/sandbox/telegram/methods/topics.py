"""Topics that a bot opens and names.

It gets the notes of that in updates, see `need_skip_update_message` in
https://github.com/tdlib/telegram-bot-api.
"""

from typing import Annotated, Literal, NoReturn

from pydantic import Field

from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.methods.method import ChatMethod
from bot.sandbox.telegram.model import JsonObject
from bot.sandbox.telegram.room import ChatType, Room
from bot.sandbox.telegram.topics import BLUE, MAX_NAME_LENGTH, open_topic, rename_topic
from bot.sandbox.telegram.world import World

Color = Literal[0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F]


class CreateForumTopic(ChatMethod):
    """Open a topic."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME_LENGTH)]
    icon_color: Color = BLUE

    async def perform(self, world: World) -> object:
        room = _forum(self.room(world), world, "create a topic")
        message = open_topic(room, world.bot, self.name, color=self.icon_color)
        room.post(message)
        world.deliver("message", room, message)

        topic: JsonObject = {"name": self.name, "icon_color": self.icon_color}
        return {"message_thread_id": message.thread_id, **topic}


class EditForumTopic(ChatMethod):
    """Give a topic another name; an empty one leaves it as it is.

    What Telegram would cut in silence is refused.
    """

    message_thread_id: int
    name: Annotated[str, Field(max_length=MAX_NAME_LENGTH)] = ""

    async def perform(self, world: World) -> object:
        room = _forum(self.room(world), world, "edit the topic")
        present = room.topics.get(self.message_thread_id)
        if present is None:
            refuse("TOPIC_ID_INVALID")
        if self.name.strip() in ("", present):
            refuse("TOPIC_NOT_MODIFIED")

        message = rename_topic(room, world.bot, self.message_thread_id, self.name.strip())
        room.post(message)
        world.deliver("message", room, message)
        return True


def _forum(room: Room, world: World, wish: str) -> Room:
    """Find a chat with topics where the bot may do what it wants to."""
    if room.type is ChatType.PRIVATE:
        return room if world.has_topics else _refuse_topics()
    if not room.is_forum:
        _refuse_topics()

    admin = room.admins.get(world.bot.id)
    if admin is None or not admin.can_manage_topics:
        refuse(f"not enough rights to {wish}")
    return room


def _refuse_topics() -> NoReturn:
    refuse("the chat is not a forum")
