import pytest
from aiogram.types import MessageEntity
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.formatted import FormattedText
from bot.telegram.render import MAX_MESSAGE_LENGTH, render, render_parts, split
from tests.telegram.entity_rules import Painted, paint, spans, violations
from tests.telegram.markdown_samples import UNHURRIED, wild_markdown


def plain(text: str) -> FormattedText:
    return FormattedText(text=text, entities=())


def texts(text: str, limit: int) -> list[str]:
    return [part.text for part in split(plain(text), limit)]


def test_a_text_that_fits_is_one_message() -> None:
    formatted = render("**a** and `b`")

    assert split(formatted) == [formatted]


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "\u2800 \u3164"])
def test_a_text_with_nothing_to_see_is_no_message(text: str) -> None:
    assert split(plain(text)) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One two three four.\n\nA b.\nC d.", ["One two three four.", "A b.\nC d."]),
        ("One two three four.\nFive. Six. Seven.", ["One two three four.", "Five. Six. Seven."]),
        ("One two three. Four five six seven", ["One two three.", "Four five six seven"]),
        ("One two three four five six", ["One two three four five", "six"]),
        (
            "一二三四五六七八九十。一二三四五六七八九十一二三四",
            ["一二三四五六七八九十。", "一二三四五六七八九十一二三四"],
        ),
        ("a" * 30, ["a" * 24, "a" * 6]),
    ],
)
def test_a_text_is_cut_at_the_best_place_there_is(text: str, parts: list[str]) -> None:
    assert texts(text, 24) == parts


def test_a_message_is_not_cut_short_for_a_better_place() -> None:
    assert texts("Hi.\n\n" + "word " * 6, 24) == ["Hi.\n\nword word word word", "word word"]


def test_a_word_is_not_divided_if_the_message_before_it_is_long_enough() -> None:
    assert texts("A few " + "w" * 20, 24) == ["A few", "w" * 20]


def test_lengths_are_counted_in_utf_16_units() -> None:
    parts = texts("😀" * 3000, MAX_MESSAGE_LENGTH)

    assert parts == ["😀" * 2048, "😀" * 952]


@pytest.mark.parametrize("whole", ["👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "e\u0301\u0323", "❤️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
def test_what_looks_like_one_character_is_not_divided(whole: str) -> None:
    parts = texts(whole * 40, 65)

    assert "".join(parts) == whole * 40
    assert {len(part) % len(whole) for part in parts} == {0}


def test_formatting_goes_on_in_the_next_message() -> None:
    first, second = split(render("**" + "word " * 5 + "*end***"), 16)

    assert (first.text, second.text) == ("word word word", "word word end")
    assert spans(first) == [("bold", "word word word")]
    assert spans(second) == [("bold", "word word end"), ("italic", "end")]


def test_a_link_leads_to_the_same_place_in_both_messages() -> None:
    parts = split(render("[" + "word " * 5 + "](https://example.com)"), 16)

    assert [part.entities[0].url for part in parts] == ["https://example.com"] * 2


def test_a_code_block_that_fits_is_kept_whole() -> None:
    code = "\n".join(["code"] * 8)

    before, after = render_parts(f"Some words come first.\n\n```py\n{code}\n```", 48)

    assert before == plain("Some words come first.")
    assert spans(after) == [("pre", code)]


def test_a_long_code_block_is_cut_at_line_ends() -> None:
    code = "\n".join(f"line {number}" for number in range(30))

    parts = render_parts(f"```py\n{code}\n```", 64)

    assert "\n".join(part.text for part in parts) == code
    assert [spans(part) for part in parts] == [[("pre", part.text)] for part in parts]
    assert {part.entities[0].language for part in parts} == {"py"}


def test_a_long_code_block_is_cut_between_its_blocks() -> None:
    code = "def a():\n    one()\n    two()\n\ndef b():\n    one()\n    two()"

    first, second = render_parts(f"```\n{code}\n```", 44)

    assert first.text == "def a():\n    one()\n    two()"
    assert second.text == "def b():\n    one()\n    two()"


def test_a_few_words_before_a_long_code_block_stay_with_it() -> None:
    code = "\n".join(f"line {number}" for number in range(30))

    parts = render_parts(f"Code:\n```\n{code}\n```", 80)

    assert parts[0].text.startswith("Code:\nline 0\n")


def test_a_message_has_no_more_than_100_entities() -> None:
    parts = render_parts("`a` " * 250)

    assert [len(part.entities) for part in parts] == [100, 100, 50]
    assert "".join(part.text.replace(" ", "") for part in parts) == "a" * 250


def test_an_entity_that_began_earlier_counts_in_the_next_message() -> None:
    parts = render_parts("> " + "`a` " * 150)

    assert [len(part.entities) for part in parts] == [100, 52]


def test_messages_stay_as_they_are_while_the_text_grows() -> None:
    markdown = "".join(
        f"Paragraph {number} has **bold** words.\n\n```py\ncall({number})\n\nstop()\n```\n\n"
        for number in range(12)
    )
    final = render_parts(markdown, 128)

    for length in range(len(markdown)):
        parts = render_parts(markdown[:length], 128)
        assert parts[:-1] == final[: max(len(parts) - 1, 0)]


@UNHURRIED
@given(text=st.text(st.sampled_from("ab. \n😀e\u0301🇩🇪。字\u200d"), max_size=200), data=st.data())
def test_messages_of_any_growing_text_stay_as_they_are(text: str, data: st.DataObject) -> None:
    limit = data.draw(st.integers(8, 64))
    seen = text[: data.draw(st.integers(0, len(text)))]

    parts = texts(seen, limit)

    assert parts[:-1] == texts(text, limit)[: max(len(parts) - 1, 0)]


@UNHURRIED
@given(markdown=wild_markdown(), limit=st.integers(64, 256))
def test_cutting_loses_no_character_and_no_formatting(markdown: str, limit: int) -> None:
    formatted = render(markdown)

    parts = split(formatted, limit)

    together: list[Painted] = [painted for part in parts for painted in paint(part)]
    assert together == paint(formatted)


@UNHURRIED
@given(formatted=st.text(max_size=300).map(render), limit=st.integers(64, MAX_MESSAGE_LENGTH))
def test_only_whitespace_is_lost_where_a_text_is_cut(formatted: FormattedText, limit: int) -> None:
    position = 0
    for part in split(formatted, limit):
        start = formatted.text.index(part.text, position)
        assert not formatted.text[position:start].strip()
        position = start + len(part.text)


@UNHURRIED
@given(text=st.text(st.sampled_from("a😀 \n"), min_size=1, max_size=150), data=st.data())
def test_entities_made_elsewhere_are_cut_too(text: str, data: st.DataObject) -> None:
    borders = [len(text[:index].encode("utf-16-le")) // 2 for index in range(len(text) + 1)]
    start, stop = sorted(
        data.draw(st.lists(st.sampled_from(borders), min_size=2, max_size=2, unique=True))
    )
    entity = MessageEntity(type="pre", offset=start, length=stop - start)

    parts = split(FormattedText(text=text, entities=(entity,)), 32)

    assert [violations(part, 32) for part in parts] == [[]] * len(parts)
