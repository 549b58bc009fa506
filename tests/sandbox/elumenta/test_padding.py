import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.sandbox.elumenta.padding import PIECE_BYTES, pad
from bot.sandbox.elumenta.studio import draw

PNG = draw("a fox", seed=1, size=(16, 16), extension="png")


@given(extra=st.integers(12, 300_000))
def test_a_png_of_any_size_has_right_checksums(extra: int) -> None:
    padded = pad(PNG, "png", size=len(PNG) + extra)
    content = b"".join(padded.pieces())

    end = content[-12:]
    start = content.index(b"paDd")
    assert len(content) == padded.size == len(PNG) + extra
    assert zlib.crc32(content[start:-16]) == int.from_bytes(content[-16:-12], "big")
    assert end[4:8] == b"IEND"
    with Image.open(BytesIO(content)) as picture:
        picture.verify()


@pytest.mark.parametrize("extension", ["png", "jpeg", "webp", "mp4"])
def test_the_right_size_needs_no_padding(extension: str) -> None:
    padded = pad(b"content", extension, size=7)

    assert list(padded.pieces()) == [b"content"]


@pytest.mark.parametrize(
    ("extension", "size"), [("png", 1), ("jpeg", 6), ("png", 18), ("mp4", 14)]
)
def test_a_size_that_cannot_be_reached_is_refused(extension: str, size: int) -> None:
    with pytest.raises(ValueError, match=extension):
        pad(b"content", extension, size=size)


def test_a_huge_file_comes_in_small_pieces() -> None:
    padded = pad(b"content", "mp4", size=50_000_000)

    sizes = [len(piece) for piece in padded.pieces()]

    assert sum(sizes) == 50_000_000
    assert max(sizes) == PIECE_BYTES
