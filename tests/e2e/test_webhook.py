"""A bot that Telegram posts its updates to."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import count

import pytest
from aiohttp import ClientSession

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import DELIVERY, Chat, Fault, FaultKind, Webhook
from tests.e2e.seeing import all_is_done, answer, asked, growing, posts, press, result, said_by_bot
from tests.stage import BotProcess, Stage, open_stage

HERE = "{url}/telegram"
"""The bot's own address, as no proxy is in front of it."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SLOW = Reply(chunks=tuple(f"word{n} " for n in range(60)), gap=0.2)
PATIENCE_SECONDS = 100
FORGED_IDS = count(5_000_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A stage with a bot that many tests share."""

    stage: Stage
    bot: BotProcess


@pytest.fixture(scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with open_stage(tmp_path_factory.mktemp("webhook")) as stage:
        yield Served(stage=stage, bot=await stage.start_bot(webhook_url=HERE))
        assert stage.telegram.polls == 0


def private_chat(stage: Stage) -> Chat:
    return stage.telegram.private_chat(stage.telegram.person("Ann"))


def webhook(stage: Stage) -> Webhook:
    assert stage.telegram.webhook is not None
    return stage.telegram.webhook


def forged(chat: Chat, text: str) -> dict[str, object]:
    """Write an update as Telegram would, but by hand."""
    number = next(FORGED_IDS)
    person = {"id": chat.id, "is_bot": False, "first_name": "Ann"}
    message = {
        "message_id": number,
        "date": 1_790_000_000,
        "chat": {"id": chat.id, "type": "private", "first_name": "Ann"},
        "from": person,
        "text": text,
    }
    return {"update_id": number, "message": message}


async def post(stage: Stage, update: dict[str, object], *, secret: str | None) -> int:
    """Post an update as if one were Telegram, and give the status of the answer."""
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with (
        ClientSession() as session,
        session.post(webhook(stage).url, json=update, headers=headers) as response,
    ):
        return response.status


async def write_in_turn(stage: Stage, chats: Sequence[Chat]) -> None:
    """Let one person after another write, each when Telegram has tried to post the last."""
    for attempts, chat in enumerate(chats, start=1):
        chat.send(chat.members[0], "hello")
        await stage.until(lambda: len(stage.telegram.webhook_deliveries) >= attempts)  # noqa: B023 - used at once


async def call(stage: Stage, method: str, **parameters: str) -> None:
    """Call the Bot API as somebody else who knows the token."""
    url = f"{stage.telegram.url}/bot{stage.telegram.token}/{method}"
    async with ClientSession() as session, session.post(url, json=parameters) as response:
        assert response.status == 200


async def test_a_conversation_and_a_picture_come_by_webhook(served: Served) -> None:
    chat = private_chat(served.stage)
    served.stage.elumenta.script(Reply(text="Nice to meet you."), contains="My name")
    served.stage.elumenta.script(Reply(text="You are Ann."), contains="Who am I")

    await answer(chat, "Nice", after=chat.send(chat.members[0], "My name is Ann."))
    await answer(chat, "You are Ann.", after=chat.send(chat.members[0], "Who am I?"))
    photo = await result(chat, after=chat.send(chat.members[0], "/image a fox"))

    assert photo.kind == "photo"
    attempts = [one for one in served.stage.telegram.webhook_deliveries if one.chat_id == chat.id]
    assert [one.status for one in attempts] == [200] * 3
    assert "My name is Ann." in str(posts(served.stage)[-2].body)


async def test_a_stop_press_comes_by_webhook_while_the_answer_is_written(served: Served) -> None:
    chat = private_chat(served.stage)
    served.stage.elumenta.script(SLOW, contains="stop me by webhook")
    chat.send(chat.members[0], "stop me by webhook")

    told = await press(chat, chat.members[0], await growing(chat, "word3"), "⏹ Stop")

    assert told == "Stopped"
    assert "word59" not in (await answer(chat, "word3")).text


@pytest.mark.parametrize("secret", [None, "", "wrong"])
async def test_whoever_does_not_know_the_secret_is_not_heard(
    served: Served, secret: str | None
) -> None:
    chat = private_chat(served.stage)
    await answer(chat, after=chat.send(chat.members[0], "hello"))

    status = await post(served.stage, forged(chat, f"forged by {secret}"), secret=secret)

    assert status == 401
    await answer(chat, "truly", after=chat.send(chat.members[0], "truly mine"))
    assert asked(served.stage, "forged by") == []


async def test_an_update_is_answered_once_however_often_it_is_posted(served: Served) -> None:
    chat = private_chat(served.stage)
    lost = Fault(kind=FaultKind.LOST_ANSWER, method=DELIVERY, chat_id=chat.id, times=2)
    served.stage.telegram.fail(lost)

    first = chat.send(chat.members[0], "only once, please")
    await answer(chat, "only once", after=first)
    second = chat.send(chat.members[0], "the next one")
    await answer(chat, "the next one", after=second)

    attempts = [one for one in served.stage.telegram.webhook_deliveries if one.chat_id == chat.id]
    assert [one.status for one in attempts] == [None, None, 200, 200]
    assert len(said_by_bot(chat)) == 2


async def test_an_update_that_comes_again_after_a_restart_is_known(stage: Stage) -> None:
    bot = await stage.start_bot(webhook_url=HERE)
    chat = private_chat(stage)
    first = await answer(chat, after=chat.send(chat.members[0], "hello"))
    update = forged(chat, "once for ever")
    secret = webhook(stage).secret_token
    assert await post(stage, update, secret=secret) == 200
    await answer(chat, "once for ever", after=first)

    await bot.terminate()
    await stage.restart(bot)
    again = await post(stage, update, secret=webhook(stage).secret_token)

    assert again == 200
    await answer(chat, "and now", after=chat.send(chat.members[0], "and now this"))
    assert len(posts(stage)) == 3
    assert len(said_by_bot(chat)) == 3


async def test_a_secret_that_nobody_chose_is_made_and_kept(stage: Stage) -> None:
    bot = await stage.start_bot(webhook_url=HERE)
    made = webhook(stage).secret_token

    await bot.kill()
    await stage.restart(bot)

    assert len(made) >= 32
    assert webhook(stage).secret_token == made
    assert made not in bot.output


async def test_a_secret_of_the_operator_is_used(stage: Stage) -> None:
    await stage.start_bot(webhook_url=HERE, webhook_secret="chosen_by-me")

    chat = private_chat(stage)
    chat.send(chat.members[0], "hello")

    await answer(chat)
    assert webhook(stage).secret_token == "chosen_by-me"


async def test_only_the_setting_changes_how_updates_come_and_none_is_lost(stage: Stage) -> None:
    chat, questions = private_chat(stage), []
    ways: list[dict[str, str]] = [{}, {"webhook_url": HERE}, {}]

    for number, way in enumerate(ways):
        questions.append(chat.send(chat.members[0], f"written while away {number}"))
        bot = await stage.start_bot(**way)
        questions.append(chat.send(chat.members[0], f"written meanwhile {number}"))
        await answer(chat, f"written meanwhile {number}", after=questions[-1])
        await bot.terminate()

    said = [message.text for message in said_by_bot(chat)]
    assert len(said) == len(questions)
    for question, text in zip(questions, said, strict=True):
        assert question.text in text


async def test_an_update_that_cannot_be_stored_is_answered_later(stage: Stage) -> None:
    await stage.start_bot(webhook_url=HERE)
    chat = private_chat(stage)
    await answer(chat, after=chat.send(chat.members[0], "hello"))
    await all_is_done(stage)

    file = stage.folder / "data/bot.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute(
            "create trigger refusal before insert on updates "
            "begin select raise(abort, 'full'); end"
        )
        question = chat.send(chat.members[0], "in hard times")
        await stage.until(lambda: stage.telegram.webhook_deliveries[-1].status == 503)
        database.execute("drop trigger refusal")

    await answer(chat, "in hard times", after=question)
    assert len(said_by_bot(chat)) == 2


async def test_what_is_posted_while_the_bot_ends_is_not_lost(stage: Stage) -> None:
    bot = await stage.start_bot(webhook_url=HERE, streaming="off")
    chats = [private_chat(stage) for _ in range(12)]

    async with asyncio.TaskGroup() as tasks:
        writing = tasks.create_task(write_in_turn(stage, chats))
        await stage.until(lambda: len(stage.telegram.webhook_deliveries) >= 3)
        assert await bot.terminate() == 0
        await writing
    await stage.restart(bot)

    for chat in chats:
        await answer(chat)
    assert all(len(said_by_bot(chat)) == 1 for chat in chats)
    assert len(posts(stage)) <= len(chats)


async def test_a_webhook_that_somebody_removed_is_set_again(stage: Stage) -> None:
    await stage.start_bot(webhook_url=HERE)
    chat = private_chat(stage)
    before = webhook(stage)

    await call(stage, "deleteWebhook")
    chat.send(chat.members[0], "is this still yours?")

    await chat.wait(said_by_bot, timeout=PATIENCE_SECONDS)
    assert webhook(stage) == before
