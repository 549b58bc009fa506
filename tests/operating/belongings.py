"""A database with something in every table, and what is in it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Row, select

from bot.model import Arrival, JobState, Preference, Standing, TurnState
from bot.storage.access import AccessStore
from bot.storage.copying import CARRIED
from bot.storage.engine import Database
from bot.storage.erasing import ErasureStore
from bot.storage.history import HistoryStore
from bot.storage.inbox import InboxStore
from bot.storage.jobs import JobStore
from bot.storage.keepsakes import KeepsakeStore
from bot.storage.ledger import LedgerStore
from bot.storage.notices import NoticeStore
from bot.storage.preferences import PreferenceStore
from bot.storage.replicas import ReplicaStore
from tests.storage.charges import ANN, BOB, GROUP, TODAY
from tests.storage.orders import CHARGE, LATER, ORDER, Clock, job_in, ordered
from tests.storage.questions import QUESTION, added

BOT_ID = 123456789
CAROL = 5_000_000_003
MANY = 1234
"""More than are carried at once."""

ANY_TEXT = "NUL \x00, half \ud83d, whole \U0001f600, 'quoted', \\, текст\n" * 100


async def fill(database: Database) -> None:
    """Do a little of everything that the bot remembers."""
    await _talk(HistoryStore(database))
    await _order(JobStore(database, now=Clock()))
    await _decide(database)
    await _receive(database)


async def everything_in(database: Database) -> dict[str, Sequence[Row[*tuple[object, ...]]]]:
    async with database.engine.connect() as connection:
        return {
            table.name: (
                await connection.execute(select(table).order_by(*table.primary_key))
            ).all()
            for table in CARRIED
        }


async def _talk(history: HistoryStore) -> None:
    for number, state in enumerate((None, TurnState.WAITING, TurnState.ANSWERED)):
        question = replace(QUESTION, message_id=number, prompt=ANY_TEXT)
        turn = await added(history, question)
        if state is not TurnState.WAITING:
            await history.begin(turn.id, replace(CHARGE, limits={}))
            await history.show(turn.id, part=0, message_id=2**52)
        if state is TurnState.ANSWERED:
            await history.finish(turn.id, state, answer=ANY_TEXT, tokens_spent=2**62)
            await history.deliver(turn.id)
            await history.add(replace(question, asked_at=LATER), replaces=turn, is_continued=True)


async def _order(jobs: JobStore) -> None:
    for number, state in enumerate(JobState):
        question = replace(QUESTION, message_id=number, prompt=ANY_TEXT)
        await job_in(jobs, state, replace(ORDER, question=question))
    first = await ordered(jobs, replace(ORDER, question=replace(QUESTION, message_id=1000)))
    await ordered(jobs, replace(ORDER, again_of=first.id, params={"style": ANY_TEXT, "n": 2}))


async def _decide(database: Database) -> None:
    access, ledger = AccessStore(database), LedgerStore(database)
    await access.ask(BOB, name=ANY_TEXT)
    await access.decide(GROUP, Standing.DENIED, name=None)
    await KeepsakeStore(database).keep("code", ANY_TEXT)
    await access.claim(ANN, language=None)
    await access.note_language(BOB, "ru")
    await ledger.set_limit(ANN, 2**40)
    await NoticeStore(database).take("balance", ANY_TEXT)
    await PreferenceStore(database).change(
        GROUP, {Preference.SYSTEM_PROMPT: ANY_TEXT, Preference.TEMPERATURE: 0.1}
    )
    await ErasureStore(database).erase(CAROL, before_day=TODAY)


async def _receive(database: Database) -> None:
    """Take many updates; one is done, and the others are left by a replica that is gone."""
    inbox = InboxStore(database)
    arrivals = [
        Arrival(update_id=number, chat_id=-number, body=ANY_TEXT) for number in range(MANY)
    ]
    await inbox.add(BOT_ID, arrivals)
    await ReplicaStore(database).enter("gone", lease=timedelta(minutes=1))
    claimed = await inbox.claim("gone", bot_id=BOT_ID)
    await inbox.finish(claimed.updates[0].id)
    await ReplicaStore(database).leave("gone")
