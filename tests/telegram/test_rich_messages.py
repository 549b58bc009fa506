"""Answers in a chat whose server takes rich messages, or does not."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest

from bot.sandbox.telegram import Chat, Message, Person, TelegramServer
from bot.telegram.addressing import quoted_text
from bot.telegram.answer_messages import AnswerMessages
from bot.telegram.render import render_parts
from bot.telegram.rich import RichSupport, rich_parts
from tests.telegram.jobs import question_in

TABLE = "| fruit | price |\n|--|--:|\n| **pear** | 5 |"
LONG = f"{TABLE}\n\n" + "word " * 3000


class Reply:
    """An answer to what somebody wrote, and what is known of the server."""

    def __init__(self, bot: Bot, chat: Chat, asked: Message, support: RichSupport) -> None:
        self.ids: list[int] = []
        self._messages = AnswerMessages(
            bot, question_in(chat, asked), self._record, support, is_reply=True
        )

    async def stream(self, markdown: str) -> None:
        while await self._messages.step(render_parts(markdown), is_live=True):
            pass

    async def show(self, markdown: str) -> None:
        await self._messages.show(
            render_parts(markdown),
            keyboard=None,
            is_enough=lambda: False,
            rich=rich_parts(markdown, "small print"),
        )

    async def _record(self, part: int, message_id: int) -> None:
        self.ids[part:] = [message_id]


@pytest.fixture
def support() -> RichSupport:
    return RichSupport()


@pytest.fixture
def reply(bot: Bot, chat: Chat, support: RichSupport) -> Reply:
    return Reply(bot, chat, chat.messages[-1], support)


def kinds(message: Message) -> list[object]:
    return [block["type"] for block in message.blocks]


def rich_calls(server: TelegramServer) -> int:
    return sum("rich_message" in call.parameters for call in server.calls)


async def test_a_table_is_sent_as_one_rich_message(chat: Chat, reply: Reply) -> None:
    question = chat.messages[-1]

    await reply.show(TABLE)

    (answer,) = chat.messages[1:]
    assert kinds(answer) == ["table", "footer"]
    assert answer.text == "fruit | price\npear | 5\nsmall print"
    assert answer.reply_to_id == question.id
    assert reply.ids == [answer.id]


async def test_what_was_streamed_becomes_one_rich_message(chat: Chat, reply: Reply) -> None:
    await reply.stream(LONG)
    streamed = chat.messages[1:]

    await reply.show(LONG)

    assert len(streamed) > 3
    assert chat.messages[1:] == streamed[:1]
    assert kinds(streamed[0]) == ["table", "paragraph", "footer"]


async def test_a_rich_message_goes_to_the_topic_of_the_question(
    bot: Bot, forum: Chat, ann: Person, support: RichSupport
) -> None:
    topic = forum.topic("Fruit")
    reply = Reply(bot, forum, forum.send(ann, "prices?", thread_id=topic), support)

    await reply.show(TABLE)

    assert (forum.messages[-1].thread_id, kinds(forum.messages[-1])[0]) == (topic, "table")


async def test_a_message_that_is_gone_is_sent_again_as_a_rich_one(
    chat: Chat, reply: Reply, support: RichSupport
) -> None:
    await reply.stream("thinking")
    chat.delete(chat.messages[-1])

    await reply.show(TABLE)

    assert kinds(chat.messages[-1]) == ["table", "footer"]
    assert support.is_likely


async def test_an_old_server_gets_a_classic_message_and_is_not_asked_again(
    bot: Bot, server: TelegramServer, chat: Chat, reply: Reply, support: RichSupport
) -> None:
    server.supports_rich_messages = False
    await reply.stream("fruit")

    await reply.show(TABLE)

    (answer,) = chat.messages[1:]
    assert answer.text == "fruit | price\n------+------\npear  |     5"
    asked = rich_calls(server)
    await Reply(bot, chat, chat.messages[0], support).show(TABLE)
    assert rich_calls(server) == asked
    assert chat.messages[-1].text == answer.text


async def test_a_chat_that_takes_nothing_at_all_says_nothing_about_the_server(
    bot: Bot, chat: Chat, porch: Chat, support: RichSupport
) -> None:
    elsewhere = Reply(bot, porch, chat.messages[0], support)

    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await elsewhere.show(TABLE)

    assert support.is_likely


async def test_a_reply_to_a_rich_message_quotes_what_it_says(
    bot: Bot, chat: Chat, ann: Person, reply: Reply
) -> None:
    await reply.show(f"1. first\n   - inner $x^2$\n\n> said\n\n{TABLE}")

    chat.send(ann, "why?", reply_to=chat.messages[-1])

    (update,) = await bot.get_updates(offset=-1)
    assert update.message is not None
    assert quoted_text(update.message) == (
        "1. first\n• inner x^2\nsaid\nfruit | price\npear | 5\nsmall print"
    )
