"""The account's requests of an hour are shared, and nobody runs into the limit."""

from pathlib import Path

from bot.sandbox.elumenta import Making, Reply
from bot.sandbox.telegram import Chat, Message
from tests.e2e.house import House, open_house, say, tell, zone_of_noon
from tests.e2e.seeing import answer, asked, press, result, said_by_bot, spent
from tests.stage import Stage

CHEAP = "--model luma-ray2-flash"
WAITING = "⏳"
STOP = "⏹ Stop"
TOO_MANY = 429
WALL = Reply(status=TOO_MANY, error="rate_limit_exceeded", retry_after=1_800)


def allow_per_hour(stage: Stage, requests: int) -> None:
    stage.elumenta.plan, stage.elumenta.limits.hourly = "vip", requests


def refusals(stage: Stage) -> int:
    return sum(request.status == TOO_MANY for request in stage.elumenta.requests)


async def note(chat: Chat) -> Message:
    """Wait until somebody is told that they have to wait, and until when."""
    return await chat.wait(
        lambda chat: next((one for one in said_by_bot(chat) if WAITING in one.text), None),
        timeout=40,
    )


def busy_hour(stage: Stage) -> None:
    allow_per_hour(stage, 40)
    stage.elumenta.polls_count = True
    stage.elumenta.script(Making(takes=2, eta_seconds=3), contains="paid film")
    stage.elumenta.script(Making(takes=600, eta_seconds=3), contains="endless film")


async def test_the_requests_of_an_hour_are_shared_and_nobody_is_refused(tmp_path: Path) -> None:
    async with open_house(tmp_path, prepare=busy_hour, access="open") as house:
        stage, (filmer, other, *_) = house.stage, neighbours(house)
        say(filmer, f"/video {CHEAP} a paid film")
        say(other, f"/video {CHEAP} an endless film, whose polls tell of the next hour")
        await stage.until(lambda: len(stage.elumenta.orders("film")) == 2)
        people = [house.visitor(f"Person {n}") for n in range(50)]

        questions = [say(chat, f"confidential {n}") for n, chat in enumerate(people)]
        await stage.until(lambda: all(said_by_bot(chat) for chat in people))
        waiting = [chat for chat in people if WAITING in said_by_bot(chat)[0].text]
        await result(filmer, "video")

        assert 10 < len(waiting) < 20
        assert refusals(stage) == 0
        stage.elumenta.limits.hourly = 1_000
        stage.elumenta.limits.end_hour_in(0)
        for chat, question in zip(people, questions, strict=True):
            await answer(chat, "You said", after=question)
        assert refusals(stage) == 0
        assert len(stage.elumenta.charges) == 51
        assert not any(WAITING in one.text for chat in people for one in said_by_bot(chat))


async def test_a_long_refusal_keeps_everybody_from_asking(tmp_path: Path) -> None:
    async with open_house(tmp_path, access="open", streaming="edit") as house:
        stage, (first, second, third, fourth) = house.stage, neighbours(house)
        stage.elumenta.script(WALL, contains="runs into the wall")
        say(first, "runs into the wall")
        await stage.until(lambda: refusals(stage) == 1)

        say(second, "a confidential question to be stopped")
        say(third, "a confidential question to be kept")
        say(fourth, "/image a confidential picture")
        for chat in (first, second, third, fourth):
            await note(chat)
        stopped = await press(second, second.members[0], await note(second), STOP)
        await second.wait(lambda chat: not any(WAITING in one.text for one in said_by_bot(chat)))
        status = await house.bot.terminate()

        assert stopped == "Stopped"
        assert status == 0
        assert asked(stage, "confidential") == []
        await stage.restart(house.bot)
        for chat in (first, third):
            await answer(chat, "You said")
        await result(fourth)
        assert not any(WAITING in one.text for chat in (first, third) for one in said_by_bot(chat))
        assert refusals(stage) == 1
        assert asked(stage, "to be stopped") == []
        assert spent(stage) == 2 + 2 + 4


async def test_what_waits_at_a_kill_is_not_lost_and_not_paid_for(tmp_path: Path) -> None:
    async with open_house(
        tmp_path, access="open", user_daily_tokens="4", timezone=zone_of_noon()
    ) as house:
        stage, (first, second, third, other) = house.stage, neighbours(house)
        stage.elumenta.script(WALL, contains="runs into the wall")
        say(first, "runs into the wall")
        await note(first)
        say(second, "a confidential question")
        say(third, "/image a confidential picture")
        for chat in (second, third):
            await note(chat)
        await tell(other, "/help")  # by now the notes are recorded

        await house.bot.kill()
        assert asked(stage, "confidential") == []
        await stage.restart(house.bot)

        await result(third)
        for chat in (first, second):
            await answer(chat, "You said")
            await answer(chat, "paid for", after=say(chat, "two are paid for"))
            await answer(chat, "this may cost", after=say(chat, "and no more"))
            assert not any(WAITING in one.text for one in said_by_bot(chat))
        assert spent(stage) == 4 + 4 + 4


def neighbours(house: House) -> list[Chat]:
    return [house.visitor(name) for name in ("Adalbert", "Brunhild", "Crispin", "Dietlind")]
