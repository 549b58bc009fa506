"""How a test sees a chat."""

import re
import sqlite3
from collections import Counter
from contextlib import closing

from bot.sandbox.elumenta import Request
from bot.sandbox.telegram import Chat, File, Message, Person
from tests.stage import Stage

GO_AHEAD, DROP_IT = "✅ Go ahead", "✖️ Drop it"
RETRY = "🔁 Try again"
REGENERATE = "🔄 Regenerate"
AGAIN, AS_FILE = "🔁 Again", "📄 Send as file"
DOWNLOAD, LOOK_AGAIN = "⬇️ Download", "🔍 Look again"

NOT_YOURS = "This button is old or belongs to somebody else."
NOT_OPEN = "This offer is no longer open."

CLAIM_LINK = re.compile(r"https://t\.me/\w+\?start=(claim-[\w-]+)")
MEDIA = frozenset({"photo", "video", "document"})
PATIENCE_SECONDS = 60
"""Far longer than anything takes: a busy machine may need long."""


def labels(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]


def is_being_written(message: Message) -> bool:
    return labels(message) in (["⏹ Stop"], ["⏹ Стоп"])


def said_by_bot(chat: Chat, *, after: Message | None = None) -> list[Message]:
    first = after.id if after else 0
    return [message for message in chat.messages if message.from_bot and message.id > first]


async def answer(chat: Chat, text: str = "", *, after: Message | None = None) -> Message:
    """Wait for a finished message of the bot that contains this text."""

    def finished(chat: Chat) -> Message | None:
        for message in said_by_bot(chat, after=after):
            if text in message.text and not is_being_written(message):
                return message
        return None

    return await chat.wait(finished, timeout=PATIENCE_SECONDS)


def finished(chat: Chat) -> list[Message]:
    """List what the bot has said and does not write on."""
    return [message for message in said_by_bot(chat) if not is_being_written(message)]


async def answered(chat: Chat, question: Message, text: str) -> Message:
    """Wait for a message with this text; ask again, once each time, when an answer was cut."""
    pressed = set[tuple[int, int]]()

    def found(chat: Chat) -> Message | None:
        later = (one for one in finished(chat) if one.id > question.id)
        new = (one for one in later if (one.id, one.edited) not in pressed)
        return next((one for one in new if text in one.text or labels(one) == [RETRY]), None)

    while True:
        message = await chat.wait(found, timeout=PATIENCE_SECONDS)
        if labels(message) != [RETRY]:
            return message
        pressed.add((message.id, message.edited))
        chat.press(question.sender, message, RETRY)


async def growing(chat: Chat, text: str = "", *, after: Message | None = None) -> Message:
    """Wait for a message that the bot is still writing and that already contains this text."""

    def in_progress(chat: Chat) -> Message | None:
        for message in said_by_bot(chat, after=after):
            if text in message.text and is_being_written(message):
                return message
        return None

    return await chat.wait(in_progress)


def results(chat: Chat) -> list[Message]:
    """List the pictures, videos and files that the bot sent."""
    return [message for message in said_by_bot(chat) if message.kind in MEDIA]


async def result(chat: Chat, kind: str = "photo", *, after: Message | None = None) -> Message:
    """Wait for a picture, a video or a file of the bot."""

    def sent(chat: Chat) -> Message | None:
        found = (one for one in said_by_bot(chat, after=after) if one.kind == kind)
        return next(found, None)

    return await chat.wait(sent, timeout=PATIENCE_SECONDS)


async def only_this_is_left(chat: Chat, message: Message) -> None:
    """Wait until the bot has taken all its other messages away."""
    await chat.wait(lambda chat: said_by_bot(chat) == [message], timeout=PATIENCE_SECONDS)


def file_of(message: Message) -> File:
    assert message.file is not None
    return message.file


async def press(chat: Chat, person: Person, message: Message, label: str) -> str:
    """Press a button and tell what the person is shown."""
    return (await chat.press(person, message, label).answer()).text or ""


