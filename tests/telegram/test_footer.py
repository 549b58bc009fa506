import pytest
from aiogram.types import InputRichBlockFooter, InputRichBlockParagraph, MessageEntity

from bot.telegram.footer import with_footer, with_rich_footer
from bot.telegram.formatted import FormattedText, RichContent
from bot.telegram.render import render, render_parts
from bot.telegram.split import MAX_MESSAGE_LENGTH
from tests.telegram.entity_rules import spans, violations
from tests.telegram.rich_rules import violations as rich_violations

FOOTER = "GPT-5 · 12 tokens"


def test_the_footer_stands_apart_under_the_last_message() -> None:
    first, last = render("one"), render("😀 **two**")

    made = with_footer([first, last], FOOTER)

    assert made[0] == first
    assert made[1].text == f"😀 two\n\n{FOOTER}"
    assert spans(made[1]) == [("bold", "two"), ("italic", FOOTER)]


@pytest.mark.parametrize("markdown", ["x" * MAX_MESSAGE_LENGTH, "**a** b " * 100])
def test_a_footer_without_room_is_a_message_of_its_own(markdown: str) -> None:
    parts = render_parts(markdown)

    made = with_footer(parts, FOOTER)

    assert made[:-1] == parts
    assert made[-1] == FormattedText(
        text=FOOTER, entities=(MessageEntity(type="italic", offset=0, length=len(FOOTER)),)
    )


@pytest.mark.parametrize("length", range(4070, 4097))
def test_every_message_with_a_footer_can_be_sent(length: int) -> None:
    made = with_footer(render_parts("x" * length), FOOTER)

    assert [violations(part, MAX_MESSAGE_LENGTH) for part in made] == [[]] * len(made)


def test_a_footer_without_an_answer_is_alone() -> None:
    (made,) = with_footer([], FOOTER)

    assert made.text == FOOTER


def test_a_rich_message_has_a_footer_of_its_kind() -> None:
    content = RichContent(blocks=(InputRichBlockParagraph(text="a"),))

    made = with_rich_footer(content, FOOTER)

    assert made == [RichContent(blocks=(*content.blocks, InputRichBlockFooter(text=FOOTER)))]


def test_a_full_rich_message_leaves_its_footer_to_another() -> None:
    content = RichContent(blocks=(InputRichBlockParagraph(text="a" * 32_768),))

    made = with_rich_footer(content, FOOTER)

    assert rich_violations(content) == []
    assert made == [content, *with_footer([], FOOTER)]
