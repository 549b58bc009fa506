from dataclasses import replace

import pytest

from bot.model import ConversationKey, Preference, Question, TurnState
from bot.sandbox.telegram import Chat, Fault, FaultKind, Message, Person, TelegramServer
from bot.storage.engine import Database
from bot.storage.erasing import ErasureStore
from bot.storage.history import HistoryStore
from bot.storage.preferences import PreferenceStore
from tests.storage.questions import FIRST_MOMENT, QUESTION, added
from tests.telegram.program import Ears
from tests.telegram.seeing import labels

ERASE, KEEP = "🗑 Delete everything", "Keep it"
NOT_YOURS = "This button is old or belongs to somebody else."


@pytest.fixture
def history(database: Database) -> HistoryStore:
    return HistoryStore(database)


def question_of(chat: Chat, person: Person, prompt: str) -> Question:
    key = ConversationKey(chat_id=chat.id)
    return replace(QUESTION, key=key, message_id=None, person_id=person.id, prompt=prompt)


async def answered(history: HistoryStore, question: Question, answer: str) -> None:
    turn = await added(history, question)
    await history.finish(turn.id, TurnState.ANSWERED, answer=answer)
    await history.deliver(turn.id)


async def count(database: Database, person: Person) -> int:
    return (await ErasureStore(database).count(person.id)).turns


async def asks(ears: Ears, chat: Chat, person: Person, text: str) -> Message:
    """Let somebody write, and give what the bot says to that."""
    said = chat.send(person, text)
    await ears.hear()
    assert chat.messages[-1].reply_to_id == said.id
    return chat.messages[-1]


async def test_a_conversation_becomes_a_file(
    ears: Ears, chat: Chat, ann: Person, history: HistoryStore
) -> None:
    await answered(history, question_of(chat, ann, "Why?"), "Because.")

    message = await asks(ears, chat, ann, "/export")

    assert message.text == "Our conversation: 1 question with its answer"
    assert message.file is not None
    assert message.file.name.startswith("conversation-20")
    text = message.file.path.read_text(encoding="utf-8")
    assert text.startswith("# Conversation with ")
    assert f"## {FIRST_MOMENT:%Y-%m-%d %H:%M} UTC\n\n**You**\n\n> Why?" in text


async def test_an_export_stays_in_its_topic(
    ears: Ears, forum: Chat, ann: Person, history: HistoryStore
) -> None:
    here, elsewhere = forum.topic("Here"), forum.topic("Elsewhere")
    for thread_id, prompt in ((here, "Why here?"), (elsewhere, "Why there?")):
        key = ConversationKey(chat_id=forum.id, thread_id=thread_id)
        question = replace(question_of(forum, ann, prompt), key=key)
        await answered(history, question, "Because.")

    forum.send(ann, "/export", thread_id=here)
    await ears.hear()

    message = forum.messages[-1]
    assert message.thread_id == here
    assert message.file is not None
    text = message.file.path.read_text(encoding="utf-8")
    assert "Why here?" in text
    assert "Why there?" not in text


async def test_where_nothing_was_said_there_is_nothing_to_export(
    ears: Ears, chat: Chat, ann: Person
) -> None:
    message = await asks(ears, chat, ann, "/export")

    assert message.file is None
    assert "nothing to export" in message.text


async def test_who_wants_to_be_forgotten_hears_first_what_goes(
    ears: Ears, chat: Chat, ann: Person, history: HistoryStore, database: Database
) -> None:
    for prompt in ("Why?", "And why not?"):
        await answered(history, question_of(chat, ann, prompt), "Because.")

    message = await asks(ears, chat, ann, "/forget_me")

    assert "2 questions with their answers" in message.text
    assert "0 orders" in message.text
    assert labels(message) == [ERASE, KEEP]
    assert await count(database, ann) == 2


async def test_who_agrees_is_forgotten(
    ears: Ears, chat: Chat, ann: Person, history: HistoryStore, database: Database
) -> None:
    preferences = PreferenceStore(database)
    await preferences.change(chat.id, {Preference.LANGUAGE: "ru"})
    await answered(history, question_of(chat, ann, "Why?"), "Because.")
    message = await asks(ears, chat, ann, "/forget_me")

    chat.press(ann, message, ERASE)
    await ears.hear()

    assert message.text.startswith("Done: I have deleted everything")
    assert labels(message) == []
    assert await count(database, ann) == 0
    assert (await preferences.load(chat.id)).language is None


async def test_a_second_press_does_no_harm(ears: Ears, chat: Chat, ann: Person) -> None:
    message = await asks(ears, chat, ann, "/forget_me")

    presses = [chat.press(ann, message, ERASE) for _ in range(2)]
    await ears.hear()

    assert [(await press.answer()).text for press in presses] == ["⏳ Deleting…"] * 2
    assert message.text.startswith("Done")
    assert chat.messages[-1] is message


@pytest.mark.usefixtures("impatience")
async def test_who_agrees_is_forgotten_even_if_telegram_cannot_say_so(
    ears: Ears,
    server: TelegramServer,
    chat: Chat,
    ann: Person,
    *,
    history: HistoryStore,
    database: Database,
) -> None:
    await answered(history, question_of(chat, ann, "Why?"), "Because.")
    message = await asks(ears, chat, ann, "/forget_me")

    server.fail(Fault(kind=FaultKind.CUT, method="editMessageText", times=1000))
    chat.press(ann, message, ERASE)
    await ears.hear()

    assert await count(database, ann) == 0


async def test_who_thinks_better_of_it_loses_nothing(
    ears: Ears, chat: Chat, ann: Person, history: HistoryStore, database: Database
) -> None:
    await answered(history, question_of(chat, ann, "Why?"), "Because.")
    message = await asks(ears, chat, ann, "/forget_me")

    chat.press(ann, message, KEEP)
    await ears.hear()

    assert message.text == "Nothing was deleted."
    assert labels(message) == []
    assert await count(database, ann) == 1


@pytest.mark.parametrize("label", [ERASE, KEEP])
async def test_nobody_decides_for_somebody_else(
    ears: Ears,
    square: Chat,
    *,
    zoe: Person,
    olga: Person,
    history: HistoryStore,
    database: Database,
    label: str,
) -> None:
    await answered(history, question_of(square, zoe, "Why?"), "Because.")
    message = await asks(ears, square, zoe, "/forget_me")

    press = square.press(olga, message, label)
    await ears.hear()

    assert (await press.answer()).text == NOT_YOURS
    assert labels(message) == [ERASE, KEEP]
    assert await count(database, zoe) == 1


async def test_who_hides_is_told_to_show_themselves(ears: Ears, square: Chat, zoe: Person) -> None:
    square.promote(zoe, is_anonymous=True)
    square.send(zoe, "/forget_me", anonymous=True)
    await ears.hear()

    assert "under your own name" in square.messages[-1].text
    assert labels(square.messages[-1]) == []
