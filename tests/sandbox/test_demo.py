import asyncio
import os
import re
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.sandbox.demonstration import (
    FAKE_BOT,
    SECONDS,
    Demo,
    Scene,
    View,
    launch,
    open_demo,
    under,
)


@pytest.fixture(scope="module")
async def demo() -> AsyncIterator[Demo]:
    async with open_demo() as demo:
        await demo.bot_is("running")
        yield demo


async def test_what_a_person_says_is_answered(demo: Demo) -> None:
    await demo.say("hello")

    answer = await demo.hears("Echo hello")

    assert answer["sender"] is None
    assert answer["isEdited"] is True
    assert answer["entities"] == [{"type": "bold", "offset": 0, "length": 4}]


async def test_nobody_sees_the_private_chat_of_another(demo: Demo) -> None:
    await demo.say("my secret")
    await demo.hears("Echo my secret")

    scene = await demo.sees(lambda scene: "bot" in scene, person="Boris")

    assert "my secret" not in str(under(scene, "message/"))
    chat_id = await demo.chat_id("Ada")
    refused = await demo.post(
        f'{{"do": "say", "person": "Boris", "chat": {chat_id}, "text": "hi"}}'
    )
    assert refused.status == 409


async def test_everybody_sees_the_group(demo: Demo) -> None:
    await demo.say("/hello", person="Boris", chat="group")

    answer = await demo.hears("Echo /hello", person="Ada")

    assert answer["isMine"] is False


async def test_a_pressed_button_says_what_the_bot_says(demo: Demo) -> None:
    await demo.say("a button")
    message = await demo.hears("Echo a button")

    place = {"person": "Ada", "chat": message["chat"], "message": message["id"]}
    outcome = await demo.act(do="press", **place, label="Push me")

    assert outcome == {"text": "Ouch! Echo a button", "isAlert": False}


async def test_a_question_of_the_bot_asks_for_a_reply(demo: Demo) -> None:
    await demo.say("ask me")
    question = await demo.hears("Who?")

    place = {"person": "Ada", "chat": question["chat"], "reply_to": question["id"]}
    await demo.act(do="say", **place, text="Ann")

    assert question["asksMe"] is True
    answer = await demo.hears("Echo Who? Ann")
    assert answer["buttons"] == []


async def test_people_speak_the_language_of_the_page(demo: Demo) -> None:
    await demo.act(do="speak", language="ru")
    await demo.say("who are you?", person="Boris")

    answer = await demo.hears(" ru", person="Boris")

    assert re.fullmatch(r"\d+ ru", str(answer["text"]))


async def test_a_killed_bot_answers_when_it_is_restarted(demo: Demo) -> None:
    await demo.act(do="kill")
    await demo.bot_is("stopped")
    await demo.say("are you there?")
    await demo.act(do="restart")

    await demo.hears("Echo are you there?")

    scene = await demo.bot_is("running")
    assert scene["bot"]["lastWords"] == ""


async def test_a_bot_that_runs_can_be_restarted(demo: Demo) -> None:
    await demo.bot_is("running")
    await demo.say("who are you?")
    before = await _pid(demo)

    await demo.act(do="restart")
    await demo.bot_is("running")

    await demo.say("who are you?")
    await demo.sees(lambda scene: _last_pid(scene) not in (None, before))


async def test_calls_of_both_servers_are_shown_without_secrets(demo: Demo) -> None:
    await demo.say("hello again")
    await demo.hears("Echo hello again")

    scene = await demo.sees(lambda scene: "bot" in scene)

    calls = under(scene, "call/")
    assert {"sendMessage", "editMessageText"} <= {str(call["method"]) for call in calls}
    assert "getUpdates" not in str(calls)
    assert not re.search(r"\d{6,}:[\w-]{20,}|nb_\w+", str(scene))


async def test_flood_control_refuses_who_is_too_fast(demo: Demo) -> None:
    await demo.act(do="turn", mishap="flood_control", on=True)
    await demo.say("one")

    await demo.sees(lambda scene: "429 Too Many Requests" in str(under(scene, "call/")))

    await demo.act(do="turn", mishap="flood_control", on=False)
    await demo.hears("Echo one")


