import pytest
from aiogram.types import MessageEntity
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.formatted import FormattedText, is_visible
from bot.telegram.render import render, render_parts, split
from tests.telegram.entity_rules import (
    spans,
    violations,
    violations_of_entities,
    violations_of_text,
)
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


@pytest.mark.parametrize(
    ("markdown", "text", "expected"),
    [
        ("**a**", "a", [("bold", "a")]),
        ("__a__", "a", [("bold", "a")]),
        ("*a* _b_", "a b", [("italic", "a"), ("italic", "b")]),
        ("***a***", "a", [("italic", "a"), ("bold", "a")]),
        ("~~a~~", "a", [("strikethrough", "a")]),
        ("||a||", "a", [("spoiler", "a")]),
        ("||a **b**||", "a b", [("spoiler", "a b"), ("bold", "b")]),
        ("`a*b*`", "a*b*", [("code", "a*b*")]),
        ("**a *b* c**", "a b c", [("bold", "a b c"), ("italic", "b")]),
        ("**😀** *x*", "😀 x", [("bold", "😀"), ("italic", "x")]),
        ("<b>a</b> <i>b</i>", "a b", [("bold", "a"), ("italic", "b")]),
        ("<u>a</u> <s>b</s>", "a b", [("underline", "a"), ("strikethrough", "b")]),
        ("<code>a **b**</code>", "a b", [("code", "a b")]),
    ],
)
def test_styles_become_entities(markdown: str, text: str, expected: list[tuple[str, str]]) -> None:
    formatted = render(markdown)

    assert formatted.text == text
    assert spans(formatted) == expected


def test_styles_leave_code_out() -> None:
    formatted = render("**one `two` three**")

    assert formatted.text == "one two three"
    assert spans(formatted) == [("bold", "one"), ("code", "two"), ("bold", "three")]


def test_the_value_is_made_of_entities_of_the_bot_api() -> None:
    formatted = render("😀 [a](https://example.com)")

    link = MessageEntity(type="text_link", offset=3, length=1, url="https://example.com")
    assert formatted == FormattedText(text="😀 a", entities=(link,))


@pytest.mark.parametrize("level", range(1, 7))
def test_a_heading_is_bold_and_without_a_symbol(level: int) -> None:
    formatted = render("#" * level + " The **end**\n\nsoon")

    assert formatted.text == "The end\n\nsoon"
    assert spans(formatted) == [("bold", "The end")]


def test_a_code_block_keeps_its_language_and_its_lines() -> None:
    formatted = render("Look:\n```python\nif x:\n\ty()\n\nz()\n```\nDone")

    assert formatted.text == "Look:\nif x:\n    y()\n\nz()\nDone"
    assert spans(formatted) == [("pre", "if x:\n    y()\n\nz()")]
    assert formatted.entities[0].language == "python"


def test_a_code_block_is_formatted_before_it_is_closed() -> None:
    assert spans(render("```rust\nfn main() {")) == [("pre", "fn main() {")]


def test_words_after_the_language_of_a_code_block_become_its_caption() -> None:
    formatted = render("```python app.py\nx = 1\n```")

    assert formatted.text == "app.py\nx = 1"
    assert spans(formatted) == [("pre", "x = 1")]


def test_an_empty_code_block_is_an_empty_text() -> None:
    assert render("```python\n").text == ""


def test_lists_are_nested_by_indents() -> None:
    formatted = render("- one\n  - two\n    - three\n- four\n  goes on")

    assert formatted.text == "• one\n  ◦ two\n    ▪ three\n• four\n  goes on"


def test_list_numbers_are_those_of_the_author() -> None:
    formatted = render("9. nine\n8. eight\n\n   explained\n7. seven")

    assert formatted.text == "9. nine\n8. eight\n\n  explained\n7. seven"


def test_equal_list_numbers_are_counted() -> None:
    assert render("1) a\n1) b\n1) c").text == "1) a\n2) b\n3) c"


def test_tasks_are_boxes() -> None:
    assert render("- [x] done\n- [ ] to do\n\n1. [x] first").text == (
        "☑ done\n☐ to do\n\n1. ☑ first"
    )


def test_a_block_in_a_list_item_starts_on_its_own_line() -> None:
    formatted = render("1. ```sh\n   ls\n   ```\n   then\n2. > said")

    assert formatted.text == "1.\nls\n  then\n2.\nsaid"
    assert spans(formatted) == [("pre", "ls"), ("blockquote", "said")]


