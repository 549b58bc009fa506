"""How long things are kept."""

import asyncio
import sqlite3
from contextlib import closing

from bot.sandbox.elumenta import Making
from bot.sandbox.telegram import Chat
from tests.e2e.seeing import all_is_done, result, stored
from tests.e2e.talking import conversation, newcomer, say, told
from tests.stage import BotProcess, Stage

QUICK = Making(takes=0.2, eta_seconds=1)
AGED = {
    "turns": ("asked_at", "finished_at", "delivered_at"),
    "media_jobs": ("created_at", "finished_at"),
}


def age(stage: Stage, chat: Chat, *, days: int) -> None:
    """Let everything that was asked and ordered in a chat be so much longer ago."""
    with closing(sqlite3.connect(stage.folder / "data/bot.sqlite3")) as database, database:
        for table, columns in AGED.items():
            older = ", ".join(f"{name} = datetime({name}, :ago)" for name in columns)
            statement = f"update {table} set {older} where chat_id = :chat"  # noqa: S608 - names of our own
            database.execute(statement, {"ago": f"-{days} days", "chat": chat.id})


async def asks_and_orders(stage: Stage, chat: Chat) -> None:
    """Let somebody ask a question and order a picture."""
    stage.elumenta.script(QUICK, contains=f"picture of {chat.title}")
    await told(chat, f"question of {chat.title}")
    await result(chat, after=say(chat, f"/image picture of {chat.title}"))


async def restart_later(stage: Stage, bot: BotProcess, chats: list[Chat], days: list[int]) -> None:
    """Let the bot be away while its chats grow so many days older."""
    await all_is_done(stage)
    await bot.terminate()
    for chat, older in zip(chats, days, strict=True):
        age(stage, chat, days=older)
    await stage.restart(bot)


async def test_what_is_older_than_the_setting_says_is_deleted_and_the_rest_stays(
    stage: Stage,
) -> None:
    bot = await stage.start_bot(retention_days="30", streaming="off")
    ann, olga, bob = (newcomer(stage, name=name) for name in ("Ann", "Olga", "Bob"))
    await asyncio.gather(*(asks_and_orders(stage, chat) for chat in (ann, olga, bob)))

    await restart_later(stage, bot, [ann, olga, bob], [31, 31, 29])
    await stage.until(lambda: "question of Ann" not in stored(stage))
    await asyncio.gather(*(told(chat, f"news of {chat.title}") for chat in (ann, olga, bob)))

    left = stored(stage)
    assert [f"question of {name}" in left for name in ("Ann", "Olga", "Bob")] == [
        False,
        False,
        True,
    ]
    assert [f"picture of {name}" in left for name in ("Ann", "Olga", "Bob")] == [
        False,
        False,
        True,
    ]
    assert conversation(stage, "news of Olga") == ["news of Olga"]
    assert conversation(stage, "news of Bob")[0] == "question of Bob"
    assert "Traceback" not in bot.output


async def test_without_the_setting_everything_stays(stage: Stage) -> None:
    bot = await stage.start_bot(streaming="off")
    chat = newcomer(stage, name="Ann")
    await asks_and_orders(stage, chat)

    await restart_later(stage, bot, [chat], [1_000])
    await told(chat, "news of Ann")

    assert conversation(stage, "news of Ann")[0] == "question of Ann"
