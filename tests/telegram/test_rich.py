import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.telegram.rich import RichSupport, render_rich
from tests.telegram.markdown_samples import (
    BLOCKS,
    INLINES,
    TABLES,
    TORN,
    UNHURRIED,
    Sample,
    samples,
    wild_markdown,
)
from tests.telegram.rich_rules import addresses, read, tree, violations

CODE = ("```", "~~~", "    {}", "<pre>")
WITHOUT_CODE = tuple(block for block in BLOCKS if not any(sign in block for sign in CODE))
FORMULAS = ("${}$", "$$\n{}\n$$", "\\({}^2\\)")
TABLE = "| a | b |\n|:-:|--:|\n| c | |"


def blocks_of(markdown: str) -> list[object]:
    content = render_rich(markdown)
    assert content is not None
    return tree(content)


def paragraph(text: object) -> dict[str, object]:
    return {"type": "paragraph", "text": text}


def formula(source: str) -> dict[str, object]:
    return {"type": "mathematical_expression", "expression": source}


@pytest.mark.parametrize(
    "markdown",
    [
        "just **words** and `x`",
        "- a list\n\n> a quote",
        "costs $5 and $7",
        "",
        "$x$ and\n```py\nx\n```",
        "$x$ and\n\n    x",
        "$x$ and <pre>x</pre>",
        "$$ $$",
    ],
)
def test_an_answer_that_gains_nothing_or_has_code_stays_classic(markdown: str) -> None:
    assert render_rich(markdown) is None


def test_a_table_keeps_its_header_and_alignments() -> None:
    (table,) = blocks_of(TABLE)

    assert table == {
        "type": "table",
        "is_bordered": True,
        "cells": [
            [
                {"align": "center", "valign": "top", "text": "a", "is_header": True},
                {"align": "right", "valign": "top", "text": "b", "is_header": True},
            ],
            [
                {"align": "center", "valign": "top", "text": "c"},
                {"align": "right", "valign": "top"},
            ],
        ],
    }


def test_cells_beyond_the_columns_of_a_table_get_columns_of_their_own() -> None:
    content = render_rich("| a |\n|--|\n| 1 | 2 | 3 |")

    assert content is not None
    assert violations(content) == []
    assert read(tree(content)).split() == ["a", "1", "2", "|", "3"]


@pytest.mark.parametrize("source", ["$$x^2$$", "\\[x^2\\]", "$$\nx^2\n$$"])
def test_a_displayed_formula_stands_between_paragraphs(source: str) -> None:
    assert blocks_of(f"so\n{source}\nand") == [paragraph("so"), formula("x^2"), paragraph("and")]


def test_a_formula_in_a_line_stays_in_it() -> None:
    assert blocks_of("so **$x^2$**, \\(y\\)") == [
        paragraph(["so ", {"type": "bold", "text": formula("x^2")}, ", ", formula("y")])
    ]


def test_a_displayed_formula_inside_of_bold_words_stays_there() -> None:
    bold = {"type": "bold", "text": ["so ", formula("x^2"), " it is"]}

    assert blocks_of("**so $$x^2$$ it is**") == [paragraph(bold)]


def test_styles_are_nested_as_they_are_in_the_text() -> None:
    assert blocks_of("$x$ 😀 **a `b` c** ~~d~~ ||e|| <u>f</u>") == [
        paragraph(
            [
                formula("x"),
                " 😀 ",
                {"type": "bold", "text": "a"},
                " ",
                {"type": "code", "text": "b"},
                " ",
                {"type": "bold", "text": "c"},
                " ",
                {"type": "strikethrough", "text": "d"},
                " ",
                {"type": "spoiler", "text": "e"},
                " ",
                {"type": "underline", "text": "f"},
            ]
        )
    ]


def test_lists_keep_their_numbers_boxes_and_levels() -> None:
    (made,) = blocks_of("7. $x$\n7. b\n   - [x] c\n   - [ ] d")

    done = {"blocks": [paragraph("c")], "has_checkbox": True, "is_checked": True}
    open_task = {"blocks": [paragraph("d")], "has_checkbox": True}
    assert made == {
        "type": "list",
        "items": [
            {"blocks": [paragraph(formula("x"))], "value": 7, "type": "1"},
            {
                "blocks": [paragraph("b"), {"type": "list", "items": [done, open_task]}],
                "value": 8,
                "type": "1",
            },
        ],
    }


