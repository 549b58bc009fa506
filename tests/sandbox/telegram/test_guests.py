"""Guest queries: people summon the bot to groups that it does not belong to."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineQueryResultArticle, InputTextMessageContent, Message

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.sandbox.telegram.errors import ImpossibleError
from tests.sandbox.telegram.conftest import Api, Clock

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
WORDS = "@elumenta_bot what is this?"
ANSWER = InlineQueryResultArticle(
    id="1", title="Answer", input_message_content=InputTextMessageContent(message_text="A fox")
)


@pytest.fixture
def abroad(server: TelegramServer, ann: Person, bob: Person) -> Chat:
    """A group that the bot has never heard of."""
    return server.group("Abroad", members=[ann, bob], supergroup=True, has_bot=False)


async def summoned(bot: Bot) -> list[Message]:
    updates = await bot.get_updates()
    return [update.guest_message for update in updates if update.guest_message]


async def test_a_mention_brings_the_message_and_nothing_else_of_the_chat(
    bot: Bot, abroad: Chat, ann: Person, bob: Person
) -> None:
    abroad.send(bob, "a secret")
    picture = abroad.send(bob, "/image red fox")
    query = abroad.guest_query(ann, WORDS, reply_to=picture)

    (message,) = await summoned(bot)
    assert (message.text, message.guest_query_id) == (WORDS, query.id)
    assert (message.chat.title, message.chat.type) == ("Abroad", "supergroup")
    assert message.from_user is not None
    assert message.from_user.id == ann.id
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "/image red fox"
    assert len(await bot.get_updates()) == 1


@pytest.mark.parametrize("text", ["/chat@elumenta_bot hi", "@elumenta_bot_2 hi", "elumenta, hi"])
async def test_only_a_mention_of_the_username_summons(
    bot: Bot, abroad: Chat, ann: Person, text: str
) -> None:
    with pytest.raises(ImpossibleError, match="summons no bot"):
        abroad.guest_query(ann, text)

    assert await bot.get_updates() == []


async def test_an_edit_summons_nobody(bot: Bot, abroad: Chat, ann: Person) -> None:
    abroad.edit(ann, abroad.send(ann, "what is this?"), WORDS)

    assert await bot.get_updates() == []


async def test_a_member_is_no_guest(bot: Bot, group: Chat, ann: Person) -> None:
    group.send(ann, WORDS)

    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.guest_query_id is None


async def test_a_bot_that_left_can_be_summoned_but_not_one_that_was_thrown_out(
    bot: Bot, group: Chat, ann: Person
) -> None:
    await bot.leave_chat(group.id)
    query = group.guest_query(ann, WORDS)
    group.add_bot(ann)
    group.kick_bot()
    group.send(ann, WORDS)

    assert [message.guest_query_id for message in await summoned(bot)] == [query.id]


async def test_a_bot_that_wants_no_guest_queries_gets_none(
    bot: Bot, abroad: Chat, ann: Person
) -> None:
    await bot.get_updates(allowed_updates=["message"])
    query = abroad.guest_query(ann, WORDS)

    assert await bot.get_updates() == []
    with pytest.raises(AssertionError, match=r"what is this.*was not answered"):
        await query.answer(timeout=0.01)


async def test_an_owner_may_forbid_guest_queries() -> None:
    server = TelegramServer(supports_guest_queries=False)
    eve = server.person("Eve")
    abroad = server.group("Abroad", members=[eve], has_bot=False)

    with pytest.raises(ImpossibleError, match="summons no bot"):
        abroad.guest_query(eve, WORDS)


async def test_an_answer_appears_in_the_chat_and_a_reply_to_it_summons_again(
    bot: Bot, abroad: Chat, ann: Person
) -> None:
    query = abroad.guest_query(ann, WORDS)
    sent = await bot.answer_guest_query(query.id, ANSWER)

    answer = await query.answer()
    assert (answer.text, answer.from_bot, answer.reply_to_id) == ("A fox", True, query.message.id)
    assert answer is abroad.messages[-1]
    assert sent.inline_message_id
    again = abroad.guest_query(ann, "are you sure?", reply_to=answer)
    assert [message.guest_query_id for message in await summoned(bot)] == [query.id, again.id]


async def test_an_answer_names_who_summoned_the_bot(
    bot: Bot, abroad: Chat, ann: Person, bob: Person
) -> None:
    open_query = abroad.guest_query(ann, WORDS)
    hidden_query = abroad.guest_query(ann, WORDS, anonymous=True)
    for query in (open_query, hidden_query):
        await bot.answer_guest_query(query.id, ANSWER)
    for answer in (await open_query.answer(), await hidden_query.answer()):
        abroad.guest_query(bob, "really?", reply_to=answer)

    first, second = [message.reply_to_message for message in await summoned(bot)][2:]
    assert first is not None
    assert first.guest_bot_caller_user is not None
    assert first.guest_bot_caller_user.id == ann.id
    assert second is not None
    assert second.guest_bot_caller_user is None
    assert second.guest_bot_caller_chat is not None
    assert second.guest_bot_caller_chat.id == abroad.id


async def test_a_guest_speaks_once_and_soon(
    bot: Bot, abroad: Chat, ann: Person, clock: Clock
) -> None:
    answered, forgotten = abroad.guest_query(ann, WORDS), abroad.guest_query(ann, WORDS)
    await bot.answer_guest_query(answered.id, ANSWER)
    clock.tick(31)

    for query_id in (answered.id, forgotten.id, "1"):
        with pytest.raises(TelegramBadRequest, match=TOO_OLD):
            await bot.answer_guest_query(query_id, ANSWER)
    assert [message.text for message in abroad.messages] == [WORDS, WORDS, "A fox"]


async def test_a_guest_is_no_member(bot: Bot, abroad: Chat, ann: Person) -> None:
    abroad.guest_query(ann, WORDS)

    for call in (
        bot.send_message(abroad.id, "hi"),
        bot.get_chat(abroad.id),
        bot.leave_chat(abroad.id),
    ):
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await call


@pytest.mark.parametrize(
    ("result", "description"),
    [
        ({"type": "article", "id": "1", "title": "x"}, "input_message_content is empty"),
        ({"type": "sticker", "id": "1", "sticker_file_id": "x"}, "wrong parameter result.type"),
        ([], "wrong parameter result"),
    ],
)
async def test_an_answer_that_is_no_message_is_refused(
    api: Api, abroad: Chat, ann: Person, result: object, description: str
) -> None:
    query = abroad.guest_query(ann, WORDS)
    answer = await api.call("answerGuestQuery", guest_query_id=query.id, result=result)

    assert answer.status == 400
    assert description in str(answer.description)
    assert query.result is None
