from dataclasses import replace
from datetime import timedelta

import pytest
from aiogram import Bot

from bot.elumenta import ElumentaClient
from bot.model import JobState, MediaKind
from bot.sandbox.telegram import Chat, TelegramServer
from bot.services.media import MediaService
from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from bot.telegram.chat_actions import LONGEST, SHOWN_SECONDS, ChatActions
from bot.telegram.pacer import Pacer, pace_of
from tests.choosing import create_choosing
from tests.storage.orders import ORDER, Clock, job_in
from tests.telegram.jobs import question_in


class Watch:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def pacer(watch: Watch) -> Pacer:
    return Pacer(clock=watch)


@pytest.fixture
def media(database: Database, jobs: JobStore) -> MediaService:
    choosing = create_choosing(database, ElumentaClient("nb_nobody", base_url="http://localhost"))
    return MediaService(
        jobs,
        choosing.preferences,
        choosing.directory,
        confirm_above=1,
        default_models={},
        wake=lambda: None,
    )


@pytest.fixture
def actions(
    bot: Bot, pacer: Pacer, media: MediaService, clock: Clock, watch: Watch
) -> ChatActions:
    return ChatActions(bot, pacer, media, now=clock, clock=watch)


async def order_in(
    chat: Chat,
    jobs: JobStore,
    state: JobState = JobState.PENDING,
    *,
    kind: MediaKind = MediaKind.IMAGE,
    thread_id: int | None = None,
) -> None:
    """Let somebody order something in a chat, and bring the order to a state."""
    sent = chat.send(chat.members[0], "/image a fox", thread_id=thread_id)
    await job_in(jobs, state, replace(ORDER, question=question_in(chat, sent), kind=kind))


def seen(chat: Chat) -> list[tuple[str, int | None]]:
    return [(action.action, action.thread_id) for action in chat.actions]


@pytest.mark.parametrize("state", [JobState.CREATED, JobState.PENDING, JobState.READY])
async def test_who_waits_for_a_picture_sees_an_upload(
    actions: ChatActions, jobs: JobStore, chat: Chat, state: JobState
) -> None:
    await order_in(chat, jobs, state)

    await actions.step()

    assert seen(chat) == [("upload_photo", None)]


async def test_who_waits_for_a_video_sees_a_recording_in_their_topic(
    actions: ChatActions, jobs: JobStore, forum: Chat
) -> None:
    topic = forum.topic("Films")
    await order_in(forum, jobs, kind=MediaKind.VIDEO, thread_id=topic)

    await actions.step()

    assert seen(forum) == [("record_video", topic)]


async def test_one_action_is_enough_for_many_orders_of_a_chat(
    actions: ChatActions, jobs: JobStore, chat: Chat
) -> None:
    for _ in range(3):
        await order_in(chat, jobs, JobState.CREATED)

    await actions.step()

    assert len(chat.actions) == 1


async def test_an_action_is_shown_again_when_it_fades(
    actions: ChatActions, jobs: JobStore, chat: Chat, watch: Watch
) -> None:
    await order_in(chat, jobs)

    counts = []
    for _ in range(2 * SHOWN_SECONDS):
        await actions.step()
        counts.append(len(chat.actions))
        watch.seconds += 1

    assert counts == [1] * SHOWN_SECONDS + [2] * SHOWN_SECONDS


@pytest.mark.parametrize("state", [JobState.OFFERED, JobState.DELIVERED, JobState.FAILED])
async def test_nothing_is_shown_where_nobody_waits(
    actions: ChatActions, jobs: JobStore, chat: Chat, state: JobState
) -> None:
    await order_in(chat, jobs, state)

    await actions.step()

    assert chat.actions == []


async def test_who_waits_long_is_left_in_peace(
    actions: ChatActions, jobs: JobStore, chat: Chat, clock: Clock
) -> None:
    await order_in(chat, jobs)
    clock.tick(LONGEST + timedelta(seconds=1))

    await actions.step()

    assert chat.actions == []


async def test_an_action_waits_for_a_call_that_the_chat_can_spare(
    actions: ChatActions, jobs: JobStore, chat: Chat, pacer: Pacer, watch: Watch
) -> None:
    await order_in(chat, jobs)
    pacer.take(chat.id)

    watch.seconds += pace_of(chat.id).interval_seconds / 2
    watch.seconds += await actions.step()
    assert chat.actions == []

    await actions.step()
    assert len(chat.actions) == 1


async def test_a_chat_that_does_not_want_the_bot_does_not_disturb_the_others(
    actions: ChatActions, jobs: JobStore, server: TelegramServer, chat: Chat
) -> None:
    bob = server.person("Bob")
    other = server.private_chat(bob)
    await order_in(other, jobs)
    await order_in(chat, jobs)
    other.block(bob)

    await actions.step()

    assert len(chat.actions) == 1
