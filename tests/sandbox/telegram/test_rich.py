"""Rich messages: blocks, tables, formulas."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramNotFound
from aiogram.types import (
    InputRichBlockList,
    InputRichBlockListItem,
    InputRichBlockMathematicalExpression,
    InputRichBlockParagraph,
    InputRichBlockTable,
    InputRichBlockUnion,
    InputRichMessage,
    Message,
    RichBlockTableCell,
    RichTextBold,
    RichTextMathematicalExpression,
)

from bot.sandbox.telegram import Chat, Person, TelegramServer
from tests.sandbox.telegram.conftest import Answer, Api

WORDS: dict[str, object] = {"type": "paragraph", "text": "word"}
CELL: dict[str, object] = {"align": "left", "valign": "top", "text": "a"}


def paragraph(text: str = "word") -> InputRichMessage:
    return InputRichMessage(blocks=[InputRichBlockParagraph(text=text)])


def nested(depth: int) -> dict[str, object]:
    return {"type": "blockquote", "blocks": [nested(depth - 1)]} if depth > 1 else WORDS


def item(**fields: object) -> dict[str, object]:
    return {"type": "list", "items": [{"blocks": [WORDS], **fields}]}


async def send(api: Api, chat: Chat, *blocks: dict[str, object]) -> Answer:
    rich: dict[str, object] = {"blocks": blocks}
    return await api.call("sendRichMessage", chat_id=chat.id, rich_message=rich)


@pytest.fixture
async def sent(bot: Bot, chat: Chat) -> Message:
    return await bot.send_rich_message(chat.id, paragraph())


async def test_people_read_a_line_for_every_block_item_and_row(bot: Bot, chat: Chat) -> None:
    power = RichTextMathematicalExpression(expression="x^2")
    bold = RichTextBold(text=["so ", power])
    cell = RichBlockTableCell(align="left", valign="top", text="a")
    empty = RichBlockTableCell(align="left", valign="top")
    second = InputRichBlockListItem(blocks=[InputRichBlockParagraph(text="b")], value=2, type="1")
    blocks: list[InputRichBlockUnion] = [
        InputRichBlockParagraph(text=bold),
        InputRichBlockMathematicalExpression(expression="y"),
        InputRichBlockTable(cells=[[cell, empty], [cell, cell]]),
        InputRichBlockList(items=[second]),
    ]

    message = await bot.send_rich_message(chat.id, InputRichMessage(blocks=blocks))

    shown = chat.messages[-1]
    assert shown.text == "so x^2\ny\na | \na | a\n2. b"
    assert [block["type"] for block in shown.blocks] == [
        "paragraph",
        "mathematical_expression",
        "table",
        "list",
    ]
    assert message.text is None
    assert message.rich_message is not None
    assert len(message.rich_message.blocks) == len(blocks)


async def test_whoever_replies_to_a_rich_message_shows_the_bot_what_it_says(
    bot: Bot, chat: Chat, ann: Person, sent: Message
) -> None:
    chat.send(ann, "why?", reply_to=chat.find(sent.message_id))

    (update,) = await bot.get_updates(offset=-1)
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.rich_message == sent.rich_message


async def test_a_text_becomes_rich_and_a_text_again(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_message(chat.id, "plain")
    shown = chat.messages[-1]

    await bot.edit_message_text(
        chat_id=chat.id, message_id=sent.message_id, rich_message=paragraph("rich")
    )
    rich = (shown.text, len(shown.blocks))
    await bot.edit_message_text("plain", chat_id=chat.id, message_id=sent.message_id)

    assert rich == ("rich", 1)
    assert (shown.text, len(shown.blocks)) == ("plain", 0)


async def test_a_rich_edit_that_changes_nothing_is_refused(bot: Bot, sent: Message) -> None:
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text(
            chat_id=sent.chat.id, message_id=sent.message_id, rich_message=paragraph()
        )


async def test_buttons_change_without_the_blocks(bot: Bot, chat: Chat, sent: Message) -> None:
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_reply_markup(chat_id=chat.id, message_id=sent.message_id)

    assert len(chat.messages[-1].blocks) == 1


async def test_a_rich_message_has_no_text_besides(api: Api, sent: Message) -> None:
    answer = await api.call(
        "editMessageText",
        chat_id=sent.chat.id,
        message_id=sent.message_id,
        text="more",
        rich_message={"blocks": [WORDS]},
    )

    assert answer.description == "Bad Request: a rich message can't have a text or a link preview"


@pytest.mark.parametrize(
    "rich",
    [
        {},
        {"html": "<b>a</b>"},
        {"markdown": "a"},
        {"markdown": "a", "blocks": [WORDS]},
        {"blocks": [WORDS], "media": []},
        {"blocks": []},
    ],
)
async def test_only_blocks_make_a_rich_message(
    api: Api, chat: Chat, rich: dict[str, object]
) -> None:
    answer = await api.call("sendRichMessage", chat_id=chat.id, rich_message=rich)

    assert answer.status == 400
    assert str(answer.description).startswith("Bad Request: ")


@pytest.mark.parametrize(
    "block",
    [
        {"type": "buttons", "buttons": []},
        {"type": "paragraph"},
        {"type": "paragraph", "text": " "},
        {"type": "paragraph", "text": "a", "size": 1},
        {"type": "paragraph", "text": {"type": "button", "text": "a"}},
        {"type": "paragraph", "text": {"type": "bold", "text": ""}},
        {"type": "paragraph", "text": {"type": "url", "text": "a", "url": "javascript:a"}},
        {"type": "paragraph", "text": "\ud800"},
        {"type": "heading", "text": "a", "size": 7},
        {"type": "mathematical_expression", "expression": ""},
        {"type": "blockquote", "blocks": []},
        {"type": "list", "items": []},
        {"type": "table", "cells": []},
        {"type": "table", "cells": [[CELL | {"align": "justify"}]]},
        item(is_checked=True),
        item(value=1),
        item(type="1"),
    ],
)
async def test_a_block_that_makes_no_sense_is_refused(
    api: Api, chat: Chat, block: dict[str, object]
) -> None:
    answer = await send(api, chat, WORDS, block)

    assert answer.status == 400
    assert str(answer.description).startswith("Bad Request: ")


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "paragraph", "text": "a" * 32_768}],
        [WORDS] * 500,
        [nested(16)],
        [{"type": "table", "cells": [[CELL] * 20]}],
    ],
)
async def test_the_limits_of_telegram_can_be_reached(
    api: Api, chat: Chat, blocks: list[dict[str, object]]
) -> None:
    assert (await send(api, chat, *blocks)).status == 200


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        ([{"type": "paragraph", "text": "a" * 32_768}, WORDS], "rich message is too long"),
        ([{"type": "paragraph", "text": "😀" * 16_385}], "rich message is too long"),
        ([WORDS] * 501, "too many blocks in the rich message"),
        ([{"type": "table", "cells": [[CELL]] * 500}], "too many blocks in the rich message"),
        ([nested(17)], "rich message is nested too deep"),
        ([{"type": "table", "cells": [[CELL] * 21]}], "too many table columns"),
    ],
)
async def test_a_rich_message_that_is_too_large_is_refused(
    api: Api, chat: Chat, blocks: list[dict[str, object]], reason: str
) -> None:
    answer = await send(api, chat, *blocks)

    assert answer.description == f"Bad Request: {reason}"


async def test_an_old_server_knows_no_rich_messages(
    bot: Bot, server: TelegramServer, chat: Chat
) -> None:
    sent = await bot.send_message(chat.id, "plain")
    server.supports_rich_messages = False

    with pytest.raises(TelegramNotFound):
        await bot.send_rich_message(chat.id, paragraph())
    with pytest.raises(TelegramBadRequest, match="message text is empty"):
        await bot.edit_message_text(
            chat_id=chat.id, message_id=sent.message_id, rich_message=paragraph()
        )
