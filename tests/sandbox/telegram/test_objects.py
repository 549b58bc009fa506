"""aiogram reads everything that the stand-in writes."""

from aiogram import Bot
from aiogram.enums import ChatMemberStatus, ContentType, UpdateType
from aiogram.types import Message, Update

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.sandbox.telegram.media import KINDS


async def only_message(bot: Bot) -> Message:
    update = (await bot.get_updates(offset=-1))[0]
    assert update.message is not None
    return update.message


def kinds_of(updates: list[Update]) -> list[str]:
    return [update.event_type for update in updates]


async def test_every_kind_of_media_arrives_as_what_it_is(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    for kind in sorted(KINDS):
        chat.send_media(ann, kind)

    arrived = [update.message for update in await bot.get_updates()][1:]
    assert [message.content_type for message in arrived if message] == sorted(KINDS)


async def test_a_caption_belongs_to_its_photo(bot: Bot, chat: Chat, ann: Person) -> None:
    chat.send_media(ann, "photo", caption="/image a cat")

    message = await only_message(bot)
    assert (message.text, message.caption) == (None, "/image a cat")
    assert [entity.type for entity in message.caption_entities or []] == ["bot_command"]


async def test_a_person_is_known_by_everything_the_profile_says(
    bot: Bot, server: TelegramServer
) -> None:
    eve = server.person("Eve", last_name="Stone", username="eve", language_code="ru")
    server.private_chat(eve).send(eve, "hi")

    message = await only_message(bot)
    assert message.from_user is not None
    assert message.from_user.full_name == message.chat.full_name == "Eve Stone"
    assert (message.from_user.username, message.from_user.language_code) == ("eve", "ru")


async def test_entities_are_counted_in_utf16(bot: Bot, chat: Chat, ann: Person) -> None:
    chat.send(ann, "😀 see https://example.org/a?b=c. and ask @elumenta_bot")

    message = await only_message(bot)
    found = [entity.extract_from(message.text or "") for entity in message.entities or []]
    assert found == ["https://example.org/a?b=c", "@elumenta_bot"]


async def test_a_reply_carries_its_target_and_the_quote(bot: Bot, chat: Chat, ann: Person) -> None:
    first = chat.send(ann, "😀 one two three")
    chat.send(ann, "the second?", reply_to=first, quote="two")

    message = await only_message(bot)
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "😀 one two three"
    assert message.quote is not None
    assert (message.quote.text, message.quote.position) == ("two", 7)


async def test_a_forwarded_message_names_its_author(
    bot: Bot, chat: Chat, ann: Person, bob: Person
) -> None:
    chat.send(ann, "news", forwarded_from=bob)

    message = await only_message(bot)
    assert message.forward_origin is not None
    assert message.forward_origin.type == "user"
    assert message.from_user is not None
    assert message.from_user.first_name == "Ann"


async def test_an_anonymous_admin_writes_as_the_group(bot: Bot, group: Chat, ann: Person) -> None:
    group.send(ann, "/chat who am I?", anonymous=True)

    message = await only_message(bot)
    assert message.from_user is not None
    assert message.from_user.username == "GroupAnonymousBot"
    assert message.sender_chat is not None
    assert message.sender_chat.id == group.id


async def test_a_channel_may_write_in_a_group(
    bot: Bot, server: TelegramServer, group: Chat, ann: Person
) -> None:
    news = server.channel("News", members=[ann])
    group.send(ann, "/chat hello", sender_chat=news)

    message = await only_message(bot)
    assert message.sender_chat is not None
    assert (message.sender_chat.title, message.sender_chat.type) == ("News", "channel")


async def test_a_channel_post_has_no_author(bot: Bot, server: TelegramServer, ann: Person) -> None:
    server.channel("News", members=[ann]).send(ann, "Rain tomorrow")

    (update,) = await bot.get_updates()
    assert update.channel_post is not None
    assert (update.channel_post.from_user, update.channel_post.text) == (None, "Rain tomorrow")


async def test_an_edit_is_an_update_of_its_own(bot: Bot, chat: Chat, ann: Person) -> None:
    message = chat.send(ann, "helo")
    chat.edit(ann, message, "hello")

    (update,) = await bot.get_updates(offset=-1)
    assert update.edited_message is not None
    assert update.edited_message.text == "hello"
    assert update.edited_message.edit_date is not None


async def test_a_group_welcomes_the_bot_in_telegrams_order(
    bot: Bot, server: TelegramServer, ann: Person
) -> None:
    server.group("New", members=[ann])

    joined, greeted = await bot.get_updates()
    assert joined.my_chat_member is not None
    assert joined.my_chat_member.new_chat_member.status == ChatMemberStatus.MEMBER
    assert greeted.message is not None
    assert greeted.message.content_type == ContentType.NEW_CHAT_MEMBERS


async def test_blocking_and_kicking_are_told(
    bot: Bot, chat: Chat, group: Chat, ann: Person
) -> None:
    chat.block(ann)
    chat.unblock(ann)
    group.kick_bot()

    updates = (await bot.get_updates())[1:]
    assert kinds_of(updates) == [UpdateType.MY_CHAT_MEMBER] * 3 + [UpdateType.MESSAGE]
    assert updates[-1].message is not None
    assert updates[-1].message.content_type == ContentType.LEFT_CHAT_MEMBER
    changed = [update.my_chat_member for update in updates]
    assert [change.new_chat_member.status for change in changed if change] == [
        ChatMemberStatus.KICKED,
        ChatMemberStatus.MEMBER,
        ChatMemberStatus.KICKED,
    ]


async def test_a_migration_is_told_from_both_sides(bot: Bot, group: Chat, ann: Person) -> None:
    supergroup = group.migrate()
    supergroup.send(ann, "/chat are we there?")

    told = [update.message for update in await bot.get_updates()]
    assert [(message.chat.id, message.message_id) for message in told if message][1:] == [
        (supergroup.id, 1),
        (supergroup.id, 2),
    ]
    assert told[0] is not None
    assert told[0].migrate_to_chat_id == supergroup.id
    assert told[1] is not None
    assert told[1].migrate_from_chat_id == group.id


async def test_a_message_in_a_topic_seems_to_reply_to_the_topic(
    bot: Bot, forum: Chat, ann: Person
) -> None:
    topic = forum.topic("Tea")
    forum.send(ann, "/chat green or black?", thread_id=topic)

    message = await only_message(bot)
    assert (message.is_topic_message, message.message_thread_id) == (True, topic)
    assert message.reply_to_message is not None
    assert message.reply_to_message.forum_topic_created is not None


async def test_a_reply_in_a_plain_supergroup_has_a_thread_that_is_no_topic(
    bot: Bot, server: TelegramServer, ann: Person
) -> None:
    supergroup = server.group("Big", members=[ann], supergroup=True, announce=False)
    first = supergroup.send(ann, "/chat one")
    second = supergroup.send(ann, "/chat two", reply_to=first)
    supergroup.send(ann, "/chat three", reply_to=second)

    message = await only_message(bot)
    assert (message.is_topic_message, message.message_thread_id) == (None, first.id)


async def test_the_bot_can_look_around(bot: Bot, group: Chat, ann: Person, bob: Person) -> None:
    me = await bot.get_me()
    seen = await bot.get_chat(group.id)
    owner, member = [await bot.get_chat_member(group.id, who.id) for who in (ann, bob)]
    itself = await bot.get_chat_member(group.id, me.id)

    assert (me.username, me.can_read_all_group_messages) == ("elumenta_bot", False)
    assert (seen.title, seen.type) == ("Friends", "group")
    assert [who.status for who in (owner, member, itself)] == ["creator", "member", "member"]
