import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.errors import NotAllowedHere
from bot.model import ConversationKey
from bot.sandbox.telegram import Chat, Person
from bot.services.chat import ChatService
from bot.services.turns import StopReason, TurnQueue
from bot.storage.engine import Database
from tests.telegram.parlour import Parlour, open_parlour

NOT_ALLOWED = "Only the admins of this group can do that; please ask one of them."


@pytest.fixture
async def parlour(bot: Bot, database: Database) -> AsyncIterator[Parlour]:
    async with open_parlour(bot, database) as parlour:
        yield parlour


@pytest.fixture
def chats(parlour: Parlour) -> ChatService:
    chats: ChatService = parlour.dispatcher["chats"]
    return chats


@pytest.fixture
def turns(parlour: Parlour) -> TurnQueue:
    turns: TurnQueue = parlour.dispatcher["turns"]
    return turns


async def test_what_is_asked_after_it_waits_until_it_is_known_whether_it_may_be(
    chats: ChatService, turns: TurnQueue, square: Chat
) -> None:
    key, is_known = ConversationKey(chat_id=square.id), asyncio.Event()

    async with asyncio.TaskGroup() as tasks:
        with turns.join(key, person_id=1) as earlier:
            tasks.create_task(chats.forget(key, permit=is_known.wait))
            await asyncio.sleep(0)
            stopped_before = earlier.stopped
            with turns.join(key, person_id=2) as later:
                is_known.set()
                async with earlier.until_stopped():
                    await asyncio.Event().wait()
                stopped = earlier.stopped, later.stopped
                was_running = later.is_running

    assert stopped_before is None
    assert stopped == (StopReason.PERSON, None)
    assert not was_running


async def test_nothing_is_stopped_where_it_may_not_be(
    chats: ChatService, turns: TurnQueue, square: Chat
) -> None:
    key = ConversationKey(chat_id=square.id)

    async def refuse() -> None:
        raise NotAllowedHere

    with turns.join(key, person_id=1) as earlier:
        with pytest.raises(NotAllowedHere):
            await chats.forget(key, permit=refuse)

        assert earlier.stopped is None
        assert earlier.is_running


async def test_admins_begin_anew_and_members_do_not(
    parlour: Parlour, square: Chat, zoe: Person, ann: Person
) -> None:
    square.members.append(ann)

    by_member = await parlour.told(square, ann, "/new")
    by_admin = await parlour.told(square, zoe, "/new")
    hidden = await parlour.told(square, zoe, "/new", anonymous=True)

    assert by_member.text == NOT_ALLOWED
    assert by_admin.text.startswith("Done: I have forgotten")
    assert hidden.text == by_admin.text
