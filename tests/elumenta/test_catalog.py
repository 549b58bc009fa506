import pytest

from bot.elumenta.catalog import (
    CATALOG,
    TEXT_MODELS,
    Category,
    MediaModel,
    TextModel,
    find_model,
    find_text_model,
    models_of,
)
from bot.sandbox.elumenta.catalogue import CATALOGUE

OPTIONS = {
    "size",
    "aspect_ratio",
    "quality",
    "style",
    "format",
    "seed",
    "negative_prompt",
    "duration",
}

FORMER_SLUGS = {
    "midjourney-v6": "midjourney",
    "midjourney-turbo": "midjourney",
    "photon-1": "photon",
    "nano-banana-pro-2k": "nano-banana-pro",
    "luma-flash2": "luma-ray2-flash",
    "luma-ray2-1080p": "luma-ray2",
    "kling-v2.1-pro": "kling-v2.1",
    "mj-video-480p": "midjourney-video",
    "mj-video-720p": "midjourney-video",
}


def named(model: MediaModel | TextModel) -> str:
    return model.slug


def test_there_are_ten_models_for_pictures_and_seven_for_videos() -> None:
    assert (len(models_of(Category.IMAGE)), len(models_of(Category.VIDEO))) == (10, 7)


@pytest.mark.parametrize("category", Category)
def test_models_are_listed_by_price(category: Category) -> None:
    prices = [(model.min_tokens, model.max_tokens) for model in models_of(category)]

    assert prices == sorted(prices)


def test_no_name_means_two_models() -> None:
    names = [name for model in CATALOG for name in (model.slug, *model.aliases)]
    names += [model.slug for model in TEXT_MODELS]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("model", CATALOG, ids=named)
def test_a_model_is_found_by_its_slug_however_it_is_written(model: MediaModel) -> None:
    assert find_model(f" {model.slug.upper()} ", model.category) is model


def test_a_former_slug_finds_the_model_of_today() -> None:
    found = {
        alias: model.slug
        for model in CATALOG
        for alias in model.aliases
        if find_model(alias, model.category) is model
    }

    assert found == FORMER_SLUGS


@pytest.mark.parametrize("name", ["kling-v2.1", "luma-flash2", "gpt-5", "", "flux"])
def test_what_makes_no_pictures_is_not_found_among_them(name: str) -> None:
    assert find_model(name, Category.IMAGE) is None


@pytest.mark.parametrize("model", CATALOG, ids=named)
def test_what_is_told_of_a_model_makes_sense(model: MediaModel) -> None:
    assert model.options.keys() <= OPTIONS
    assert 1 <= model.min_tokens <= model.max_tokens
    assert model.typical_seconds > 0
    assert not {"size", "aspect_ratio"} <= model.options.keys()


@pytest.mark.parametrize("model", CATALOG, ids=named)
def test_the_stand_in_for_the_service_sells_the_same(model: MediaModel) -> None:
    sold = CATALOGUE[model.slug]

    assert (sold.category.value, sold.name) == (model.category.value, model.name)
    assert (sold.min_tokens, sold.max_tokens) == (model.min_tokens, model.max_tokens)
    assert model.options.items() <= sold.options.items()


def test_the_stand_in_for_the_service_sells_just_these_text_models() -> None:
    sold = {
        model.slug: (model.name, model.tokens)
        for model in CATALOGUE.values()
        if model.category.value == "text"
    }

    assert len(sold) == 12
    assert {model.slug: (model.name, model.tokens) for model in TEXT_MODELS} == sold


@pytest.mark.parametrize("model", TEXT_MODELS, ids=named)
def test_a_text_model_is_found_by_its_slug_however_it_is_written(model: TextModel) -> None:
    assert find_text_model(f" {model.slug.upper()} ") is model


@pytest.mark.parametrize("name", ["flux-1.1-pro", "kling-v2.1", "gpt-17", "gpt", ""])
def test_what_answers_no_questions_is_not_found_among_text_models(name: str) -> None:
    assert find_text_model(name) is None
