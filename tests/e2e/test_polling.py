"""How a bot fetches its updates in hard times."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from http import HTTPStatus

from aiohttp import ClientSession
from pydantic import BaseModel

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Fault, FaultKind
from tests.e2e.seeing import RETRY, all_is_done, answer, asked_prompts, labels, posts, said_by_bot
from tests.stage import BotProcess, Stage, free_port

LONGER_THAN_ANY_POLL_SECONDS = 100


class Check(BaseModel):
    """How one part of the bot is doing."""

    ok: bool
    note: str


class Health(BaseModel):
    """What the bot says of itself."""

    status: str
    checks: dict[str, Check]


async def health(bot: BotProcess) -> tuple[int, Health]:
    async with ClientSession() as session, session.get(f"{bot.url}/healthz") as response:
        return response.status, Health.model_validate_json(await response.read())


async def is_healthy(bot: BotProcess, *, expected: bool) -> Health:
    """Wait until the bot says that it is well, or that it is not."""
    status = HTTPStatus.OK if expected else HTTPStatus.SERVICE_UNAVAILABLE
    async with asyncio.timeout(60):
        while True:
            found, told = await health(bot)
            if found == status:
                return told
            await asyncio.sleep(0.1)


@asynccontextmanager
async def rival(stage: Stage) -> AsyncIterator[None]:
    """Let another program ask for the bot's updates, without ever confirming one."""
    url = f"{stage.telegram.url}/bot{stage.telegram.token}/getUpdates"

    async def poll(session: ClientSession) -> None:
        while True:
            async with session.post(url, json={"timeout": 1}) as response:
                await response.read()

    async with ClientSession() as session, asyncio.TaskGroup() as tasks:
        polling = tasks.create_task(poll(session))
        yield
        polling.cancel()


def private_chat(stage: Stage) -> Chat:
    return stage.telegram.private_chat(stage.telegram.person("Ann"))


async def test_another_program_with_the_same_token_is_told_of_and_waited_out(
    stage: Stage,
) -> None:
    bot = await stage.start_bot(http_port=str(free_port()))
    chat = private_chat(stage)
    await answer(chat, after=chat.send(chat.members[0], "hello"))
    await is_healthy(bot, expected=True)

    async with rival(stage):
        ill = await is_healthy(bot, expected=False)
        question = chat.send(chat.members[0], "who answers?")

    await answer(chat, "who answers?", after=question)
    well = await is_healthy(bot, expected=True)
    assert ill.status == "failing"
    assert any("another program" in check.note for check in ill.checks.values() if not check.ok)
    assert all(check.ok for check in well.checks.values())
    assert len(said_by_bot(chat)) == 2


async def test_a_poll_that_never_returns_is_given_up(stage: Stage) -> None:
    await stage.start_bot()
    chat = private_chat(stage)
    await stage.until(lambda: stage.telegram.polls >= 2)  # the first one does not wait
    silent = Fault(kind=FaultKind.DELAY, method="getUpdates", seconds=600)
    stage.telegram.fail(silent)
    await answer(chat, after=chat.send(chat.members[0], "before the silence"))

    question = chat.send(chat.members[0], "after the silence")

    await chat.wait(
        lambda chat: said_by_bot(chat, after=question), timeout=LONGER_THAN_ANY_POLL_SECONDS
    )
    await answer(chat, "after the silence", after=question)


async def test_updates_that_were_fetched_but_not_stored_at_a_kill_come_again(
    stage: Stage,
) -> None:
    bot = await stage.start_bot()
    chat = private_chat(stage)
    await answer(chat, after=chat.send(chat.members[0], "hello"))
    await all_is_done(stage)
    fetched = stage.telegram.fetched_updates

    with closing(sqlite3.connect(stage.folder / "data/bot.sqlite3")) as database:
        database.execute("begin immediate")
        question = chat.send(chat.members[0], "do not lose me")
        await stage.until(lambda: stage.telegram.fetched_updates > fetched)
        await bot.kill()
        database.rollback()
    await stage.restart(bot)

    await answer(chat, "do not lose me", after=question)
    assert len(posts(stage)) == 2
    assert len(said_by_bot(chat)) == 2


async def test_updates_that_were_stored_at_a_kill_are_handled_once(stage: Stage) -> None:
    bot = await stage.start_bot(streaming="off")
    stage.elumenta.script(Reply(text="Whole.", first_delay=0.5), times=40)
    chats = [private_chat(stage) for _ in range(8)]
    for number in range(3):
        for chat in chats:
            chat.send(chat.members[0], f"question {number} of {chat.id}")
    await stage.until(lambda: len(posts(stage)) >= len(chats) // 2)

    await bot.kill()
    await stage.restart(bot)

    for chat in chats:
        await chat.wait(lambda chat: len(said_by_bot(chat)) == 3, timeout=40)
    cut = [one for chat in chats for one in said_by_bot(chat) if labels(one) == [RETRY]]
    assert 0 < len(cut) <= len(chats)
    assert set(asked_prompts(stage).values()) == {1}
