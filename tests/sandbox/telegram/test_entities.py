"""Formatting as Telegram counts it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram import Entity
from bot.sandbox.telegram.entities import accept, utf16_length, utf16_slice
from bot.sandbox.telegram.errors import ApiError

TEXT = "Hello, wide 😀 world"
STYLES = ["bold", "italic", "underline", "strikethrough", "spoiler"]
texts = st.text(st.sampled_from(" \n\tab,😀日é\u200d\u0301"), max_size=30)


def entity(kind: str, offset: int, length: int) -> Entity:
    made = Entity(type=kind, offset=offset, length=length)
    if kind == "text_link":
        made["url"] = "https://example.org"
    return made


def refusal(text: str, *entities: Entity) -> str:
    with pytest.raises(ApiError) as refused:
        accept(text, entities)
    return refused.value.description


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("  both ends \n\n", "both ends"),
        ("\u00a0kept\u3000", "\u00a0kept\u3000"),
        ("a" * 4096 + "\n", "a" * 4096),
        ("😀" * 2048, "😀" * 2048),
    ],
)
def test_whitespace_around_a_text_is_cut(text: str, shown: str) -> None:
    assert accept(text, []) == (shown, [])


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\u200b\u2060", "\u00a0\u3000", "\ufeff \u200d", "\u200b\u00a0" * 3, "\u202e"],
)
def test_a_text_that_nobody_can_see_is_empty(text: str) -> None:
    assert refusal(text) == "Bad Request: message text is empty"


@pytest.mark.parametrize("text", ["a" * 4097, "😀" * 2049, "a" + "😀" * 2048])
def test_a_text_over_4096_units_is_too_long(text: str) -> None:
    assert refusal(text) == "Bad Request: message is too long"


def test_half_a_surrogate_pair_is_no_text() -> None:
    assert refusal("\ud83d") == "Bad Request: strings must be encoded in UTF-8"


def test_formatting_moves_with_the_text() -> None:
    assert accept("\n bold tail  ", [entity("bold", 2, 4), entity("code", 7, 6)]) == (
        "bold tail",
        [entity("bold", 0, 4), entity("code", 5, 4)],
    )


def test_whitespace_inside_formatting_at_the_beginning_stays() -> None:
    assert accept("   code", [entity("pre", 1, 6)]) == ("  code", [entity("pre", 0, 6)])


def test_formatting_of_nothing_but_trailing_whitespace_vanishes() -> None:
    assert accept("word  ", [entity("bold", 4, 2)]) == ("word", [])


@pytest.mark.parametrize(
    "entities",
    [
        [entity("bold", 0, 5), entity("italic", 0, 5), entity("spoiler", 1, 2)],
        [entity("bold", 0, 5), entity("bold", 5, 2)],
        [entity("italic", 12, 2)],
        [entity("blockquote", 0, 20), entity("pre", 0, 5), entity("code", 7, 4)],
        [entity("text_link", 0, 11), entity("bold", 0, 5)],
        [entity("bold", 0, 11), entity("text_link", 0, 11)],
        [entity("expandable_blockquote", 0, 20), entity("text_link", 0, 20)],
        [entity("bold", 0, 5), entity("code", 0, 5)],
    ],
)
def test_good_nesting_is_accepted(entities: list[Entity]) -> None:
    assert {str(one) for one in accept(TEXT, entities)[1]} == {str(one) for one in entities}


@pytest.mark.parametrize(
    ("entities", "problem"),
    [
        ([entity("heading", 0, 5)], "unsupported entity type"),
        ([entity("bold", -1, 5)], "out of range"),
        ([entity("bold", 0, 0)], "out of range"),
        ([entity("bold", 0, 21)], "out of range"),
        ([entity("bold", 13, 2)], "splits a surrogate pair"),
        ([entity("bold", 11, 2)], "splits a surrogate pair"),
        ([entity("bold", 0, 5), entity("italic", 3, 5)], "crosses bold"),
        ([entity("code", 0, 5), entity("bold", 1, 2)], "inside code"),
        ([entity("pre", 0, 5), entity("text_link", 0, 3)], "inside pre"),
        ([entity("code", 0, 5), entity("code", 0, 5)], "inside code"),
        ([entity("blockquote", 0, 9), entity("expandable_blockquote", 1, 2)], "nested quotes"),
        ([entity("text_link", 0, 9), entity("text_link", 1, 2)], "inside text_link"),
        ([Entity(type="text_link", offset=0, length=1)], "wrong URL"),
        ([Entity(type="text_link", offset=0, length=1, url="javascript:x")], "wrong URL"),
        ([entity("bold", 0, 1)] * 101, "too many entities"),
    ],
)
def test_formatting_that_telegram_would_drop_is_refused(
    entities: list[Entity], problem: str
) -> None:
    assert problem in refusal(TEXT, *entities)


@given(texts, st.lists(st.tuples(st.sampled_from(STYLES), st.integers(0, 30), st.integers(0, 30))))
def test_trimming_changes_no_visible_character_and_no_covered_text(
    text: str, wishes: list[tuple[str, int, int]]
) -> None:
    entities = [entity(kind, offset, length) for kind, offset, length in wishes]
    try:
        shown, moved = accept(text, entities)
    except ApiError:
        return

    assert shown.strip(" \n\t") == text.strip(" \n\t")
    assert shown == shown.rstrip(" \n\t")
    assert covered(shown, moved) == [words for words in covered(text, entities) if words]
    assert accept(shown, moved) == (shown, moved)


def covered(text: str, entities: list[Entity]) -> list[str]:
    end = utf16_length(text.rstrip(" \n\t"))
    return sorted(
        utf16_slice(text, one["offset"], min(one["length"], end - one["offset"]))
        for one in entities
        if one["offset"] < end
    )


@given(st.text(), st.integers(0, 40))
def test_slices_of_whole_characters_join_to_the_text(text: str, cut: int) -> None:
    units = utf16_length(text[:cut])

    assert utf16_slice(text, 0, units) + utf16_slice(text, units, utf16_length(text)) == text