def bodies(stage: Stage, words: str) -> list[object]:
    """What the service was sent with the orders whose prompt contains these words."""
    return [request.body for request in stage.elumenta.orders(words)]


def spent(stage: Stage) -> int:
    """Tell what the service has really charged."""
    return sum(charge.tokens for charge in stage.elumenta.charges)


def asked(stage: Stage, words: str) -> list[Request]:
    """List the requests, of whatever kind, that carry these words."""
    return [request for request in stage.elumenta.requests if words in str(request.body)]


def asked_prompts(stage: Stage) -> Counter[str]:
    """Count how often the service took each question and each order."""
    return Counter(generation.order.prompt for generation in stage.elumenta.newest_first())


def claim_links(output: str) -> list[str]:
    """List what the links for the first owner carry, the newest last."""
    return CLAIM_LINK.findall(output)


def posts(stage: Stage) -> list[Request]:
    """List the requests that ask for something, as opposed to looks at the account or a job."""
    return [request for request in stage.elumenta.requests if request.method == "POST"]


def balance_looks(stage: Stage) -> int:
    """Tell how often the balance was asked for."""
    return sum(request.path.endswith("/balance") for request in stage.elumenta.requests)


def age_notices(stage: Stage, *, hours: int) -> None:
    """Let everything that people were told once be so much longer ago."""
    _change(stage, "update notices set told_at = datetime(told_at, :ago)", ago=f"-{hours} hours")


def pass_a_day(stage: Stage) -> None:
    """Let everything that was spent be spent a day earlier."""
    _change(stage, "update expenses set day = date(day, '-1 day')")


def pass_time(stage: Stage, *, minutes: int) -> None:
    """Make every order older, as if the bot had been away for so long."""
    _change(
        stage,
        "update media_jobs set created_at = datetime(created_at, :ago),"
        " waiting_since = datetime(waiting_since, :ago), due_at = datetime(due_at, :ago)",
        ago=f"-{minutes} minutes",
    )


def lose_patience(stage: Stage) -> None:
    """Make every order due, and its next failure the last one."""
    _change(
        stage,
        "update media_jobs set looks = :many, failures = :many, due_at = created_at",
        many=1000,
    )


def _change(stage: Stage, statement: str, **values: str | int) -> None:
    with closing(sqlite3.connect(stage.folder / "data/bot.sqlite3")) as database, database:
        database.execute(statement, values)


def stored_questions(stage: Stage) -> int:
    """Count the questions that no crash can lose any more."""
    with closing(sqlite3.connect(stage.folder / "data/bot.sqlite3")) as database:
        (count,) = database.execute("select count(*) from turns").fetchone()
    return int(count)


def states(stage: Stage) -> list[str]:
    """Tell how far each question has come, the oldest first."""
    with closing(sqlite3.connect(stage.folder / "data/bot.sqlite3")) as database:
        return [state for (state,) in database.execute("select state from turns order by id")]


async def all_is_done(stage: Stage) -> None:
    """Wait until the bot has nothing to do, and has noted that."""

    def is_done() -> bool:
        with closing(sqlite3.connect(stage.folder / "data/bot.sqlite3")) as database:
            query = "select count(*) from updates where done_at is null"
            (count,) = database.execute(query).fetchone()
        return int(count) == 0

    await stage.until(is_done)


def begun_updates(stage: Stage) -> int:
    """Count the updates that the bot has begun to handle."""
    with closing(sqlite3.connect(stage.folder / "data/bot.sqlite3")) as database:
        (count,) = database.execute("select count(*) from updates where attempts > 0").fetchone()
    return int(count)


def noted(stage: Stage) -> set[str]:
    """List the kinds of what people will not be told again."""
    with closing(sqlite3.connect(stage.folder / "data/bot.sqlite3")) as database:
        return {kind for (kind,) in database.execute("select kind from notices")}


def stored(stage: Stage) -> str:
    """Everything that the rows of the database say."""
    with closing(sqlite3.connect(stage.folder / "data/bot.sqlite3")) as database:
        return "\n".join(database.iterdump())
