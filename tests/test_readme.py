import re
from pathlib import Path

import pytest

from bot.elumenta.catalog import CATALOG, Category, MediaModel, models_of
from bot.model import MediaKind
from bot.services.media_options import MODEL, OPTIONS, choose
from bot.settings import Settings
from bot.telegram.options import parse

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
SCREENSHOTS = "tests/demo/screenshots"

SECTION = README.partition("\n## Pictures and videos\n")[2].partition("\n## ")[0]

EXAMPLES = re.findall(r"^/(\w+) (.+)$", SECTION, re.MULTILINE)


def rows(pattern: str) -> list[tuple[str, ...]]:
    """The cells of all table rows of which the first cell fits."""
    found = re.findall(rf"^\| (`{pattern}`) \| (.+?) \| (.+?) \|$", SECTION, re.MULTILINE)
    return [tuple(row) for row in found]


def row(model: MediaModel) -> tuple[str, ...]:
    """What the table shall say of a model."""
    lowest, highest = model.min_tokens, model.max_tokens
    tokens = str(lowest) if lowest == highest else f"{lowest}–{highest}"
    options = [
        f"`--{name}` {', '.join(map(str, model.options[parameter]))}".strip()
        for name, parameter in OPTIONS.items()
        if parameter in model.options
    ]
    return f"`{model.slug}`", tokens, "; ".join(options)


def takers(parameter: str) -> str:
    """For what an option is good."""
    pictures, videos = (
        any(parameter in model.options for model in models_of(category)) for category in Category
    )
    return "both" if pictures and videos else "pictures" if pictures else "videos"


def test_the_options_are_those_that_people_can_write() -> None:
    told = [(option, use) for option, use, _ in rows(r"--\w+")]

    expected = [(f"`--{name}`", takers(parameter)) for name, parameter in OPTIONS.items()]
    assert told == [(f"`--{MODEL}`", "both"), *expected]


def test_the_models_are_those_of_the_catalogue() -> None:
    assert rows(r"[^-`][^`]*") == [row(model) for model in CATALOG]


def test_there_are_examples_of_both_kinds() -> None:
    assert {command for command, _ in EXAMPLES} == {kind.value for kind in MediaKind}


@pytest.mark.parametrize(("command", "text"), EXAMPLES)
def test_an_example_is_accepted(command: str, text: str) -> None:
    kind = MediaKind(command)
    default_model: str = Settings.model_fields[f"default_{command}_model"].default

    request = parse(text)

    assert request.prompt
    assert choose(kind, request.options, default_model=default_model).model in CATALOG


def test_every_screenshot_is_shown() -> None:
    shown = set(re.findall(rf'(?:src|srcset)="({SCREENSHOTS}/[^"]+)"', README))

    taken = {str(file.relative_to(ROOT)) for file in (ROOT / SCREENSHOTS).iterdir()}
    assert shown == taken


def test_make_knows_every_target() -> None:
    named = set(re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE))

    targets = set(re.findall(r"^(\w+):", MAKEFILE, re.MULTILINE))
    assert {"demo", "test"} <= named <= targets
