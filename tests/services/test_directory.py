"""The list of models: live, kept, or that of the catalogue."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.elumenta import CATALOG, TEXT_MODELS, ElumentaClient
from bot.model import MediaKind, ModelChoice, ModelKind
from bot.services.directory import PATIENCE_SECONDS, REST_SECONDS, ModelDirectory
from tests.clockwork import clockwork, in_no_time
from tests.elumenta.service import client_of

Listed = dict[str, object]


def text(slug: str, tokens: int | None = 1, **more: object) -> Listed:
    return {"slug": slug, "name": slug.upper(), "category": "text", "token_cost": tokens, **more}


def image(slug: str, tokens: int = 1, **more: object) -> Listed:
    return {"slug": slug, "category": "image", "token_cost": tokens, **more}


@dataclass(kw_only=True)
class Lister:
    """Lists models when it may."""

    models: list[Listed] = field(default_factory=list)
    status: int = 200
    requests: int = 0
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.method == "GET"
        assert request.url.path == "/api/v2/models"
        self.requests += 1
        self.is_asked.set()
        await self.may_answer.wait()
        return httpx.Response(self.status, json=self.models)


@pytest.fixture
def lister() -> Lister:
    return Lister(models=[text("gpt-5"), image("photon")])


@pytest.fixture
async def client(lister: Lister) -> AsyncIterator[ElumentaClient]:
    async with client_of(httpx.MockTransport(lister)) as client:
        yield client


@pytest.fixture
async def directory(client: ElumentaClient) -> AsyncIterator[ModelDirectory]:
    directory = ModelDirectory(client)
    yield directory
    await directory.close()


def slugs(choices: list[ModelChoice]) -> list[str]:
    return [choice.slug for choice in choices]


async def test_models_are_those_of_the_service_at_its_prices(
    lister: Lister, directory: ModelDirectory
) -> None:
    lister.models = [
        text("gpt-6", 7),
        image("dall-e-3", min_token_cost=6, max_token_cost=14, name="DALL-E"),
        text("gpt-5", min_token_cost=2, max_token_cost=3, description_ru="Быстрая"),
    ]

    texts = await directory.text_models()
    images = await directory.media_models(MediaKind.IMAGE)

    assert texts == [
        ModelChoice(
            slug="gpt-5",
            name="GPT-5",
            min_tokens=2,
            max_tokens=3,
            descriptions={"ru": "Быстрая"},
        ),
        ModelChoice(slug="gpt-6", name="GPT-6", min_tokens=7, max_tokens=7),
    ]
    assert images == [ModelChoice(slug="dall-e-3", name="DALL-E", min_tokens=6, max_tokens=14)]
    assert lister.requests == 1


async def test_a_model_whose_options_nobody_knows_is_not_offered_for_pictures(
    lister: Lister, directory: ModelDirectory
) -> None:
    lister.models = [image("photon"), image("unheard-of")]

    assert slugs(await directory.media_models(MediaKind.IMAGE)) == ["photon"]


async def test_the_catalogue_tells_what_the_service_leaves_out(
    lister: Lister, directory: ModelDirectory
) -> None:
    lister.models = [text("gpt-5", None, name=None), {"slug": "dall-e-3"}]

    texts = await directory.text_models()
    images = await directory.media_models(MediaKind.IMAGE)

    assert texts == [ModelChoice(slug="gpt-5", name="GPT-5", min_tokens=2, max_tokens=2)]
    assert images == [ModelChoice(slug="dall-e-3", name="DALL-E 3", min_tokens=5, max_tokens=13)]


@pytest.mark.parametrize(
    "unfit",
    [
        text("gpt-6", None),
        text("gpt:6"),
        text("gpt 6"),
        text("гпт-6"),
        text("g" * 41),
        image("gpt-6"),
        text("gpt-6", category="audio"),
        text("gpt-6", category=None),
    ],
    ids=["no price", "colon", "blank", "letters", "length", "picture", "sound", "anything"],
)
async def test_what_cannot_be_chosen_is_left_out(
    lister: Lister, directory: ModelDirectory, unfit: Listed
) -> None:
    lister.models = [unfit, text("g" * 40)]

    assert slugs(await directory.text_models()) == ["g" * 40]


@pytest.mark.parametrize(
    ("name", "shown"),
    [(None, "gpt-6"), (" ", "gpt-6"), ("GPT\n 6", "GPT 6"), ("G" * 50, "G" * 40 + "…")],
)
async def test_a_name_fits_on_a_line(
    lister: Lister, directory: ModelDirectory, name: str | None, shown: str
) -> None:
    lister.models = [text("gpt-6", name=name)]

    assert [choice.name for choice in await directory.text_models()] == [shown]


@pytest.mark.parametrize(
    ("status", "models"),
    [(503, []), (404, []), (200, []), (200, [{"slug": "whisper", "category": "stt"}])],
    ids=["down", "no such path", "empty", "other kinds"],
)
async def test_the_catalogue_is_shown_where_the_service_lists_nothing(
    lister: Lister, directory: ModelDirectory, status: int, models: list[Listed]
) -> None:
    lister.status, lister.models = status, models

    texts = await directory.text_models()
    media = [slugs(await directory.media_models(kind)) for kind in MediaKind]

    assert [(one.slug, one.name, one.min_tokens, one.max_tokens) for one in texts] == [
        (one.slug, one.name, one.tokens, one.tokens) for one in TEXT_MODELS
    ]
    assert media == [
        [model.slug for model in CATALOG if model.category.value == kind.value]
        for kind in MediaKind
    ]
    assert not await directory.is_gone(ModelKind.TEXT, "nonesuch")


@pytest.mark.parametrize(
    ("kind", "slug", "gone"),
    [
        (ModelKind.TEXT, "gpt-5", False),
        (ModelKind.TEXT, "gpt-5.2", True),
        (ModelKind.IMAGE, "photon", False),
        (ModelKind.IMAGE, "dall-e-3", True),
        (ModelKind.IMAGE, "photon-1", False),
        (ModelKind.VIDEO, "sora-2", False),
    ],
    ids=["listed", "not listed", "picture", "no picture", "former name", "no videos at all"],
)
async def test_only_what_is_missing_among_others_of_its_kind_is_gone(
    directory: ModelDirectory, kind: ModelKind, slug: str, *, gone: bool
) -> None:
    assert await directory.is_gone(kind, slug) is gone


async def test_what_the_catalogue_lacks_is_gone_whatever_is_listed(
    lister: Lister, directory: ModelDirectory
) -> None:
    lister.status = 503

    assert await directory.is_gone(ModelKind.IMAGE, "dall-e-2")
    assert not await directory.is_gone(ModelKind.IMAGE, "dall-e-3")


async def test_a_model_that_no_menu_offers_is_not_gone_for_that(
    lister: Lister, directory: ModelDirectory
) -> None:
    lister.models = [text("gpt-5"), text("gpt:6")]

    assert not await directory.is_gone(ModelKind.TEXT, "gpt:6")


async def test_a_price_is_told_without_asking(lister: Lister, directory: ModelDirectory) -> None:
    lister.models = [
        text("gpt-5", 3, max_token_cost=5),
        text("gpt-6", 7),
        text("deepseek-r1", None),
    ]
    slugs = ("gpt-5", "gpt-6", "deepseek-r1", "nonesuch")

    before = [directory.tokens_of(slug) for slug in slugs]
    requests = lister.requests
    await directory.text_models()
    after = [directory.tokens_of(slug) for slug in slugs]

    assert requests == 0
    assert before == [2, None, 1, None]
    assert after == [5, 7, 1, None]


async def test_many_who_ask_at_once_share_a_request(
    lister: Lister, directory: ModelDirectory
) -> None:
    lister.may_answer.clear()

    async with asyncio.TaskGroup() as tasks:
        callers = [tasks.create_task(directory.text_models()) for _ in range(50)]
        await lister.is_asked.wait()
        lister.may_answer.set()

    assert [slugs(caller.result()) for caller in callers] == [["gpt-5"]] * 50
    assert lister.requests == 1


async def test_who_gives_up_takes_nothing_from_others(
    lister: Lister, directory: ModelDirectory
) -> None:
    lister.may_answer.clear()

    async with asyncio.TaskGroup() as tasks:
        impatient, patient = (tasks.create_task(directory.text_models()) for _ in range(2))
        await lister.is_asked.wait()
        impatient.cancel()
        await asyncio.wait({impatient})
        lister.may_answer.set()

    assert impatient.cancelled()
    assert slugs(patient.result()) == ["gpt-5"]


@in_no_time
async def test_a_list_is_kept_for_some_minutes() -> None:
    lister = Lister(models=[text("gpt-5")])
    async with client_of(httpx.MockTransport(lister)) as client:
        directory = ModelDirectory(client, seconds=600)
        await directory.text_models()
        lister.models = [text("gpt-6")]

        await asyncio.sleep(599)
        kept = await directory.text_models()
        await asyncio.sleep(REST_SECONDS + 1)
        fresh = await directory.text_models()
        await directory.close()

    assert (slugs(kept), slugs(fresh)) == (["gpt-5"], ["gpt-6"])
    assert lister.requests == 2


@in_no_time
async def test_a_dead_service_is_left_alone_for_a_while() -> None:
    lister = Lister(models=[text("gpt-6")], status=503)
    async with client_of(httpx.MockTransport(lister)) as client:
        directory = ModelDirectory(client)
        for _ in range(10):
            await directory.text_models()
        requests = lister.requests
        lister.status = 200
        await asyncio.sleep(REST_SECONDS + 1)
        choices = await directory.text_models()
        await directory.close()

    assert requests == 1
    assert slugs(choices) == ["gpt-6"]


@in_no_time
async def test_a_silent_service_keeps_nobody_waiting_for_long() -> None:
    lister = Lister()
    lister.may_answer.clear()
    async with client_of(httpx.MockTransport(lister)) as client:
        directory = ModelDirectory(client)

        choices = await directory.text_models()
        waited = clockwork().seconds
        await directory.close()

    assert len(choices) == len(TEXT_MODELS)
    assert waited == PATIENCE_SECONDS


@in_no_time
async def test_the_price_of_a_list_is_known_for_longer_than_the_list() -> None:
    lister = Lister(models=[text("gpt-6", 7)])
    async with client_of(httpx.MockTransport(lister)) as client:
        directory = ModelDirectory(client)
        await directory.text_models()
        lister.status = 503
        await asyncio.sleep(3600)

        tokens = directory.tokens_of("gpt-6")
        choices = await directory.text_models()
        await directory.close()

    assert tokens == 7
    assert len(choices) == len(TEXT_MODELS)


async def test_a_list_that_was_wrong_is_asked_for_anew(
    lister: Lister, directory: ModelDirectory
) -> None:
    await directory.text_models()
    lister.models = [text("gpt-6")]

    directory.doubt()

    assert slugs(await directory.text_models()) == ["gpt-6"]


async def test_the_program_can_end_in_the_middle_of_a_request(
    lister: Lister, directory: ModelDirectory
) -> None:
    lister.may_answer.clear()
    before = asyncio.all_tasks()

    async with asyncio.TaskGroup() as tasks:
        caller = tasks.create_task(directory.text_models())
        await lister.is_asked.wait()
        await directory.close()

    assert caller.cancelled()
    async with asyncio.timeout(10):
        while asyncio.all_tasks() - before:  # noqa: ASYNC110 - tasks that end send no events
            await asyncio.sleep(0.01)


SLUGS = [*(model.slug for model in TEXT_MODELS), *(model.slug for model in CATALOG)]
TOKENS = st.none() | st.integers(min_value=0, max_value=500)
MODELS: st.SearchStrategy[list[Listed]] = st.lists(
    st.fixed_dictionaries(
        {"slug": st.sampled_from(SLUGS) | st.text()},
        optional={
            "name": st.none() | st.text(),
            "category": st.sampled_from([*ModelKind, "audio", None]),
            "token_cost": TOKENS,
            "min_token_cost": TOKENS,
            "max_token_cost": TOKENS,
        },
    ),
    max_size=6,
)


@given(models=MODELS)
async def test_whatever_is_listed_there_is_something_to_choose_and_it_fits_a_button(
    models: list[Listed],
) -> None:
    async with client_of(httpx.MockTransport(Lister(models=models))) as client:
        directory = ModelDirectory(client)
        offers = [await directory.text_models()]
        offers += [await directory.media_models(kind) for kind in MediaKind]
        await directory.close()

    for offered in offers:
        assert offered
        prices = [choice.min_tokens for choice in offered]
        assert prices == sorted(prices)
        for choice in offered:
            assert 1 <= len(choice.slug.encode()) <= 40
            assert ":" not in choice.slug
            assert choice.name.strip()
            assert "\n" not in choice.name
            assert choice.min_tokens <= choice.max_tokens
