from dataclasses import replace

import pytest
from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n import Translator
from bot.model import JobState, MediaJob, TurnState
from bot.sandbox.telegram import Chat, Message, Person
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.jobs import JobStore
from bot.telegram.job_keyboards import (
    AgainPress,
    AgreePress,
    DeclinePress,
    DropPress,
    FilePress,
    JobPress,
    LookPress,
    result_buttons,
    status_buttons,
)
from bot.telegram.keyboards import RetryPress
from tests.storage.charges import a_question, begun
from tests.storage.orders import ORDER, job_in
from tests.telegram.jobs import question_in
from tests.telegram.program import Ears, Files
from tests.telegram.seeing import labels

NOT_YOURS = "This button is old or belongs to somebody else."


@pytest.fixture
async def delivered(jobs: JobStore, chat: Chat, ann: Person) -> MediaJob:
    """A picture of Ann's that was brought to her."""
    sent = chat.send(ann, "/unknown order")
    return await job_in(jobs, JobState.DELIVERED, replace(ORDER, question=question_in(chat, sent)))


@pytest.fixture
async def photo(bot: Bot, chat: Chat, translator: Translator, delivered: MediaJob) -> Message:
    """A message with the buttons of that picture."""
    buttons = result_buttons(delivered, translator.for_locale("en"), has_file=True)
    await bot.send_message(chat.id, "…", reply_markup=buttons)
    return chat.messages[-1]


@pytest.fixture(params=[JobState.EXPIRED, JobState.FAILED])
async def given_up(
    bot: Bot,
    translator: Translator,
    delivered: MediaJob,
    jobs: JobStore,
    request: pytest.FixtureRequest,
) -> MediaJob:
    """A picture of hers that was late, or left no trace; the last message of the chat says so."""
    order = replace(ORDER, question=replace(delivered.question, message_id=None))
    job = await job_in(jobs, request.param, order)
    buttons = status_buttons(job, translator.for_locale("en"))
    sent = await bot.send_message(order.question.key.chat_id, "…", reply_markup=buttons)
    assert await jobs.show(job, sent.message_id)
    return job


async def list_in(chat: Chat, person: Person, ears: Ears) -> Message:
    """Let a person ask for the list of a chat."""
    chat.send(person, "/jobs")
    await ears.hear()
    return chat.messages[-1]


async def test_a_used_button_goes_and_the_others_stay(
    ears: Ears, chat: Chat, ann: Person, photo: Message
) -> None:
    press = chat.press(ann, photo, "🔁 Again")
    await ears.hear()

    assert (await press.answer()).text == "Ordering the same again"
    assert labels(photo) == ["📄 Send as file"]


async def test_a_file_is_sent_once(
    ears: Ears, chat: Chat, ann: Person, photo: Message, files: Files
) -> None:
    presses = [chat.press(ann, photo, "📄 Send as file") for _ in range(2)]
    await ears.hear()

    told = [(await press.answer()).text for press in presses]
    assert told == ["The file is on its way", NOT_YOURS]
    assert len(files.sent) == 1
    assert labels(photo) == ["🔁 Again"]


async def test_a_file_that_cannot_be_sent_can_be_asked_for_again(
    ears: Ears, chat: Chat, ann: Person, photo: Message, files: Files
) -> None:
    files.is_working = False
    chat.press(ann, photo, "📄 Send as file")
    await ears.hear()
    assert "please press the button again" in chat.messages[-1].text

    files.is_working = True
    chat.press(ann, photo, "📄 Send as file")
    await ears.hear()

    assert len(files.sent) == 1


async def test_who_looks_again_has_it_waited_for(
    ears: Ears, chat: Chat, ann: Person, jobs: JobStore, given_up: MediaJob
) -> None:
    status = chat.messages[-1]

    press = chat.press(ann, status, "🔍 Look again")
    await ears.hear()

    assert (await press.answer()).text == "Looking again"
    job = await jobs.get(given_up.id)
    assert job is not None
    assert job.state is JobState.UNKNOWN


@pytest.mark.usefixtures("given_up")
async def test_a_press_leaves_the_status_to_the_worker(
    ears: Ears, chat: Chat, ann: Person
) -> None:
    status = chat.messages[-1]
    offered = labels(status)

    press = chat.press(ann, status, "🔍 Look again")
    await ears.hear()

    assert (await press.answer()).text == "Looking again"
    assert (status.text, labels(status), status.edited) == ("…", offered, 0)


async def test_the_list_says_at_once_what_its_button_changed(
    ears: Ears, chat: Chat, ann: Person, given_up: MediaJob
) -> None:
    status = chat.messages[-1]
    listed = await list_in(chat, ann, ears)
    told = "not ready in time" if given_up.state is JobState.EXPIRED else "failed"
    assert f"#{given_up.id} 🎨 flux-1.1-pro – {told}" in listed.text

    press = chat.press(ann, listed, f"🔍 Look again #{given_up.id}")
    await ears.hear()

    assert (await press.answer()).text == "Looking again"
    assert "being looked up" in listed.text
    assert labels(listed) == [f"✖️ Drop #{given_up.id}"]
    assert (status.text, status.edited) == ("…", 0)