def test_a_list_that_begins_an_item_starts_on_its_own_line() -> None:
    assert render("- a\n- 5. b\n  6. c\n-\n- d").text == "• a\n•\n  5. b\n  6. c\n•\n• d"


def test_a_table_is_aligned() -> None:
    formatted = render("| Name | Qty |\n|:--|--:|\n| Pear | 5 |\n| `Fig` | 12 |")

    assert formatted.text == "Name | Qty\n-----+----\nPear |   5\nFig  |  12"
    assert spans(formatted) == [("pre", formatted.text)]


def test_a_table_is_aligned_by_the_width_of_its_characters() -> None:
    formatted = render("| 名前 | n |\n|--|--|\n| é | 1 |\n| 👍🏽 | 2 |\n| ❤️ | 3 |")

    assert formatted.text == "名前 | n\n-----+--\né    | 1\n👍🏽   | 2\n❤️   | 3"


def test_a_table_too_wide_for_a_phone_is_a_list_of_records() -> None:
    long = "word " * 12
    formatted = render(f"| Name | Note |\n|--|--|\n| **a** | {long}|\n| b | |")

    assert formatted.text == f"Name: a\nNote: {long.strip()}\n\nName: b\nNote: —"
    assert ("bold", "Note") in spans(formatted)


def test_links_in_a_table_can_be_opened() -> None:
    formatted = render("| Site |\n|--|\n| [a](https://example.com) |")

    assert formatted.text == "Site: a"
    assert spans(formatted) == [("bold", "Site"), ("text_link", "a")]


def test_cells_beyond_the_columns_of_a_table_are_shown() -> None:
    assert render("| a |\n|--|\n| 1 | 2 | 3 |").text == "a |\n--+------\n1 | 2 | 3"


@pytest.mark.parametrize(
    "address", ["https://example.com/a_b?c=d#e", "http://a.b:8080", "tg://user?id=1"]
)
def test_text_links_to_the_web_and_into_telegram(address: str) -> None:
    formatted = render(f"[a `b`]({address})")

    assert spans(formatted) == [("text_link", "a b")]
    assert formatted.entities[0].url == address


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "#part", "/home/a.py", "http://localhost", "https://a.b:0"]
)
def test_an_address_that_telegram_refuses_is_shown(address: str) -> None:
    formatted = render(f"[text]({address})")

    assert formatted == FormattedText(text=f"text ({address})", entities=())


def test_an_address_that_apps_find_by_themselves_is_shown() -> None:
    formatted = render("[write](mailto:a@example.com) or [call](tel:+123), <a@example.com>")

    assert formatted.text == "write (a@example.com) or call (+123), a@example.com"


def test_images_are_links() -> None:
    formatted = render("![a cat](https://example.com/cat.png) ![](https://example.com/b.png)")

    assert formatted.text == "a cat https://example.com/b.png"
    assert [kind for kind, _ in spans(formatted)] == ["text_link", "text_link"]


def test_nested_quotes_are_one() -> None:
    formatted = render("> a\n>> b\n>\n> - `c`\n\nd")

    assert formatted.text == "a\nb\n\n• c\n\nd"
    assert spans(formatted) == [("blockquote", "a\nb\n\n• c"), ("code", "c")]


def test_footnotes_stand_where_they_are_defined() -> None:
    formatted = render("fact[^1] and[^2]\n\n[^1]: a source")

    assert formatted.text == "fact[1] and[2]\n\n[1] a source"


def test_only_references_in_use_are_hidden() -> None:
    formatted = render("[note]: this\n\n[a] [b][A]\n\n[a]: https://a.com\n[A]: again")

    assert formatted.text == "[note]: this\n\na b\n[A]: again"


def test_a_rule_is_a_line() -> None:
    assert render("a\n\n---\n\nb").text == "a\n\n———————\n\nb"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("$E = mc^2$", "E = mc²"),
        (r"so \(\alpha + \beta_1 \le 3\).", "so α + β₁ ≤ 3."),
        (r"\(x\)", "x"),
        ("$$\\frac{1}{2}$$", "½"),
        ("\\[\na\n= \\sqrt{2}\n\\]", "a = √2̅"),
        ("$$\na\n- b\n$$", "a - b"),
        (r"`\(\alpha\) $x^2$`", r"\(\alpha\) $x^2$"),
        ("```\n$$x^2$$ ||a||\n```", "$$x^2$$ ||a||"),
        ("    \\[x^2\\]", "\\[x^2\\]"),
        ("```\n$x^2$ \\(y^2\\)", "$x^2$ \\(y^2\\)"),
        (r"\[see below\] \(or above\)", "[see below] (or above)"),
    ],
)
def test_formulas_are_unicode_but_not_in_code(markdown: str, text: str) -> None:
    assert render(markdown).text == text


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $7",
        "$10.49 (~$11.20)",
        "US$5/CA$7",
        "$5-$7, or $20/mo against 30$",
        "~5 to ~6",
        "a~b~c",
        "if (a || b || c)",
    ],
)
def test_money_and_other_signs_stay(text: str) -> None:
    assert render(text) == FormattedText(text=text, entities=())


