from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.sandbox.telegram import Chat, Fault, FaultKind, Message, Person, TelegramServer
from bot.services.text_files import MAX_FILE_BYTES
from bot.storage.engine import Database
from tests.telegram.seeing import by_bot
from tests.telegram.talk import Talk, open_talk

NOTES = b"Buy milk.\n"
AS_ASKED = "[file notes.txt]\n```\nBuy milk.\n```"


@pytest.fixture
async def talk(bot: Bot, database: Database, chat: Chat) -> AsyncIterator[Talk]:
    """A conversation in which Ann's start has been answered."""
    async with open_talk(bot, database) as talk:
        await talk.hear()
        assert by_bot(chat)
        yield talk


def told(chat: Chat, question: Message) -> list[str]:
    return [one.text for one in by_bot(chat) if one.id > question.id]


async def test_a_file_with_its_caption_is_a_question(talk: Talk, chat: Chat, ann: Person) -> None:
    chat.send_document(ann, "notes.txt", NOTES, caption="What do I need?")
    await talk.hear()

    assert talk.asked == [f"{AS_ASKED}\n\nWhat do I need?"]


async def test_a_reply_to_a_file_asks_about_it(talk: Talk, chat: Chat, ann: Person) -> None:
    file = chat.send_document(ann, "notes.txt", NOTES)
    await talk.hear()

    chat.send(ann, "What do I need?", reply_to=file)
    await talk.hear()

    assert talk.asked == [AS_ASKED, f"{AS_ASKED}\n\nWhat do I need?"]


async def test_in_a_group_only_files_for_the_bot_are_read(
    talk: Talk, server: TelegramServer, ann: Person
) -> None:
    server.can_read_all_group_messages = True
    group = server.group("Friends", members=[ann], announce=False)
    file = group.send_document(ann, "mine.txt", b"private")
    group.send_document(ann, "notes.txt", NOTES, caption=f"@{server.username}, what is this?")
    await talk.hear()

    group.send(ann, "/chat and this?", reply_to=file)
    await talk.hear()

    assert talk.asked == [
        f"{AS_ASKED}\n\n[Ann] what is this?",
        "[file mine.txt]\n```\nprivate\n```\n\n[Ann] and this?",
    ]


async def test_a_file_of_the_bot_itself_is_not_asked_about(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    file = chat.send_document(ann, "notes.txt", NOTES)
    file.sender = chat.world.bot
    chat.send(ann, "make it brighter", reply_to=file)

    await talk.hear()

    assert talk.asked[-1].endswith("make it brighter")
    assert "Buy milk" not in talk.asked[-1]


@pytest.mark.parametrize("is_size_told", [True, False])
async def test_no_more_is_read_than_is_allowed(
    talk: Talk, chat: Chat, ann: Person, *, is_size_told: bool
) -> None:
    largest, larger = b"a" * MAX_FILE_BYTES, b"a" * (MAX_FILE_BYTES + 1)
    chat.send_document(ann, "largest.txt", largest, is_size_told=is_size_told)
    await talk.hear()
    question = chat.send_document(ann, "larger.txt", larger, is_size_told=is_size_told)
    await talk.hear()

    assert len(talk.asked) == 1
    (answer,) = told(chat, question)
    assert "256 KB" in answer


async def test_what_is_no_text_gets_a_friendly_no(talk: Talk, chat: Chat, ann: Person) -> None:
    question = chat.send_document(ann, "fox.png", bytes(range(256)), caption="what is it?")
    await talk.hear()

    assert talk.asked == []
    assert told(chat, question) == [
        "I cannot find any text in that file; please send a text file, or the text itself."
    ]


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.CUT, FaultKind.LOST_ANSWER])
async def test_a_file_that_does_not_come_is_told_without_its_address(
    talk: Talk,
    server: TelegramServer,
    chat: Chat,
    capfd: pytest.CaptureFixture[str],
    *,
    kind: FaultKind,
) -> None:
    (ann,) = chat.members
    server.fail(Fault(kind=kind, method="file", times=5))

    question = chat.send_document(ann, "notes.txt", NOTES)
    await talk.hear()

    assert talk.asked == []
    assert told(chat, question) == [
        "I could not get that file from Telegram; please send it again."
    ]
    assert server.token not in "".join(capfd.readouterr())


async def test_other_media_still_get_a_friendly_no(talk: Talk, chat: Chat, ann: Person) -> None:
    question = chat.send_media(ann, "animation", caption="what is it?")
    await talk.hear()

    assert talk.asked == []
    (answer,) = told(chat, question)
    assert "text file" in answer