async def test_switches_are_seen_by_everybody(demo: Demo) -> None:
    await demo.act(do="turn", mishap="api_down", on=True)
    await demo.act(do="turn", mishap="slow_api", on=True)

    scene = await demo.sees(lambda scene: scene["mishaps"]["slow_api"], person="Boris")

    assert scene["mishaps"]["api_down"] is True
    assert scene["mishaps"]["telegram_down"] is False
    await demo.act(do="turn", mishap="api_down", on=False)
    await demo.act(do="turn", mishap="slow_api", on=False)


async def test_a_bot_that_dies_leaves_its_last_words() -> None:
    async with open_demo() as demo:
        await demo.bot_is("running")
        await demo.say("die")

        scene = await demo.bot_is("stopped")

        assert "I was told to." in str(scene["bot"]["lastWords"])


async def test_a_bot_that_cannot_start_ends_the_demo(tmp_path: Path) -> None:
    legless = tmp_path / "legless.py"
    legless.write_text("raise SystemExit('No legs.')")

    process = await launch([str(legless)])
    _, errors = await process.communicate()

    assert process.returncode == 1
    assert b"No legs." in errors


async def test_a_port_that_is_taken_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        async with open_demo(port=port) as demo:
            answer = await demo.get("/")

    assert answer.status == 200
    assert not demo.address.endswith(f":{port}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_the_demo_and_its_bot(number: signal.Signals, tmp_path: Path) -> None:
    async with open_demo(TMPDIR=str(tmp_path)) as demo:
        await demo.bot_is("running")
        await demo.say("who are you?")
        bot = await _pid(demo)

        demo.process.send_signal(number)
        _, errors = await demo.process.communicate()

    assert errors == b""
    assert demo.process.returncode == 0
    assert not _is_alive(bot)
    assert next(tmp_path.iterdir(), None) is None  # noqa: ASYNC240 - nothing else runs


async def test_a_demo_that_is_killed_takes_its_bot_along(tmp_path: Path) -> None:
    async with open_demo(TMPDIR=str(tmp_path)) as demo:
        await demo.bot_is("running")
        await demo.say("who are you?")
        bot = await _pid(demo)

        demo.process.kill()
        await demo.process.wait()

        async with asyncio.timeout(SECONDS):
            while _is_alive(bot):  # noqa: ASYNC110 - no event tells of the end of an orphan
                await asyncio.sleep(0.02)


async def test_the_demo_speaks_the_language_of_the_terminal() -> None:
    process = await launch([FAKE_BOT], language="ru_RU.UTF-8")
    assert process.stdout is not None
    said = await process.stdout.readline()

    process.terminate()
    await process.communicate()

    assert said.decode().startswith("Запускаю")


async def test_the_real_bot_makes_a_picture_that_can_be_seen_and_kept() -> None:
    async with open_demo(["-m", "bot"], BOT_TOKEN="wrong", STREAMING="off") as demo:
        await demo.say("/image a fox")
        picture = await _medium(demo, "photo")
        shown = await demo.get(_address(picture))
        place = {"person": "Ada", "chat": picture["chat"], "message": picture["id"]}
        await demo.act(do="press", **place, label="📄 Send as file")
        file = await _medium(demo, "document")
        kept = await demo.get(_address(file))
        scene = await demo.sees(lambda scene: "bot" in scene)

    assert shown.headers["Content-Type"] == "image/png"
    assert kept.headers["Content-Disposition"] == "attachment"
    assert shown.body[:4] == kept.body[:4] == b"\x89PNG"
    menus = str([view["menu"] for view in under(scene, "chat/")])
    assert "{'command': 'image', 'description': 'Make a picture'}" in menus


async def _medium(demo: Demo, kind: str) -> View:
    """Wait for a message that shows something of this kind."""

    def find(scene: Scene) -> list[View]:
        return [one for one in under(scene, "message/") if f"'{kind}'" in str(one["media"])]

    return find(await demo.sees(find))[-1]


def _address(message: View) -> str:
    media = message["media"]
    assert isinstance(media, dict)
    return str(media["url"])


async def _pid(demo: Demo) -> int:
    pid = _last_pid(await demo.sees(_last_pid))
    assert pid is not None
    return pid


def _last_pid(scene: Scene) -> int | None:
    texts = [str(one["text"]) for one in under(scene, "message/")]
    pids = [found[1] for text in texts if (found := re.fullmatch(r"(\d+) \w\w", text))]
    return int(pids[-1]) if pids else None


def _is_alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has buried yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