async def test_the_list_says_at_once_what_was_dropped(
    ears: Ears, chat: Chat, ann: Person, jobs: JobStore, delivered: MediaJob
) -> None:
    order = replace(ORDER, question=replace(delivered.question, message_id=None))
    running = await job_in(jobs, JobState.PENDING, order)
    listed = await list_in(chat, ann, ears)
    assert f"#{running.id} 🎨 flux-1.1-pro – being made" in listed.text

    press = chat.press(ann, listed, f"✖️ Drop #{running.id}")
    await ears.hear()

    assert (await press.answer()).text == "I no longer wait for it"
    assert f"#{running.id} 🎨 flux-1.1-pro – dropped" in listed.text
    assert labels(listed) == [f"🔍 Look again #{running.id}"]


async def test_an_order_that_is_asked_for_at_the_moment_is_listed_as_being_made(
    ears: Ears, chat: Chat, ann: Person, jobs: JobStore, delivered: MediaJob
) -> None:
    order = replace(ORDER, question=replace(delivered.question, message_id=None))
    asked = await job_in(jobs, JobState.UNKNOWN, order)
    first = await list_in(chat, ann, ears)

    await jobs.release(asked)
    second = await list_in(chat, ann, ears)

    assert f"#{asked.id} 🎨 flux-1.1-pro – being made" in first.text
    assert f"#{asked.id} 🎨 flux-1.1-pro – being looked up" in second.text


@pytest.mark.parametrize("given_up", [JobState.FAILED], indirect=True)
async def test_who_looks_again_does_not_order_again_meanwhile(
    ears: Ears, chat: Chat, ann: Person, given_up: MediaJob, jobs: JobStore
) -> None:
    status = chat.messages[-1]
    assert labels(status) == ["🔍 Look again", "🔁 Again"]

    presses = [chat.press(ann, status, label) for label in labels(status)]
    await ears.hear()

    assert [(await press.answer()).text for press in presses] == ["Looking again", NOT_YOURS]
    assert [job.id for job in await jobs.running()] == [given_up.id]


@pytest.mark.parametrize("data", [FilePress(job_id=9).pack(), LookPress(job_id=9).pack(), "job:9"])
async def test_a_press_that_nobody_can_have_made_does_nothing(
    ears: Ears, chat: Chat, ann: Person, photo: Message, data: str
) -> None:
    photo.buttons = [[replace(photo.buttons[0][0], callback_data=data)]]

    press = chat.press(ann, photo)
    await ears.hear()

    assert (await press.answer()).text == NOT_YOURS


HIDDEN = -1002222222222
"""Somebody who writes in the name of a channel."""


@pytest.mark.parametrize(
    ("state", "press"),
    [
        (JobState.OFFERED, AgreePress),
        (JobState.OFFERED, DeclinePress),
        (JobState.CREATED, DropPress),
        (JobState.FAILED, LookPress),
        (JobState.FAILED, AgainPress),
        (JobState.DELIVERED, FilePress),
    ],
)
async def test_buttons_of_a_hidden_author_work_in_their_chat_alone(
    *,
    ears: Ears,
    chat: Chat,
    forum: Chat,
    ann: Person,
    bot: Bot,
    jobs: JobStore,
    files: Files,
    state: JobState,
    press: type[JobPress],
) -> None:
    asked = forum.send(ann, "/unknown order")
    question = replace(question_in(forum, asked), person_id=HIDDEN)
    job = await job_in(jobs, state, replace(ORDER, question=question))
    before = len(await jobs.recent(question.key, limit=10))

    answers = []
    for room in (chat, forum):
        button = InlineKeyboardButton(text="…", callback_data=press(job_id=job.id).pack())
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
        await bot.send_message(room.id, "…", reply_markup=keyboard)
        pressed = room.press(ann, room.messages[-1])
        await ears.hear()
        answers.append((await pressed.answer()).text)
        if room is chat:
            assert await jobs.get(job.id) == job
            assert len(await jobs.recent(question.key, limit=10)) == before
            assert files.sent == []

    assert answers[0] == NOT_YOURS
    assert answers[1] != NOT_YOURS


async def test_a_question_of_a_hidden_author_is_asked_again_from_its_chat_alone(
    ears: Ears, chat: Chat, forum: Chat, ann: Person, bot: Bot, *, database: Database
) -> None:
    history = HistoryStore(database)
    turn = await begun(history, question=a_question(HIDDEN, forum.id))
    await history.finish(turn.id, TurnState.FAILED)
    button = InlineKeyboardButton(text="…", callback_data=RetryPress(turn_id=turn.id).pack())
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
    await bot.send_message(chat.id, "…", reply_markup=keyboard)

    press = chat.press(ann, chat.messages[-1])
    await ears.hear()

    assert (await press.answer()).text == NOT_YOURS
    failed = await history.get(turn.id)
    assert failed is not None
    assert failed.state is TurnState.FAILED


async def test_a_chat_that_lets_the_bot_in_again_gets_what_was_kept(
    ears: Ears, jobs: JobStore, delivered: MediaJob, chat: Chat, ann: Person
) -> None:
    order = replace(ORDER, question=replace(delivered.question, message_id=None))
    kept = await job_in(jobs, JobState.UNDELIVERABLE, order)

    chat.block(ann)
    await ears.hear()
    blocked = await jobs.get(kept.id)
    chat.unblock(ann)
    await ears.hear()
    freed = await jobs.get(kept.id)

    assert blocked is not None
    assert blocked.state is JobState.UNDELIVERABLE
    assert freed is not None
    assert freed.state is JobState.READY