def test_nested_quotes_are_one() -> None:
    assert blocks_of("> a $x$\n>> b\n\nc") == [
        {"type": "blockquote", "blocks": [paragraph(["a ", formula("x")]), paragraph("b")]},
        paragraph("c"),
    ]


def test_headings_have_their_level_and_rules_divide() -> None:
    assert blocks_of("### The $x$\n\n---\n\nend") == [
        {"type": "heading", "size": 3, "text": ["The ", formula("x")]},
        {"type": "divider"},
        paragraph("end"),
    ]


def test_footnotes_stand_where_they_are_defined() -> None:
    assert blocks_of("fact[^1] $x$\n\n[^1]: a source") == [
        paragraph(["fact[1] ", formula("x")]),
        paragraph("[1] a source"),
    ]


def test_thoughts_are_folded_away_and_do_not_decide() -> None:
    assert render_rich("<think>$x$</think>yes") is None
    assert blocks_of("<think>hm `a`</think>$x$") == [
        {"type": "expandable_blockquote", "text": ["hm ", {"type": "code", "text": "a"}]},
        paragraph(formula("x")),
    ]


def test_markup_in_an_answer_is_only_text() -> None:
    text = '<tg-button url="https://a.b">x</tg-button> <a href="https://a.b">y</a>'

    (block,) = blocks_of(f"{text} $x$")

    assert list(addresses(block)) == []
    assert read(block).startswith(text)


def test_only_addresses_that_may_be_opened_are_links() -> None:
    made = blocks_of("[a](https://a.com/b) [c](javascript:d) $x$")

    assert list(addresses(made)) == ["https://a.com/b"]
    assert "c (javascript:d)" in read(made)


@pytest.mark.parametrize(
    "markdown",
    [
        "$x$ " + "word " * 6600,
        "$x$\n\n" + "a\n\n" * 500,
        "$x$\n" + "".join("  " * depth + "- a\n" for depth in range(9)),
        "|a" * 21 + "|\n" + "|-" * 21 + "|",
        "> - " * 4000 + "$x$",
    ],
)
def test_what_telegram_would_not_take_stays_classic(markdown: str) -> None:
    assert render_rich(markdown) is None


def test_an_answer_for_many_classic_messages_is_one() -> None:
    content = render_rich(f"{TABLE}\n\n" + "word " * 6000)

    assert content is not None
    assert violations(content) == []


def test_a_server_that_refused_once_is_not_asked_again() -> None:
    support = RichSupport()
    before = support.is_likely

    support.refuse()

    assert (before, support.is_likely) == (True, False)


@UNHURRIED
@given(sample=samples(templates=(*WITHOUT_CODE, *TABLES, *INLINES, *FORMULAS)))
def test_no_visible_word_is_lost_or_moved(sample: Sample) -> None:
    content = render_rich(f"{sample.markdown}\n\n$x$")
    assume(content is not None)

    assert content is not None
    text, position = read(tree(content)), 0
    for word in sample.words:
        assert word in text[position:], word
        position = text.index(word, position) + len(word)


@UNHURRIED
@given(sample=samples(templates=(*WITHOUT_CODE, *TABLES, *INLINES, *FORMULAS, *TORN)))
def test_whatever_is_rich_can_be_sent(sample: Sample) -> None:
    content = render_rich(f"{sample.markdown}\n\n$x$")
    assume(content is not None)

    assert content is not None
    assert violations(content) == []
    assert all(str(address).startswith("http") for address in addresses(tree(content)))


@UNHURRIED
@given(markdown=wild_markdown(), end=st.sampled_from(["", "\n\n$x$", f"\n\n{TABLE}"]))
def test_any_text_can_be_sent_or_stays_classic(markdown: str, end: str) -> None:
    content = render_rich(markdown + end)

    assert content is None or violations(content) == []
