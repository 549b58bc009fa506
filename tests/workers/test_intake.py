"""Updates are stored, and then handled: each once, those of a chat in order."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from sqlalchemy import select

from bot.model import Arrival, StoredUpdate, Turn, TurnState
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.inbox import InboxStore
from bot.storage.replicas import ReplicaStore
from bot.storage.tables import held_chats
from bot.workers.intake import Intake
from tests.storage.questions import QUESTION

BOT_ID = 42


class Handling:
    """Notes what begins, and ends it when told to."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.recovered: list[Collection[int]] = []
        self.open_turns: list[Turn] = []
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.failure: Exception | None = None
        self._news = asyncio.Event()

    async def recover(self, chat_ids: Collection[int]) -> list[Turn]:
        self.recovered.append(chat_ids)
        return self.open_turns

    async def resume(self, turn: Turn) -> None:
        self._begin(-turn.id)
        await self.may_end.wait()

    async def handle(self, update: StoredUpdate) -> None:
        self._begin(update.update_id)
        await self.may_end.wait()
        if self.failure is not None:
            raise self.failure

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.begun) < count:
                self._news.clear()
                await self._news.wait()

    def _begin(self, name: int) -> None:
        self.begun.append(name)
        self._news.set()


@asynccontextmanager
async def running(
    database: Database,
    handling: Handling,
    *,
    replica_id: str = "a",
    is_alone: bool = True,
    quiet_seconds: float = 60,
    most_at_once: int = 300,
) -> AsyncIterator[Intake]:
    """A replica, which is taken for dead afterwards."""
    replicas = ReplicaStore(database)
    await replicas.enter(replica_id, lease=None)
    intake = Intake(
        InboxStore(database),
        bot_id=BOT_ID,
        replica_id=replica_id,
        is_alone=is_alone,
        recover=handling.recover,
        resume=handling.resume,
        handle=handling.handle,
        quiet_seconds=quiet_seconds,
        most_at_once=most_at_once,
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(intake.run())
        yield intake
        intake.stop()
        await intake.drain(0.2)
    await replicas.leave(replica_id)


def updates(*numbers: int, chat_id: int = 7) -> list[Arrival]:
    return [Arrival(update_id=number, chat_id=chat_id, body="{}") for number in numbers]


def a_turn(turn_id: int) -> Turn:
    return Turn(id=turn_id, question=QUESTION, state=TurnState.WAITING, answer="", message_ids=())


async def test_updates_are_handled_in_the_order_in_which_they_came(database: Database) -> None:
    handling = Handling()
    async with running(database, handling) as intake:
        await intake.take(updates(3, 1, 2))
        await intake.take(updates(*range(10, 300)))
        await handling.until(293)

    assert handling.begun == [3, 1, 2, *range(10, 300)]


async def test_an_update_that_comes_again_is_handled_once_over_a_restart_too(
    database: Database,
) -> None:
    handling = Handling()
    async with running(database, handling) as intake:
        await intake.take(updates(1, 1))
        await intake.take(updates(1, 2))
        await handling.until(2)
    async with running(database, handling, replica_id="b") as intake:
        await intake.take(updates(1, 2, 3))
        await handling.until(3)

    assert handling.begun == [1, 2, 3]


async def test_what_was_not_handled_to_its_end_is_handled_by_the_next(database: Database) -> None:
    first, second = Handling(), Handling()
    first.may_end.clear()
    async with running(database, first) as intake:
        await intake.take(updates(1))
        await first.until(1)
    async with running(database, second, replica_id="b") as intake:
        await intake.take(updates(2))
        await second.until(2)

    assert second.begun == [1, 2]


async def test_a_handler_that_fails_leaves_the_others_alone(database: Database) -> None:
    handling = Handling()
    handling.failure = RuntimeError("no")
    async with running(database, handling) as intake:
        await intake.take(updates(1))
        await handling.until(1)
        await intake.take(updates(2))
        await handling.until(2)
    async with running(database, handling, replica_id="b") as intake:
        await intake.take(updates(3))
        await handling.until(3)

    assert handling.begun == [1, 2, 3]


async def test_turns_left_open_are_resumed_before_their_chat_s_updates(database: Database) -> None:
    first, second, chat_id = Handling(), Handling(), QUESTION.key.chat_id
    first.may_end.clear()
    await HistoryStore(database).add(QUESTION)
    async with running(database, first) as intake:
        await intake.take(updates(1, chat_id=chat_id))
        await first.until(1)
        intake.stop()
        await intake.take(updates(2, chat_id=chat_id))
    second.open_turns = [a_turn(5), a_turn(6)]
    async with running(database, second, replica_id="b"):
        await second.until(4)

    assert second.begun == [-5, -6, 1, 2]
    assert second.recovered == [{chat_id}]


async def test_nothing_begins_after_the_stop(database: Database) -> None:
    handling = Handling()
    async with running(database, handling) as intake:
        intake.stop()
        await intake.take(updates(1))

    assert handling.begun == []
    assert await InboxStore(database).waiting() == 1


async def test_no_more_is_begun_than_there_is_room_for_but_presses_are(
    database: Database,
) -> None:
    handling = Handling()
    handling.may_end.clear()
    async with running(database, handling, most_at_once=2) as intake:
        await intake.take(updates(1, 2, 3, 4))
        await handling.until(2)
        press = Arrival(update_id=5, chat_id=7, body="{}", is_press=True)
        await intake.take([press])
        await handling.until(3)
        full = list(handling.begun)
        handling.may_end.set()
        await handling.until(5)

    assert full == [1, 2, 5]
    assert handling.begun == [1, 2, 5, 3, 4]


async def test_draining_waits_for_what_is_under_way_and_gives_up_the_rest(
    database: Database,
) -> None:
    handling = Handling()
    handling.may_end.clear()
    async with running(database, handling) as intake:
        await intake.take(updates(1, 2))
        await handling.until(2)
        intake.stop()

        assert await intake.drain(0.01) == 2
        assert await intake.drain(0.01) == 0


async def test_it_is_open_from_its_start_to_its_stop(database: Database) -> None:
    handling = Handling()
    async with running(database, handling) as intake:
        was_open = [intake.is_open]
        await intake.take(updates(1))
        await handling.until(1)
        was_open.append(intake.is_open)

        intake.stop()
        was_open.append(intake.is_open)

    assert was_open == [False, True, False]


async def test_a_chat_is_held_while_something_is_done_and_then_for_anybody(
    database: Database,
) -> None:
    handling, inbox = Handling(), InboxStore(database)
    handling.may_end.clear()
    await ReplicaStore(database).enter("b", lease=None)
    async with running(database, handling, is_alone=False, quiet_seconds=0) as intake:
        await intake.take(updates(1))
        await handling.until(1)
        while_busy = await inbox.claim("b", bot_id=BOT_ID)
        handling.may_end.set()
        await _until_nothing_is_held(database)

        intake.stop()
        await inbox.add(BOT_ID, updates(2))
        afterwards = await inbox.claim("b", bot_id=BOT_ID)

    assert while_busy.updates == ()
    assert [update.update_id for update in afterwards.updates] == [2]


async def _until_nothing_is_held(database: Database) -> None:
    async with asyncio.timeout(20):
        while True:
            async with database.engine.connect() as connection:
                if (await connection.execute(select(held_chats))).first() is None:
                    return
            await asyncio.sleep(0.05)
