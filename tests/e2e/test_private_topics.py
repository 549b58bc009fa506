"""Topics in a private chat: conversations side by side."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.i18n import Localizer
from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Message, TelegramServer
from tests.e2e.seeing import PATIENCE_SECONDS, answer, growing, press, said_by_bot
from tests.e2e.talking import AGAIN, conversation, has_button, newcomer, requests, say
from tests.stage import Stage, open_stage

MOST_LETTERS = 64
PATIENT = Reply(chunks=("word0 ", "word1 ", "word2."), gap=1)


@pytest.fixture(scope="module")
async def forum(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A stage where private chats have topics, which people may open."""
    folder: Path = tmp_path_factory.mktemp("topics")
    async with open_stage(folder, telegram=TelegramServer(has_topics=True)) as stage:
        await stage.start_bot()
        yield stage


async def test_two_topics_are_two_conversations(forum: Stage, language: str) -> None:
    chat = newcomer(forum, language)

    song = say(chat, f"fugues are fine in {language}")
    about_songs = await answer(chat, "fugues")
    game = say(chat, f"gambits are grand in {language}")
    about_games = await answer(chat, "gambits")
    chat.send(chat.members[0], f"who composes in {language}?", thread_id=song.thread_id)
    again = await answer(chat, "who composes")

    assert None not in (song.thread_id, game.thread_id)
    assert song.thread_id != game.thread_id
    assert [about_songs.thread_id, about_games.thread_id] == [song.thread_id, game.thread_id]
    assert again.thread_id == song.thread_id
    assert f"fugues are fine in {language}" in conversation(forum, f"who composes in {language}")
    assert "gambits" not in str(conversation(forum, f"who composes in {language}"))
    assert "fugues" not in str(conversation(forum, f"gambits are grand in {language}"))


async def test_two_topics_are_answered_at_the_same_time(forum: Stage, language: str) -> None:
    chat = newcomer(forum, language)
    words = [f"side by side {n} in {language}" for n in range(2)]
    for text in words:
        forum.elumenta.script(PATIENT, contains=text)

    asked = [say(chat, text) for text in words]
    await forum.elumenta.wait(lambda: forum.elumenta.open_streams == 2)

    for question in asked:
        message = await said_in_topic(chat, question.thread_id, "word2.")
        assert message.thread_id == question.thread_id


async def said_in_topic(chat: Chat, thread_id: int | None, text: str) -> Message:
    """Wait until a message of the bot in this topic contains this text."""

    def found(chat: Chat) -> Message | None:
        said = (one for one in said_by_bot(chat) if one.thread_id == thread_id)
        return next((one for one in said if text in one.text), None)

    return await chat.wait(found, timeout=PATIENCE_SECONDS)


async def test_a_new_topic_is_named_by_its_first_question(forum: Stage, language: str) -> None:
    chat = newcomer(forum, language)
    words = f"why is the sky blue over {language}"

    first = say(chat, f"/chat {words}\nand not green?")
    await answer(chat, words)
    chat.send(chat.members[0], "and at night?", thread_id=first.thread_id)
    await answer(chat, "and at night?")

    assert first.thread_id is not None
    name = await chat.wait(lambda chat: named(chat.topics[first.thread_id or 0], words))
    assert not name.startswith("/")
    assert "\n" not in name


def named(name: str, words: str) -> str | None:
    return name if name.startswith(words) else None


async def test_a_long_question_gives_a_short_name(forum: Stage, language: str) -> None:
    chat = newcomer(forum, language)
    words = f"please tell me in {language} " + "everything there is to know " * 20

    first = say(chat, words)

    await chat.wait(lambda chat: chat.topics[first.thread_id or 0].endswith("…"))
    name = chat.topics[first.thread_id or 0]
    assert len(name) <= MOST_LETTERS
    assert name.startswith(f"please tell me in {language}")


async def test_a_topic_that_its_person_named_keeps_its_name(forum: Stage, language: str) -> None:
    chat = newcomer(forum, language)
    say(chat, "/start")
    await chat.wait(said_by_bot)
    thread_id = chat.topic("Cooking")

    chat.send(chat.members[0], f"how to boil an egg in {language}", thread_id=thread_id)
    await answer(chat, f"boil an egg in {language}")

    assert chat.topics[thread_id] == "Cooking"


async def test_new_empties_one_topic_only(forum: Stage, language: str) -> None:
    chat = newcomer(forum, language)
    kept = say(chat, f"keep the apples of {language}")
    await answer(chat, "apples")
    emptied = say(chat, f"forget the pears of {language}")
    await answer(chat, "pears")

    chat.send(chat.members[0], "/new", thread_id=emptied.thread_id)
    for question in (kept, emptied):
        words = f"what fruit {question.thread_id} in {language}"
        chat.send(chat.members[0], words, thread_id=question.thread_id)
        await answer(chat, words)

    assert "apples" in str(conversation(forum, f"what fruit {kept.thread_id} in {language}"))
    assert "pears" not in str(conversation(forum, f"what fruit {emptied.thread_id} in {language}"))


async def test_an_answer_to_a_topic_that_is_gone_harms_nobody(forum: Stage, language: str) -> None:
    chat, words = newcomer(forum, language), f"a doomed topic in {language}"
    forum.elumenta.script(PATIENT, contains=words)
    doomed = say(chat, words)
    await growing(chat, "word0")

    chat.delete_topic(doomed.thread_id or 0)

    later = say(chat, f"a healthy topic in {language}")
    message = await answer(chat, f"a healthy topic in {language}", after=later)
    assert message.thread_id == later.thread_id
    assert len(requests(forum, words)) == 1


async def test_a_press_in_one_topic_leaves_the_other_alone(
    forum: Stage, language: str, t: Localizer
) -> None:
    chat = newcomer(forum, language)
    words = [f"parallel {n} in {language}" for n in range(2)]
    questions = [say(chat, text) for text in words]
    answers = [await answer(chat, text) for text in words]

    told = await press(chat, chat.members[0], answers[0], t("button-regenerate"))
    newest = max(answers, key=lambda one: one.id)
    again = await answer(chat, words[0], after=newest)

    assert told == t("regenerate-pressed")
    assert again.thread_id == questions[0].thread_id
    assert has_button(answers[1], AGAIN)
    assert [len(requests(forum, text)) for text in words] == [2, 1]
