from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.storage.engine import Database
from tests.telegram.seeing import by_bot
from tests.telegram.talk import Talk, open_talk

PASTED = "\n".join(["A line of what was pasted, which is long enough."] * 150)


@pytest.fixture
async def talk(bot: Bot, database: Database, chat: Chat) -> AsyncIterator[Talk]:
    """A conversation in which Ann's start has been answered."""
    async with open_talk(bot, database) as talk:
        await talk.hear()
        assert by_bot(chat)
        yield talk


async def test_the_newest_question_is_answered_anew_in_place_of_the_old_one(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    question = chat.send(ann, "capital of Francia")
    await talk.hear()
    chat.edit(ann, question, "capital of France")
    await talk.hear()
    chat.send(ann, "and its river?")
    await talk.hear()

    assert talk.asked == ["capital of Francia", "capital of France", "and its river?"]
    assert talk.remembered[0] == "capital of France"
    assert len(talk.remembered) == 2


async def test_of_several_edits_the_last_one_counts(talk: Talk, chat: Chat, ann: Person) -> None:
    question = chat.send(ann, "thought no. 0")
    for number in (1, 2, 3):
        chat.edit(ann, question, f"thought no. {number}")
    await talk.hear()
    chat.send(ann, "which one?")
    await talk.hear()

    assert talk.remembered[0] == "thought no. 3"
    assert len(talk.remembered) == 2


async def test_an_edit_ends_the_answer_to_what_was_asked_before(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    endless = Reply(chunks=tuple(f"word{n} " for n in range(300)), gap=0.2)
    talk.elumenta.script(endless, contains="slip")
    question = chat.send(ann, "a question with a slip")
    chat.edit(ann, question, "a question without one")

    await talk.hear()

    assert talk.asked[-1] == "a question without one"
    assert "word299" not in str(by_bot(chat))


async def test_whatever_is_not_the_newest_question_meets_silence(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    older = chat.send(ann, "older")
    command = chat.send(ann, "/help")
    chat.send(ann, "newer")
    await talk.hear()
    said = len(by_bot(chat))

    chat.edit(ann, older, "changed")
    chat.edit(ann, command, "a question now")
    await talk.hear()

    assert talk.asked == ["older", "newer"]
    assert len(by_bot(chat)) == said


async def test_an_edit_that_changes_no_word_asks_nothing(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    question = chat.send(ann, "steady")
    await talk.hear()
    chat.touch(question)
    await talk.hear()

    assert talk.asked == ["steady"]


async def test_an_edit_of_a_part_of_a_paste_asks_nothing(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    first, *_ = chat.paste(ann, PASTED)
    await talk.hear()
    chat.touch(first)
    await talk.hear()

    assert talk.asked == [PASTED]


async def test_another_caption_asks_anew_about_the_same_file(
    talk: Talk, chat: Chat, ann: Person
) -> None:
    file = chat.send_document(ann, "notes.txt", b"Buy milk.", caption="What is it?")
    await talk.hear()
    chat.touch(file)
    chat.edit_caption(ann, file, "What do I need?")
    await talk.hear()

    assert [one.rpartition("\n")[2] for one in talk.asked] == ["What is it?", "What do I need?"]
    assert all("Buy milk." in one for one in talk.asked)


@pytest.mark.parametrize("caption", ["What is it?", None])
async def test_a_file_of_which_no_word_was_changed_is_not_even_fetched(
    talk: Talk, server: TelegramServer, chat: Chat, ann: Person, caption: str | None
) -> None:
    file = chat.send_document(ann, "notes.txt", b"Buy milk.", caption=caption)
    await talk.hear()
    chat.touch(file)
    await talk.hear()

    assert (len(talk.asked), server.downloads) == (1, 1)


async def test_a_shorter_caption_asks_anew(talk: Talk, chat: Chat, ann: Person) -> None:
    file = chat.send_document(ann, "notes.txt", b"Buy milk.", caption="And what is it?")
    await talk.hear()
    chat.edit_caption(ann, file, "what is it?")
    await talk.hear()

    assert [one.rpartition("\n")[2] for one in talk.asked] == ["And what is it?", "what is it?"]


async def test_in_a_group_nobody_else_s_question_is_replaced(
    talk: Talk, server: TelegramServer, ann: Person
) -> None:
    bob = server.person("Bob")
    server.can_read_all_group_messages = True
    group = server.group("Friends", members=[ann, bob], announce=False)
    chatter = group.send(bob, "just talking")
    hers = group.send(ann, "/chat hers")
    group.send(bob, "/chat his")
    await talk.hear()

    group.edit(bob, chatter, f"@{server.username} chatter")
    group.edit(ann, hers, "/chat hers anew")
    await talk.hear()

    assert talk.asked == ["[Ann] hers", "[Bob] his", "[Ann] hers anew"]