@pytest.mark.parametrize(
    "text",
    [
        "Use List<int> and Map<String, List<I>>",
        "Dear <name>,",
        "<!-- to do -->",
        "<div>\nhello **there**\n</div>",
        "a </b> c <b>",
        "<a href='https://example.com'>x</a>",
    ],
)
def test_html_that_formats_nothing_stays_visible(text: str) -> None:
    assert render(text) == FormattedText(text=text, entities=())


def test_html_line_breaks_are_line_breaks() -> None:
    assert render("a<br>b<br/>c").text == "a\nb\nc"


def test_preformatted_html_is_a_code_block() -> None:
    formatted = render('<pre><code class="language-py">a &lt; b</code></pre>')

    assert spans(formatted) == [("pre", "a < b")]
    assert formatted.entities[0].language == "py"


def test_thoughts_are_folded_away() -> None:
    formatted = render("<think>\nLet me *see*.\n\n> quoted\n</think>\n\nYes.")

    assert formatted.text == "Let me see.\n\nquoted\n\nYes."
    assert spans(formatted) == [
        ("expandable_blockquote", "Let me see.\n\nquoted"),
        ("italic", "see"),
    ]


def test_thoughts_are_folded_away_while_they_go_on() -> None:
    assert spans(render("<think>\nLet me")) == [("expandable_blockquote", "Let me")]


@pytest.mark.parametrize("markdown", ["", " \n\t", "\u200b\u2060", "\x00", "&nbsp;", "**", "> "])
def test_nothing_to_see_is_no_message(markdown: str) -> None:
    parts = render_parts(markdown)

    assert [part.text for part in parts] == ([] if markdown != "**" else ["**"])


def test_what_cannot_be_sent_is_replaced() -> None:
    formatted = render("a\x00b\r\nc\ud83d d\u2028e\u202ef &#7;g")

    assert formatted.text == "a b\nc\ufffd d\nef  g"


@UNHURRIED
@given(sample=samples(templates=(*BLOCKS, *INLINES, *TORN)))
def test_no_visible_word_is_lost_or_moved(sample: Sample) -> None:
    text = render(sample.markdown).text

    position = 0
    for word in sample.words:
        assert word in text[position:], word
        position = text.index(word, position) + len(word)


@UNHURRIED
@given(sample=samples(templates=(*TABLES, *INLINES, *BLOCKS)))
def test_no_word_of_a_table_is_lost(sample: Sample) -> None:
    text = render(sample.markdown).text

    assert [word for word in sample.words if word not in text] == []


@UNHURRIED
@given(markdown=wild_markdown())
def test_any_text_becomes_valid_entities(markdown: str) -> None:
    formatted = render(markdown)

    assert violations_of_text(formatted.text) == []
    assert violations_of_entities(formatted) == []


@UNHURRIED
@given(markdown=wild_markdown(), limit=st.integers(64, 4096))
def test_any_text_becomes_messages_that_telegram_takes(markdown: str, limit: int) -> None:
    parts = render_parts(markdown, limit)

    assert [violations(part, limit) for part in parts] == [[]] * len(parts)
    assert bool(parts) == is_visible(render(markdown).text)


@UNHURRIED
@given(sample=samples(templates=(*BLOCKS, *TABLES, *INLINES, *TORN)), data=st.data())
def test_a_text_can_be_sent_wherever_its_stream_stands(
    sample: Sample, data: st.DataObject
) -> None:
    seen = sample.markdown[: data.draw(st.integers(0, len(sample.markdown)))]

    parts = split(render(seen), 64)

    assert [violations(part, 64) for part in parts] == [[]] * len(parts)


def test_deep_lists_do_not_multiply_the_text() -> None:
    assert len(render_parts("- " * 4000 + "x")) < 30
