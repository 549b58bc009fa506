"""Everybody who uses Telegram: people, their chats, and what they type there."""

import itertools
from dataclasses import replace

from bot.sandbox.telegram.chat import Chat
from bot.sandbox.telegram.errors import impossible
from bot.sandbox.telegram.inline import MAX_QUERY_LENGTH, InlineQuery, InlineResult
from bot.sandbox.telegram.model import JsonObject, Message, Person
from bot.sandbox.telegram.objects import user_json
from bot.sandbox.telegram.room import ChatType, Standing
from bot.sandbox.telegram.world import World


class Public:
    """The people of a world, who come and meet as a test or a demo wants it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._choices: dict[Message, JsonObject] = {}

    def person(
        self,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
    ) -> Person:
        person = Person(
            id=next(self._world.person_ids),
            first_name=first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
        )
        self._world.people[person.id] = person
        return person

    def change_language(self, person: Person, language_code: str) -> Person:
        """Switch a person's app to a language; the bot learns of it with the next update."""
        changed = replace(person, language_code=language_code)
        self._world.people[person.id] = changed
        for room in self._world.rooms.values():
            room.members[:] = [changed if one.id == person.id else one for one in room.members]
        return changed

    def private_chat(self, person: Person) -> Chat:
        """Open a person's chat with the bot, who cannot write there first."""
        chat = self._chat(ChatType.PRIVATE, person.id, person.first_name, [person])
        chat.standing = Standing.STRANGER
        return chat

    def group(
        self,
        title: str,
        *,
        members: list[Person],
        supergroup: bool = False,
        forum: bool = False,
        announce: bool = True,
        has_bot: bool = True,
    ) -> Chat:
        """Open a group that the bot has just been added to by the first member, who owns it.

        Without *has_bot* it has never heard of the group, and people can summon it as a guest.
        """
        if supergroup or forum:
            chat_id = -next(self._world.supergroup_ids)
            chat = self._chat(ChatType.SUPERGROUP, chat_id, title, members)
            chat.message_ids = itertools.count(1)
            chat.is_forum = forum
        else:
            chat = self._chat(ChatType.GROUP, -next(self._world.group_ids), title, members)

        if announce or not has_bot:
            chat.standing = Standing.STRANGER
        if announce and has_bot:
            chat.add_bot(members[0])
        return chat

    def channel(self, title: str, *, members: list[Person]) -> Chat:
        """Open a channel that the bot belongs to."""
        chat_id = -next(self._world.supergroup_ids)
        chat = self._chat(ChatType.CHANNEL, chat_id, title, members)
        chat.message_ids = itertools.count(1)
        return chat

    def inline_query(
        self, person: Person, text: str, *, offset: str = "", chat: Chat | None = None
    ) -> InlineQuery:
        """Type `@BOT text` in a chat, or else in one that the person has with somebody else."""
        if not self._world.supports_inline_queries or len(text) > MAX_QUERY_LENGTH:
            impossible(f"no app asks the bot inline for {text!r}")

        query = InlineQuery(
            id=str(next(self._world.query_ids)),
            change=self._world.change,
            clock=self._world.clock,
            person=person,
            text=text,
            offset=offset,
        )
        self._world.inline_queries[query.id] = query
        self._ask(query, _place(person, chat))
        return query

    def choose(self, query: InlineQuery, result: str | int, chat: Chat) -> Message:
        """Pick a result by its id or place: it is posted to a chat, and the bot may hear of it."""
        picked = _pick(query, result)
        message = chat.choose(query.person, picked)
        chosen: JsonObject = {
            "result_id": picked.id,
            "from": user_json(query.person),
            "query": query.text,
        }
        if message.inline_message_id is not None:
            chosen["inline_message_id"] = message.inline_message_id
        self._choices[message] = chosen
        self.choose_again(message)
        return message

    def choose_again(self, message: Message) -> None:
        """Tell the bot once more what was chosen, in an update of its own."""
        if self._world.inline_feedback:
            update: JsonObject = {"chosen_inline_result": self._choices[message]}
            self._world.tell_anywhere(update, by=message.sender)

    def _ask(self, query: InlineQuery, chat_type: str) -> None:
        """Let Telegram answer if it can, or else the bot."""
        query.result = self._world.inline_cache.find(query)
        if query.result is not None:
            return

        asked: JsonObject = {
            "id": query.id,
            "from": user_json(query.person),
            "query": query.text,
            "offset": query.offset,
            "chat_type": chat_type,
        }
        self._world.met.add(query.person.id)
        query.is_delivered = self._world.updates.push({"inline_query": asked})

    def _chat(self, kind: ChatType, chat_id: int, title: str, members: list[Person]) -> Chat:
        chat = Chat(
            id=chat_id,
            type=kind,
            title=title,
            members=members,
            clock=self._world.clock,
            message_ids=self._world.message_ids,
            world=self._world,
        )
        self._world.rooms[chat_id] = chat
        return chat


def _place(person: Person, chat: Chat | None) -> str:
    if chat is None:
        return ChatType.PRIVATE
    return "sender" if chat.id == person.id else chat.type


def _pick(query: InlineQuery, result: str | int) -> InlineResult:
    results = query.result.results if query.result is not None else ()
    for place, found in enumerate(results):
        if result in (found.id, place):
            return found

    return impossible(f"{query} shows no result {result!r}")
