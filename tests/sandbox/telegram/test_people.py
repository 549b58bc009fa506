"""What people do beyond writing, and what the bot may know of them."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageOriginUser

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.sandbox.telegram.errors import ImpossibleError
from tests.sandbox.telegram.samples import PHOTO


async def newest(bot: Bot) -> Message:
    (update,) = await bot.get_updates(offset=-1)
    assert update.message is not None
    return update.message


async def test_a_link_hands_its_payload_over(
    bot: Bot, server: TelegramServer, bob: Person
) -> None:
    server.private_chat(bob).start(bob, "claim-A_b-9")

    message = await newest(bot)
    assert message.text == "/start claim-A_b-9"
    assert [entity.type for entity in message.entities or []] == ["bot_command"]


async def test_the_start_button_without_a_link_hands_nothing_over(
    bot: Bot, server: TelegramServer, bob: Person
) -> None:
    server.private_chat(bob).start(bob)

    assert (await newest(bot)).text == "/start"


@pytest.mark.parametrize("payload", ["", "a" * 65, "a b", "a\n", "ключ", "a.b"])
def test_a_payload_that_no_link_can_carry_is_impossible(
    chat: Chat, ann: Person, payload: str
) -> None:
    with pytest.raises(ImpossibleError, match="no app hands over"):
        chat.start(ann, payload)


def test_a_group_has_no_start_button(group: Chat, ann: Person) -> None:
    with pytest.raises(ImpossibleError, match="no start button"):
        group.start(ann, "x")


async def test_a_forwarded_message_looks_the_same_and_names_its_author(
    bot: Bot, chat: Chat, group: Chat, ann: Person, bob: Person
) -> None:
    said = group.send_media(bob, "photo", caption="see https://example.org")
    chat.forward(ann, said)

    message = await newest(bot)
    assert message.from_user is not None
    assert message.from_user.id == ann.id
    assert (message.caption, len(message.photo or [])) == ("see https://example.org", 2)
    assert isinstance(message.forward_origin, MessageOriginUser)
    assert message.forward_origin.sender_user.id == bob.id


async def test_an_author_stays_known_over_many_forwards(
    bot: Bot, chat: Chat, group: Chat, ann: Person, bob: Person
) -> None:
    said = group.send(bob, "news", reply_to=group.send(ann, "what is new?"), quote="new")
    chat.forward(ann, group.forward(ann, said))

    message = await newest(bot)
    assert isinstance(message.forward_origin, MessageOriginUser)
    assert message.forward_origin.sender_user.id == bob.id
    assert (message.quote, message.reply_to_message) == (None, None)


async def test_what_the_bot_said_can_be_forwarded(
    bot: Bot, chat: Chat, group: Chat, ann: Person
) -> None:
    await bot.send_photo(chat.id, PHOTO, caption="a fox")
    copy = group.forward(ann, chat.messages[-1])

    assert (copy.kind, copy.text, copy.from_bot) == ("photo", "a fox", False)
    assert copy.file == chat.messages[-1].file


def test_nobody_forwards_what_they_cannot_see(
    server: TelegramServer, chat: Chat, group: Chat, ann: Person, bob: Person
) -> None:
    started = server.group("New", members=[ann]).messages[0]
    hidden = group.send(ann, "who am I?", anonymous=True)

    for person, message in ((bob, chat.messages[0]), (ann, started), (ann, hidden)):
        with pytest.raises(ImpossibleError):
            group.forward(person, message)


async def test_the_bot_knows_the_names_of_those_it_has_met(
    bot: Bot, server: TelegramServer, group: Chat
) -> None:
    eve = server.person("Eve", last_name="Stone", username="eve")
    server.private_chat(eve).send(eve, "hi")

    met, place = await bot.get_chat(eve.id), await bot.get_chat(group.id)

    assert (met.type, met.full_name, met.username) == ("private", "Eve Stone", "eve")
    assert (place.type, place.title, place.first_name) == ("group", "Friends", None)


async def test_the_bot_does_not_know_who_never_spoke_to_it(
    bot: Bot, server: TelegramServer, group: Chat, bob: Person
) -> None:
    server.private_chat(bob)
    group.send(bob, "what a day")
    for unknown in (bob.id, 1, -1, "@bob"):
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await bot.get_chat(unknown)

    group.send(bob, "/chat I am Bob")

    assert (await bot.get_chat(bob.id)).first_name == "Bob"


@pytest.mark.parametrize("way", ["press", "inline", "guest"])
async def test_the_bot_meets_people_in_many_ways(
    bot: Bot, server: TelegramServer, group: Chat, bob: Person, way: str
) -> None:
    if way == "inline":
        server.inline_query(bob, "a fox")
    elif way == "guest":
        abroad = server.group("Abroad", members=[bob], has_bot=False)
        abroad.guest_query(bob, "@elumenta_bot hi")
    else:
        go = InlineKeyboardButton(text="Go", callback_data="go")
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[go]])
        await bot.send_message(group.id, "?", reply_markup=keyboard)
        group.press(bob, group.messages[-1])

    assert (await bot.get_chat(bob.id)).last_name == "Fox"


async def test_the_bot_may_look_at_a_person_who_blocked_it_and_at_a_group_it_left(
    bot: Bot, server: TelegramServer, chat: Chat, group: Chat, ann: Person
) -> None:
    club = server.group("Big", members=[ann], supergroup=True)
    chat.block(ann)
    await bot.leave_chat(group.id)
    await bot.leave_chat(club.id)

    assert (await bot.get_chat(chat.id)).first_name == "Ann"
    assert (await bot.get_chat(group.id)).title == "Friends"
    with pytest.raises(TelegramForbiddenError, match="not a member of the supergroup chat"):
        await bot.get_chat(club.id)


async def test_a_bot_that_left_is_deaf_and_mute_until_it_is_added_again(
    bot: Bot, group: Chat, ann: Person
) -> None:
    await bot.leave_chat(group.id)
    group.send(ann, "/chat still there?")
    for call in (
        bot.send_message(group.id, "?"),
        bot.send_photo(group.id, PHOTO),
        bot.send_chat_action(group.id, "typing"),
        bot.edit_message_text("?", chat_id=group.id, message_id=1),
    ):
        with pytest.raises(TelegramForbiddenError, match="not a member of the group chat"):
            await call

    group.add_bot(ann)
    group.send(ann, "/chat and now?")
    await bot.send_message(group.id, "yes")

    updates = await bot.get_updates()
    assert [update.event_type for update in updates] == [
        "my_chat_member",
        "message",
        "my_chat_member",
        "message",
        "message",
    ]
    assert updates[1].message is not None
    assert updates[1].message.left_chat_member is not None
    assert updates[-1].message is not None
    assert updates[-1].message.text == "/chat and now?"
