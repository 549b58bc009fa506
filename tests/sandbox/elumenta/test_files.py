import struct
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pydantic import JsonValue

from bot.sandbox.elumenta import ElumentaServer, Making
from bot.sandbox.elumenta.studio import draw

FOX: dict[str, JsonValue] = {"model": "flux-1.1-pro", "prompt": "a fox"}
SEA: dict[str, JsonValue] = {"model": "kling-v2.1", "prompt": "the sea"}


async def order(server: ElumentaServer, caller: ClientSession, body: dict[str, JsonValue]) -> str:
    """Order, wait and return the address of the result."""
    made = await (await caller.post("generate", json=body)).json()
    await server.wait(server.newest_first()[0].ended.is_set)
    found = await (await caller.get(f"generate/{made['id']}")).json()
    return str(found["result_url"])


def boxes(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Take the boxes of an mp4 apart, as the standard ISO/IEC 14496-12 says."""
    while content:
        size, name = struct.unpack(">I4s", content[:8])
        yield name.decode(), content[8:size]
        content = content[size:]


def only(content: bytes, *names: str) -> bytes:
    for name in names:
        content = dict(boxes(content))[name]
    return content


@pytest.mark.parametrize("chosen", ["webp", "png", "jpeg"])
async def test_a_picture_is_drawn_in_the_format_and_size_asked_for(
    server: ElumentaServer, caller: ClientSession, stranger: ClientSession, chosen: str
) -> None:
    url = await order(server, caller, FOX | {"format": chosen, "size": "1344x768"})

    response = await stranger.get(url)
    content = await response.read()

    with Image.open(BytesIO(content)) as picture:
        picture.load()
    assert (picture.format, picture.size) == (chosen.upper(), (1344, 768))
    assert url.endswith(f".{chosen}")
    assert response.content_type == f"image/{chosen}"
    assert response.content_length == len(content)


async def test_a_picture_is_a_webp_by_default(
    server: ElumentaServer, caller: ClientSession, stranger: ClientSession
) -> None:
    url = await order(server, caller, FOX)

    assert (await stranger.get(url)).content_type == "image/webp"


async def test_a_file_is_the_same_whenever_it_is_asked_for(
    server: ElumentaServer, caller: ClientSession, stranger: ClientSession
) -> None:
    url = await order(server, caller, FOX)

    first = await (await stranger.get(url)).read()
    second = await (await stranger.get(url)).read()

    assert first == second
    assert [request.status for request in server.downloads] == [200, 200]


@pytest.mark.parametrize(
    ("ratio", "size"), [("16:9", (320, 180)), ("9:16", (180, 320)), ("1:1", (240, 240))]
)
@pytest.mark.parametrize("duration", [5, 10])
async def test_a_video_is_what_its_metadata_says(
    server: ElumentaServer,
    caller: ClientSession,
    stranger: ClientSession,
    *,
    ratio: str,
    size: tuple[int, int],
    duration: int,
) -> None:
    server.script(Making(pending=False, takes=0))
    chosen = {"aspect_ratio": ratio, "duration": duration}
    made = await (await caller.post("generate", json={**SEA, "params": chosen})).json()

    response = await stranger.get(made["result_url"])
    content = await response.read()

    metadata = made["result_metadata"]
    assert metadata == {"width": size[0], "height": size[1], "duration": duration}
    header = only(content, "moov", "mvhd")
    scale, length = struct.unpack(">II", header[12:20])
    assert length / scale == duration
    width, height = struct.unpack(">II", only(content, "moov", "trak", "tkhd")[-8:])
    assert (width >> 16, height >> 16) == size
    assert b"avc1" in only(content, "moov", "trak", "mdia", "minf", "stbl", "stsd")
    assert response.content_type == "video/mp4"


async def test_a_video_can_play_before_it_is_whole(
    server: ElumentaServer, caller: ClientSession, stranger: ClientSession
) -> None:
    content = await (await stranger.get(await order(server, caller, SEA))).read()

    names = [name for name, _ in boxes(content)]

    assert names[0] == "ftyp"
    assert names.index("moov") < names.index("mdat")
    assert len(content) < 60_000


@pytest.mark.parametrize("chosen", ["webp", "png", "jpeg"])
async def test_a_picture_can_be_blown_up(
    server: ElumentaServer, caller: ClientSession, stranger: ClientSession, chosen: str
) -> None:
    body = FOX | {"format": chosen, "seed": 1}
    plain = await order(server, caller, body)
    server.script(Making(size_bytes=1_234_567))
    large = await order(server, caller, body)

    contents = [await (await stranger.get(url)).read() for url in (plain, large)]

    pictures = [Image.open(BytesIO(content)) for content in contents]
    assert len(contents[1]) == 1_234_567
    assert ImageChops.difference(*pictures).getbbox() is None


async def test_a_video_can_be_blown_up(
    server: ElumentaServer, caller: ClientSession, stranger: ClientSession
) -> None:
    plain = await order(server, caller, SEA)
    server.script(Making(size_bytes=1_234_567))
    large = await order(server, caller, SEA)

    contents = [await (await stranger.get(url)).read() for url in (plain, large)]

    assert len(contents[1]) == 1_234_567
    *played, (name, padding) = boxes(contents[1])
    assert played == list(boxes(contents[0]))
    assert (name, set(padding)) == ("free", {0})


async def test_files_need_no_key_and_refuse_one(
    server: ElumentaServer, caller: ClientSession, stranger: ClientSession
) -> None:
    url = await order(server, caller, FOX)

    leaked = await stranger.get(url, headers={"Authorization": f"Bearer {server.api_key}"})
    clean = await stranger.get(url)

    assert (leaked.status, clean.status) == (400, 200)


async def test_downloads_are_no_requests_of_the_api(
    server: ElumentaServer, caller: ClientSession, stranger: ClientSession
) -> None:
    url = await order(server, caller, FOX)
    asked = len(server.requests)
    server.polls_count, server.limits.hourly = True, 1

    responses = [await stranger.get(url) for _ in range(3)]

    assert [response.status for response in responses] == [200, 200, 200]
    assert "X-RateLimit-Limit-Hour" not in responses[0].headers
    assert (len(server.requests), len(server.downloads)) == (asked, 3)


async def test_a_file_can_fail_at_first(
    server: ElumentaServer, caller: ClientSession, stranger: ClientSession
) -> None:
    server.script(Making(file_status=503, file_failures=2))
    url = await order(server, caller, FOX)

    statuses = [(await stranger.get(url)).status for _ in range(3)]

    assert statuses == [503, 503, 200]


async def test_an_address_cannot_be_guessed(
    server: ElumentaServer, caller: ClientSession, stranger: ClientSession
) -> None:
    first, second = await order(server, caller, FOX), await order(server, caller, FOX)
    *_, secret, name = first.split("/")

    guessed = await stranger.get(f"{server.url}/files/guess/{name}")

    assert guessed.status == 404
    assert secret not in second
    assert len(secret) > 20


def test_a_picture_depends_on_its_prompt_and_its_seed() -> None:
    def drawn(prompt: str, seed: int) -> bytes:
        return draw(prompt, seed=seed, size=(64, 64), extension="png")

    pictures = {drawn("a fox", 1), drawn("a fox", 2), drawn("лиса", 1), drawn("гуси", 1)}

    assert len(pictures) == 4
    assert drawn("a fox", 1) in pictures


@pytest.mark.parametrize("pair", [("Ж", "Ш"), ("é", "ö"), ("№", "€")])
def test_letters_of_many_languages_are_written(pair: tuple[str, str]) -> None:
    drawn = [draw(letter, seed=1, size=(256, 256), extension="png") for letter in pair]
    unknown = draw("\ue000", seed=1, size=(256, 256), extension="png")

    assert len({writing(content) for content in (*drawn, unknown)}) == 3


def writing(content: bytes) -> bytes:
    """Keep the white of the letters alone, since the background differs too."""
    with Image.open(BytesIO(content)) as picture:
        return picture.convert("L").point(lambda light: 255 * (light > 245)).tobytes()


@given(prompt=st.text(min_size=1).filter(str.strip), seed=st.integers(0, 2**32 - 1))
def test_every_prompt_can_be_drawn(prompt: str, seed: int) -> None:
    content = draw(prompt, seed=seed, size=(96, 64), extension="png")

    with Image.open(BytesIO(content)) as picture:
        assert picture.size == (96, 64)


def test_pillow_waits_until_something_is_drawn() -> None:
    program = "import sys, bot.sandbox.elumenta; sys.exit('PIL' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], check=False)  # noqa: S603 - our own

    assert done.returncode == 0


async def test_a_long_prompt_is_written_too(
    server: ElumentaServer, caller: ClientSession, stranger: ClientSession
) -> None:
    url = await order(server, caller, FOX | {"prompt": "слово " * 5_000})

    assert (await stranger.get(url)).status == 200
