from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.storage.engine import Database
from bot.telegram.topics import MAX_NAME_LENGTH, topic_name
from tests.telegram.conftest import PATIENT
from tests.telegram.seeing import by_bot
from tests.telegram.talk import Talk, open_talk


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A server on which private chats have topics."""
    server = TelegramServer(limits=PATIENT, has_topics=True)
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def talk(bot: Bot, database: Database) -> AsyncIterator[Talk]:
    async with open_talk(bot, database) as talk:
        yield talk


@pytest.fixture
def chat(server: TelegramServer, ann: Person) -> Chat:
    """Ann's private chat, in which she has written nothing yet."""
    return server.private_chat(ann)


async def test_a_new_topic_is_named_once_by_its_first_question(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    greeting = chat.send(ann, "/start")
    for text in ("/chat why is\nthe sky blue?", "and at night?"):
        chat.send(ann, text, thread_id=greeting.thread_id)
        await talk.hear()

    assert chat.topics == {greeting.thread_id: "why is the sky blue?"}


async def test_a_topic_of_a_file_is_named_after_the_file(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    file = chat.send_document(ann, "notes.txt", b"Buy milk.")
    await talk.hear()

    assert chat.topics == {file.thread_id: "notes.txt"}


async def test_a_name_that_somebody_chose_is_kept(talk: Talk, chat: Chat, ann: Person) -> None:
    thread_id = chat.topic("Cooking")
    chat.send(ann, "how to boil an egg?", thread_id=thread_id)
    await talk.hear()

    assert chat.topics == {thread_id: "Cooking"}


async def test_a_topic_that_cannot_be_named_is_talked_in_all_the_same(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    asked = chat.send(ann, "/chat what   is it?")
    chat.delete_topic(asked.thread_id or 0)
    await talk.hear()

    assert talk.asked == ["what   is it?"]
    assert by_bot(chat)


async def test_topics_of_groups_are_left_alone(
    talk: Talk, server: TelegramServer, ann: Person
) -> None:
    forum = server.group("Club", members=[ann], forum=True, announce=False)
    thread_id = forum.topic("Tea")
    forum.send(ann, "/chat which one is best?", thread_id=thread_id)
    await talk.hear()

    assert forum.topics == {thread_id: "Tea"}


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("why?", "why?"),
        ("  why is\n\nthe sky blue? ", "why is the sky blue?"),
        ("word " * 30, "word " * 11 + "word…"),
        ("x" * 65, "x" * 63 + "…"),
        ("…", "…"),
        (" \n", ""),
    ],
)
def test_a_name_is_one_short_line(subject: str, name: str) -> None:
    assert topic_name(subject) == name


@given(st.text())
def test_any_question_gives_a_name_that_telegram_takes(subject: str) -> None:
    name = topic_name(subject)

    assert len(name) <= MAX_NAME_LENGTH
    assert name.splitlines() in ([], [name])
    assert bool(name) == bool(subject.split())
