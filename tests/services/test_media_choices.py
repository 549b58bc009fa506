"""Orders of a chat that has chosen how its pictures and videos shall be."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from bot.errors import MediaModelUnknown
from bot.model import MediaKind, ModelKind, Preference, PreferenceValue
from bot.services.directory import ModelDirectory
from bot.services.media import MediaService
from bot.services.preferences import PreferenceService
from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from tests.choosing import create_choosing
from tests.elumenta.service import ScriptedService, client_of, json_of
from tests.storage.questions import QUESTION

IMAGE, VIDEO = MediaKind.IMAGE, MediaKind.VIDEO
DEFAULTS = {IMAGE: "flux-1.1-pro", VIDEO: "kling-v2.1"}
GONE = "sd-3.5-large"
"""The only model of the catalogue that the service does not list here."""
LISTED = ("flux-1.1-pro", "dall-e-3", "midjourney", "photon", "kling-v2.1", "sora-2")
CHAT = QUESTION.key.chat_id
Made = tuple[str, dict[str, str | int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Takes orders for a chat, and notes what it chooses."""

    media: MediaService
    preferences: PreferenceService
    directory: ModelDirectory

    async def choose(self, preference: Preference, value: PreferenceValue) -> None:
        await self.preferences.change(CHAT, preference, value)

    async def order(self, kind: MediaKind, *, chat_id: int = CHAT, **options: str) -> Made:
        """Say which model is ordered, and with which options."""
        key = replace(QUESTION.key, chat_id=chat_id)
        job = await self.media.order(replace(QUESTION, key=key), kind, options)
        assert job is not None
        return job.model, dict(job.params)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    service = ScriptedService(json_of([{"slug": slug} for slug in LISTED]))
    async with client_of(service) as client:
        choosing = create_choosing(database, client)
        yield Desk(
            media=MediaService(
                JobStore(database),
                choosing.preferences,
                choosing.directory,
                confirm_above=1000,
                default_models=DEFAULTS,
                wake=lambda: None,
            ),
            preferences=choosing.preferences,
            directory=choosing.directory,
        )
        await choosing.directory.close()


async def test_a_chat_that_chose_nothing_gets_what_the_owner_chose(desk: Desk) -> None:
    assert await desk.order(IMAGE) == ("flux-1.1-pro", {"format": "png"})
    assert await desk.media.default_model(VIDEO, CHAT) == "kling-v2.1"


async def test_the_model_of_a_chat_is_taken_there_and_nowhere_else(desk: Desk) -> None:
    await desk.choose(Preference.IMAGE_MODEL, "dall-e-3")

    there = await desk.order(IMAGE)
    elsewhere = await desk.order(IMAGE, chat_id=CHAT + 1)

    assert (there[0], elsewhere[0]) == ("dall-e-3", "flux-1.1-pro")
    assert await desk.media.default_model(IMAGE, CHAT) == "dall-e-3"
    assert await desk.media.default_model(VIDEO, CHAT) == "kling-v2.1"


async def test_what_a_person_writes_comes_before_what_their_chat_chose(desk: Desk) -> None:
    await desk.choose(Preference.IMAGE_MODEL, "dall-e-3")
    await desk.choose(Preference.IMAGE_SIZE, "1024x1024")

    assert await desk.order(IMAGE, model="flux-1.1-pro", size="768x1344") == (
        "flux-1.1-pro",
        {"format": "png", "size": "768x1344"},
    )


@pytest.mark.parametrize(
    ("model", "size", "params"),
    [
        ("dall-e-3", "1024x1792", {"size": "1024x1792"}),
        ("midjourney", "16:9", {"aspect_ratio": "16:9"}),
        ("dall-e-3", "16:9", {}),
        ("midjourney", "1024x1792", {}),
        ("photon", "1024x1024", {}),
    ],
)
async def test_the_size_of_pictures_is_asked_of_the_models_that_know_it(
    desk: Desk, model: str, size: str, params: dict[str, str]
) -> None:
    await desk.choose(Preference.IMAGE_MODEL, model)
    await desk.choose(Preference.IMAGE_SIZE, size)

    assert await desk.order(IMAGE) == (model, {"format": "png", **params})


async def test_the_length_and_the_shape_of_videos_are_asked_for(desk: Desk) -> None:
    await desk.choose(Preference.VIDEO_SECONDS, 10)
    await desk.choose(Preference.VIDEO_ASPECT, "9:16")

    assert await desk.order(VIDEO) == ("kling-v2.1", {"duration": 10, "aspect_ratio": "9:16"})


async def test_what_no_video_can_be_is_not_asked_for(desk: Desk) -> None:
    await desk.choose(Preference.VIDEO_SECONDS, 7)
    await desk.choose(Preference.IMAGE_SIZE, "9:16")

    assert await desk.order(VIDEO) == ("kling-v2.1", {})


@pytest.mark.parametrize("gone", [GONE, "dall-e-2"], ids=["service", "catalogue"])
async def test_the_owners_model_takes_over_from_one_that_vanished(desk: Desk, gone: str) -> None:
    await desk.choose(Preference.IMAGE_MODEL, gone)

    assert await desk.media.default_model(IMAGE, CHAT) == "flux-1.1-pro"
    assert (await desk.order(IMAGE))[0] == "flux-1.1-pro"


@pytest.mark.parametrize("gone", [GONE, "dall-e-2"], ids=["service", "catalogue"])
async def test_that_a_model_vanished_is_told_once(desk: Desk, gone: str) -> None:
    await desk.choose(Preference.IMAGE_MODEL, gone)

    told = [await desk.media.drop_vanished_model(IMAGE, CHAT) for _ in range(2)]

    assert told == [gone, None]
    assert (await desk.preferences.of(CHAT)).image_model is None


@pytest.mark.parametrize("kind", MediaKind)
async def test_what_is_still_offered_stays_chosen(desk: Desk, kind: MediaKind) -> None:
    await desk.choose(Preference.IMAGE_MODEL, "dall-e-3")
    await desk.choose(Preference.VIDEO_MODEL, "sora-2")

    told = await desk.media.drop_vanished_model(kind, CHAT)

    assert told is None
    chosen = await desk.preferences.of(CHAT)
    assert (chosen.image_model, chosen.video_model) == ("dall-e-3", "sora-2")


async def test_nothing_vanishes_where_nothing_was_chosen(desk: Desk) -> None:
    assert await desk.media.drop_vanished_model(IMAGE, CHAT) is None
    assert await desk.directory.is_gone(ModelKind.IMAGE, GONE)


async def test_a_mistake_is_found_before_anything_is_stored(
    desk: Desk, database: Database
) -> None:
    with pytest.raises(MediaModelUnknown):
        await desk.media.check(IMAGE, {"model": "nonesuch"}, CHAT)

    assert await JobStore(database).recent(QUESTION.key, limit=1) == []
