import re

import pytest

from bot.elumenta.catalog import CATALOG, Category, MediaModel, models_of
from bot.i18n import Translator
from bot.model import MediaKind
from bot.services.media_options import Choice, choose
from bot.telegram.options import parse
from bot.telegram.options_help import example, explain_options
from bot.telegram.render import MAX_MESSAGE_LENGTH

DEFAULTS = {MediaKind.IMAGE: "flux-1.1-pro", MediaKind.VIDEO: "kling-v2.1"}


def help_on(kind: MediaKind, language: str = "en") -> str:
    t = Translator.bundled().for_locale(language)
    return explain_options(kind, t, default_model=DEFAULTS[kind])


def accepted(kind: MediaKind, text: str, *, default_model: str) -> Choice:
    """Read an example as the bot would; its prompt must be there and its options possible."""
    command, _, written = text.partition(" ")
    assert command == f"/{kind}"
    request = parse(written)
    assert request.prompt
    assert request.options
    return choose(kind, request.options, default_model=default_model)


@pytest.mark.parametrize("kind", MediaKind)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_help_fits_into_one_message(kind: MediaKind, language: str) -> None:
    text = help_on(kind, language)

    assert len(text.encode("utf-16-le")) // 2 < MAX_MESSAGE_LENGTH


@pytest.mark.parametrize("kind", MediaKind)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_each_model_has_a_line_of_its_own(kind: MediaKind, language: str) -> None:
    listed = re.findall(r"^• (\S+) \(", help_on(kind, language), re.MULTILINE)

    assert listed == [model.slug for model in models_of(Category(kind.value))]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (MediaKind.IMAGE, "• photon (1–2)"),
        (MediaKind.IMAGE, "• midjourney (2–35): --aspect 1:1, 2:3, 3:2, 9:16, 16:9"),
        (
            MediaKind.IMAGE,
            "• sd-3.5-large (7): --size 1024x1024, 768x1344, 1344x768; --seed; --no",
        ),
        (MediaKind.VIDEO, "• kling-v2.1 (26–94)"),
    ],
)
def test_a_line_tells_the_price_and_what_only_some_models_take(kind: MediaKind, line: str) -> None:
    assert line in help_on(kind).splitlines()


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (MediaKind.IMAGE, "All take --format webp, png, jpeg."),
        (MediaKind.VIDEO, "All take --aspect 16:9, 9:16, 1:1; --no; --duration 5, 10."),
    ],
)
def test_what_all_models_take_is_told_once(kind: MediaKind, line: str) -> None:
    assert help_on(kind).splitlines()[-1] == line


@pytest.mark.parametrize("kind", MediaKind)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_help_shows_the_example_and_the_default_model(kind: MediaKind, language: str) -> None:
    text = help_on(kind, language)

    assert example(kind, DEFAULTS[kind]) in text.splitlines()
    assert re.search(rf"--model .* {re.escape(DEFAULTS[kind])}$", text, re.MULTILINE)


@pytest.mark.parametrize("model", CATALOG, ids=[model.slug for model in CATALOG])
def test_an_example_is_accepted_by_the_default_model(model: MediaModel) -> None:
    kind = MediaKind(model.category.value)

    choice = accepted(kind, example(kind, model.slug), default_model=model.slug)

    assert choice.model is model


@pytest.mark.parametrize("kind", MediaKind)
def test_an_example_chooses_a_model_where_the_default_does_not_exist(kind: MediaKind) -> None:
    text = example(kind, "nonesuch")

    assert accepted(kind, text, default_model="nonesuch").model in CATALOG
