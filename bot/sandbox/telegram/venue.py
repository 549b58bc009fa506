"""What happens to a chat besides being written in: topics, ranks, comings and goings."""

import itertools
from dataclasses import dataclass
from typing import Self

from bot.sandbox.telegram.errors import impossible
from bot.sandbox.telegram.model import Admin, Message, Person
from bot.sandbox.telegram.objects import user_json
from bot.sandbox.telegram.room import ChatType, Room, Standing
from bot.sandbox.telegram.topics import MAX_NAME_LENGTH, open_topic
from bot.sandbox.telegram.world import World


@dataclass(kw_only=True, eq=False, repr=False)
class Venue(Room):
    """A chat in its world, which the bot is told about."""

    world: World

    @property
    def opens_topics(self) -> bool:
        """Whether what a person types outside of all topics begins a topic of its own."""
        in_private = self.type is ChatType.PRIVATE and self.world.has_topics
        return in_private and self.world.allows_users_to_create_topics

    def topic(self, name: str) -> int:
        """Open a topic with a name that somebody chose, and return its thread id."""
        if not (self.is_forum or self.opens_topics):
            impossible(f"people open no topics in {self.title!r}")
        if not 1 <= len(name) <= MAX_NAME_LENGTH:
            impossible(f"no app names a topic {name!r}")

        return self.publish(open_topic(self, self.members[0], name)).id

    def begin_topic(self, person: Person, text: str) -> int:
        """Open the topic of a message, which is called after it until somebody names it."""
        name = " ".join(text.split())[:MAX_NAME_LENGTH].strip() or "New Chat"
        return self.publish(open_topic(self, person, name, is_name_implicit=True)).id

    def delete_topic(self, thread_id: int) -> None:
        """Remove a topic with all that is in it; Telegram does not tell bots."""
        del self.topics[thread_id]
        for message in [one for one in self.messages if one.thread_id == thread_id]:
            self.remove(message)

    def service(self, kind: str, value: object, *, by: Person) -> Message:
        """Post a service message: something happened to the chat, nobody wrote."""
        message = self.new_message(by, kind=kind)
        message.content = {kind: value}
        return self.publish(message)

    def promote(
        self, person: Person, *, is_anonymous: bool = False, can_manage_topics: bool = True
    ) -> None:
        """Let the owner make a member, or the bot, an administrator."""
        self._check_rank_of(person)
        admin = Admin(is_anonymous=is_anonymous, can_manage_topics=can_manage_topics)
        self.world.change_rank(self, person, admin, by=self.members[0])

    def demote(self, person: Person) -> None:
        """Let the owner make an administrator one of many again."""
        self._check_rank_of(person)
        if person.id not in self.admins:
            impossible(f"{person.first_name} is no administrator whom anybody could demote")
        self.world.change_rank(self, person, None, by=self.members[0])

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
        self.world.show_out(self, Standing.KICKED, by=self.members[0])

    def migrate(self) -> Self:
        """Turn a group into a supergroup, which is a new chat with message ids of its own."""
        if self.type is not ChatType.GROUP:
            impossible(f"{self.title!r} is no group")

        successor = type(self)(
            id=-next(self.world.supergroup_ids),
            type=ChatType.SUPERGROUP,
            title=self.title,
            members=self.members,
            admins=self.admins,
            clock=self.clock,
            message_ids=itertools.count(1),
            world=self.world,
        )
        self.world.rooms[successor.id] = successor
        self.service("migrate_to_chat_id", successor.id, by=self.members[0])
        self.migrated_to = successor.id
        successor.service("migrate_from_chat_id", self.id, by=self.members[0])
        return successor

    def publish(self, message: Message) -> Message:
        """Show a message, and tell the bot if it is allowed to see it."""
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

    def _check_rank_of(self, person: Person) -> None:
        if self.type is ChatType.PRIVATE:
            impossible("nobody has a rank in a private chat")

        is_bot = person.id == self.world.bot.id
        if not (self.standing is Standing.MEMBER if is_bot else self.has_member(person)):
            impossible(f"{person.first_name} is no member of {self.title!r}")
