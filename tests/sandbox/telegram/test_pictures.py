"""Broken pictures are refused, whatever is broken about them."""

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.pictures import check_photo
from bot.sandbox.telegram.uploads import Upload
from tests.sandbox.telegram.samples import JPEG, PICTURE

REFUSALS = {"Bad Request: IMAGE_PROCESS_FAILED", "Bad Request: PHOTO_INVALID_DIMENSIONS"}


def upload_of(content: bytes, folder: str) -> Upload:
    path = Path(folder, "photo")
    path.write_bytes(content)
    digest = sha256(content).hexdigest()
    return Upload(name="photo", size=len(content), sha256=digest, head=b"", path=path)


async def outcome(upload: Upload) -> str:
    try:
        await check_photo(upload)
    except ApiError as refusal:
        return refusal.description
    return "accepted"


@settings(max_examples=200, deadline=None)
@given(
    content=st.sampled_from([PICTURE, JPEG()]),
    place=st.integers(min_value=0, max_value=200),
    junk=st.binary(max_size=8),
)
async def test_a_damaged_picture_is_a_photo_or_refused(
    content: bytes, place: int, junk: bytes
) -> None:
    damaged = content[:place] + junk + content[place + len(junk) :]

    with TemporaryDirectory() as folder:
        assert await outcome(upload_of(damaged, folder)) in REFUSALS | {"accepted"}


@given(content=st.binary(max_size=64))
async def test_noise_is_no_photo(content: bytes) -> None:
    with TemporaryDirectory() as folder, pytest.raises(ApiError, match="IMAGE_PROCESS_FAILED"):
        await check_photo(upload_of(content, folder))
