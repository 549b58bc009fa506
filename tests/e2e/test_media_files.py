"""How pictures and videos of every size get from the service to a chat."""

from pathlib import Path

import pytest

from bot.sandbox.elumenta import Making
from bot.sandbox.telegram import Fault, FaultKind, Message
from tests.bench.usage import memory_of
from tests.e2e.seeing import (
    DOWNLOAD,
    answer,
    file_of,
    lose_patience,
    only_this_is_left,
    result,
    results,
    said_by_bot,
)
from tests.stage import BotProcess, Stage

CHEAP = "--model luma-ray2-flash"
MEGABYTE = 1024 * 1024
MOST_MEGABYTES_OVER_IDLE = 40


def link_of(message: Message) -> str:
    """Tell where the button to download leads to."""
    (button,) = [one for row in message.buttons for one in row if one.text == DOWNLOAD]
    assert button.url is not None
    return button.url


async def test_a_download_that_fails_is_tried_again_without_a_new_generation(city: Stage) -> None:
    chats = {}
    for status in (404, 500, 503):
        ann = city.telegram.person("Ann")
        chats[status] = city.telegram.private_chat(ann)
        failing = Making(file_status=status, file_failures=1, size_bytes=98_000 + status)
        city.elumenta.script(failing, contains=f"gate number {status}")
        chats[status].send(ann, f"/image gate number {status}")

    for status, chat in chats.items():
        assert file_of(await result(chat)).size == 98_000 + status
        assert len(city.elumenta.orders(f"gate number {status}")) == 1


async def test_a_file_that_stays_away_becomes_a_link(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(Making(file_status=404, file_failures=1000), contains="gone with it")
    order = chat.send(ann, "/image gone with it")
    await stage.until(lambda: bool(stage.elumenta.downloads))

    await bot.terminate()
    lose_patience(stage)
    await stage.restart(bot)

    message = await answer(chat, "flux-1.1-pro · 4 tokens")
    assert message.reply_to_id == order.id
    assert link_of(message).startswith(f"{stage.elumenta.url}/files/")
    await only_this_is_left(chat, message)
    assert len(stage.elumenta.orders("gone with it")) == 1


class Footprint:
    """How much more memory a bot needs for its work than when it is idle."""

    def __init__(self, bot: BotProcess) -> None:
        self._pid = bot.pid
        Path(f"/proc/{bot.pid}/clear_refs").write_text("5")  # forget the peak so far
        self._idle = memory_of(bot.pid).now

    @property
    def megabytes(self) -> float:
        return memory_of(self._pid).peak - self._idle


async def test_a_video_that_is_too_big_for_telegram_becomes_a_link(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    big = Making(takes=0.3, eta_seconds=1, size_bytes=55 * MEGABYTE)
    stage.elumenta.script(big, contains="endless film")
    footprint = Footprint(bot)

    order = chat.send(ann, f"/video {CHEAP} an endless film")

    message = await answer(chat, "luma-ray2-flash · 15 tokens")
    assert message.reply_to_id == order.id
    assert link_of(message).startswith(f"{stage.elumenta.url}/files/")
    assert results(chat) == []
    assert footprint.megabytes < MOST_MEGABYTES_OVER_IDLE
    await only_this_is_left(chat, message)


async def test_a_big_video_is_uploaded_without_being_held_in_memory(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    big = Making(takes=0.3, eta_seconds=1, size_bytes=45 * MEGABYTE)
    stage.elumenta.script(big, contains="long film")
    footprint = Footprint(bot)

    chat.send(ann, f"/video {CHEAP} a long film")

    assert file_of(await result(chat, "video")).size == 45 * MEGABYTE
    assert footprint.megabytes < MOST_MEGABYTES_OVER_IDLE


@pytest.mark.parametrize(
    ("options", "megabytes", "mime_type"),
    [("", 12, "image/png"), ("--format webp", 1, "image/webp")],
)
async def test_what_is_no_photo_to_telegram_is_sent_as_a_document(
    city: Stage, options: str, megabytes: int, mime_type: str
) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    words = f"a poster of {megabytes} MB"
    city.elumenta.script(Making(size_bytes=megabytes * MEGABYTE), contains=words)

    order = chat.send(ann, f"/image {options} {words}")

    document = await result(chat, "document")
    assert document.reply_to_id == order.id
    assert document.text.startswith("flux-1.1-pro · 4 tokens")
    file = file_of(document)
    assert (file.size, file.mime_type) == (megabytes * MEGABYTE, mime_type)
    assert file.name.endswith(f".{mime_type.removeprefix('image/')}")


async def test_nothing_of_the_files_stays_on_the_disk(stage: Stage, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    bot = await stage.start_bot(tmpdir=str(scratch))
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(Making(size_bytes=2 * MEGABYTE), contains="fleeting cloud")

    chat.send(ann, "/image a fleeting cloud")
    await only_this_is_left(chat, await result(chat))
    await bot.kill()

    assert list(scratch.rglob("*")) == []


FAULTS = [FaultKind.RETRY_AFTER, FaultKind.SERVER_ERROR, FaultKind.CUT, FaultKind.LOST_ANSWER]


async def test_what_telegram_does_wrong_delays_a_result_only(city: Stage) -> None:
    chats = {}
    for fault in FAULTS:
        for command, method in (("/image", "sendPhoto"), (f"/video {CHEAP}", "sendVideo")):
            ann = city.telegram.person("Ann")
            chat = chats[fault, method] = city.telegram.private_chat(ann)
            words = f"despite {fault} of {method}"
            city.elumenta.script(Making(takes=0.3, eta_seconds=1), contains=words)
            city.telegram.fail(Fault(kind=fault, method=method, chat_id=chat.id, times=1))
            chat.send(ann, f"{command} {words}")

    for (fault, method), chat in chats.items():
        await result(chat, "photo" if method == "sendPhoto" else "video")
        await chat.wait(lambda chat: said_by_bot(chat) == results(chat), timeout=40)
        assert len(results(chat)) <= (2 if fault is FaultKind.LOST_ANSWER else 1)
        assert len(city.elumenta.orders(f"despite {fault} of {method}")) == 1


async def test_a_group_that_forbids_media_gets_a_link(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Readers only", members=[ann], supergroup=True)
    group.forbids_media = True

    order = group.send(ann, "/image a forbidden fruit")

    message = await answer(group, "flux-1.1-pro · 4 tokens")
    assert message.reply_to_id == order.id
    assert link_of(message).startswith(f"{city.elumenta.url}/files/")
    assert len(city.elumenta.orders("forbidden fruit")) == 1
