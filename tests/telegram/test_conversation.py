import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.i18n import Translator
from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.sandbox.telegram.pasting import pieces
from bot.storage.engine import Database
from bot.telegram.keyboards import stop_button
from tests.telegram.seeing import by_bot, labels
from tests.telegram.talk import Talk, open_talk

LINE = "A line of what was pasted, which is long enough."
PASTED = "\n".join([LINE] * 200)
AGAIN, GO_ON = "🔄 Regenerate", "➡️ Continue"
NOT_YOURS = "This button is old or belongs to somebody else."
OLD = "This answer is old; please ask the question again if you want another one."


@pytest.fixture
async def talk(bot: Bot, database: Database, chat: Chat) -> AsyncIterator[Talk]:
    """A conversation in which Ann's start has been answered."""
    async with open_talk(bot, database) as talk:
        await talk.hear()
        assert by_bot(chat)
        yield talk


@pytest.fixture
def bob(server: TelegramServer) -> Person:
    return server.person("Bob")


@pytest.fixture
def group(server: TelegramServer, olga: Person, ann: Person, bob: Person) -> Chat:
    """A group of Olga's in which the bot sees everything."""
    server.can_read_all_group_messages = True
    return server.group("Friends", members=[olga, ann, bob], announce=False)


async def test_a_long_paste_is_one_question(talk: Talk, chat: Chat, ann: Person) -> None:
    parts = chat.paste(ann, PASTED)
    await talk.hear()

    assert len(parts) > 2
    assert talk.asked == [PASTED]


async def test_what_is_asked_after_a_paste_comes_after_it(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    chat.paste(ann, PASTED)
    chat.send(ann, "and what do you think?")
    await talk.hear()

    assert talk.asked == [PASTED, "and what do you think?"]


async def test_people_who_paste_at_once_in_a_group_do_not_mix(
    talk: Talk, group: Chat, ann: Person, bob: Person
) -> None:
    texts = [PASTED.replace("what", name) for name in ("Annwhat", "Bobwhat")]
    for person, text in zip((ann, bob), texts, strict=True):
        group.paste(person, f"/chat {text}")
    await talk.hear()

    hers, his = texts
    assert talk.asked == [f"[Ann] {hers}", f"[Bob] {his}"]


async def test_a_command_right_after_the_first_part_is_a_command(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    first, _ = pieces("\n".join([LINE] * 100))
    chat.send(ann, first)
    command = chat.send(ann, "/help")
    chat.send(ann, "the rest")
    await talk.hear()

    assert talk.asked == [f"{first}\nthe rest"]
    assert [one.reply_to_id for one in by_bot(chat) if "/image" in one.text][-1] == command.id


async def test_parts_of_what_was_refused_are_not_asked_on_their_own(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    talk.elumenta.script(Reply(text="Well.", first_delay=0.5))
    for number in range(20):
        chat.send(ann, f"question {number}")
    chat.paste(ann, PASTED)
    await talk.hear()

    assert len(talk.asked) == 20
    assert LINE not in str(talk.asked)


async def test_another_answer_takes_the_place_of_the_first(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    for text in ("The first.", "The second."):
        talk.elumenta.script(Reply(text=text))
    chat.send(ann, "a limerick")
    await talk.hear()
    first = by_bot(chat)[-1]
    press = chat.press(ann, first, AGAIN)
    await talk.hear()
    chat.send(ann, "explain it")
    await talk.hear()

    assert (await press.answer()).text == "Answering again"
    assert labels(first) == []
    assert talk.asked == ["a limerick", "a limerick", "explain it"]
    assert talk.remembered == ["a limerick", "The second."]


async def test_several_presses_at_once_ask_once(talk: Talk, chat: Chat, ann: Person) -> None:
    chat.send(ann, "a limerick")
    await talk.hear()

    presses = [chat.press(ann, by_bot(chat)[-1], AGAIN) for _ in range(3)]
    await talk.hear()

    shown = [(await press.answer()).text for press in presses]
    assert sorted(shown) == sorted(["Answering again", OLD, OLD])
    assert talk.asked == ["a limerick"] * 2


async def test_the_button_of_an_older_answer_says_that_it_is_old(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    chat.send(ann, "a limerick")
    await talk.hear()
    first = by_bot(chat)[-1]
    ((button,),) = first.buttons
    chat.send(ann, "a ballad")
    await talk.hear()

    press = chat.press_old(ann, first, button)
    await talk.hear()

    assert (await press.answer()).text == OLD
    assert talk.asked == ["a limerick", "a ballad"]


@pytest.mark.parametrize("is_admin", [True, False])
async def test_in_a_group_buttons_obey_the_author_and_admins(
    talk: Talk, group: Chat, olga: Person, ann: Person, bob: Person, *, is_admin: bool
) -> None:
    group.send(ann, "/chat a limerick")
    await talk.hear()
    answer = by_bot(group)[-1]

    press = group.press(olga if is_admin else bob, answer, AGAIN)
    await talk.hear()

    assert (await press.answer()).text == ("Answering again" if is_admin else NOT_YOURS)
    assert talk.asked == ["[Ann] a limerick"] * (2 if is_admin else 1)
    assert labels(answer) == ([] if is_admin else [AGAIN])


async def test_an_admin_of_the_group_has_a_question_of_others_asked_again(
    talk: Talk, group: Chat, olga: Person, ann: Person, bob: Person
) -> None:
    talk.elumenta.script(Reply(status=500, error="provider_error"))
    group.send(ann, "/chat a limerick")
    await talk.hear()
    failure = by_bot(group)[-1]
    foreign = group.press(bob, failure)
    await talk.hear()

    press = group.press(olga, failure)
    await talk.hear()

    assert (await foreign.answer()).text == NOT_YOURS
    assert (await press.answer()).text == "Asking again"
    assert talk.asked == ["[Ann] a limerick"] * 2


async def test_a_button_says_nothing_of_other_chats(
    talk: Talk, chat: Chat, server: TelegramServer, ann: Person, bob: Person
) -> None:
    chat.send(ann, "a limerick")
    await talk.hear()
    ((button,),) = by_bot(chat)[-1].buttons
    his = server.private_chat(bob)
    his.send(bob, "a ballad")
    await talk.hear()

    press = his.press_old(bob, by_bot(his)[-1], button)
    await talk.hear()

    assert (await press.answer()).text == NOT_YOURS
    assert talk.asked == ["a limerick", "a ballad"]


async def test_an_admin_of_the_group_stops_the_answer_to_somebody_else(
    talk: Talk, group: Chat, olga: Person, ann: Person, bob: Person
) -> None:
    talk.elumenta.script(Reply(chunks=("word ",) * 300, gap=0.2))
    group.send(ann, "/chat an epic")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(talk.hear())
        await talk.elumenta.wait(lambda: talk.elumenta.open_streams == 1)
        buttons = stop_button(1, Translator.bundled().for_locale("en"))
        await talk.bot.send_message(group.id, "…", reply_markup=buttons)
        presses = [group.press(one, by_bot(group)[-1]) for one in (bob, olga)]
        await talk.hear()

    assert [(await one.answer()).text for one in presses] == [NOT_YOURS, "Stopped"]


async def test_the_newest_answer_alone_has_buttons(talk: Talk, chat: Chat, ann: Person) -> None:
    for words in ("one", "two", "three"):
        chat.send(ann, words)
        await talk.hear()

    first, second, third = by_bot(chat)[-3:]
    assert (labels(first), labels(second)) == ([], [])
    assert labels(third) == ["🔄 Regenerate"]
