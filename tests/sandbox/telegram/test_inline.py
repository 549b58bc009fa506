"""Inline queries: words typed after the name of the bot in any chat."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    MessageEntity,
)

from bot.sandbox.telegram import Button, Chat, Person, TelegramServer
from bot.sandbox.telegram.errors import ImpossibleError
from tests.sandbox.telegram.conftest import Api, Clock

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
CONTENT: dict[str, object] = {"message_text": "A fox"}
PLAIN: dict[str, object] = {
    "type": "article",
    "id": "1",
    "title": "Fox",
    "input_message_content": CONTENT,
}
FOX = InlineQueryResultArticle(
    id="1", title="Fox", input_message_content=InputTextMessageContent(message_text="A fox")
)


async def asked(bot: Bot) -> InlineQuery:
    (update,) = await bot.get_updates(offset=-1)
    assert update.inline_query is not None
    return update.inline_query


async def test_what_a_person_types_reaches_the_bot(
    bot: Bot, server: TelegramServer, ann: Person
) -> None:
    query = server.inline_query(ann, "a fox", offset="10")

    arrived = await asked(bot)
    assert (arrived.id, arrived.from_user.id) == (query.id, ann.id)
    assert (arrived.query, arrived.offset) == ("a fox", "10")
    assert query.is_delivered
    assert (await bot.get_me()).supports_inline_queries


async def test_the_bot_learns_what_kind_of_chat_it_is_but_not_which(
    bot: Bot, server: TelegramServer, chat: Chat, group: Chat, ann: Person
) -> None:
    kinds = []
    for place in (None, chat, group):
        server.inline_query(ann, "a fox", chat=place)
        kinds.append((await asked(bot)).chat_type)

    assert kinds == ["private", "sender", "group"]


async def test_an_answer_is_shown_to_the_person(
    bot: Bot, server: TelegramServer, ann: Person
) -> None:
    query = server.inline_query(ann, "a fox")
    fox = InlineQueryResultArticle(
        id="fox",
        title="Fox",
        description="It is red",
        input_message_content=InputTextMessageContent(
            message_text="A fox", entities=[MessageEntity(type="bold", offset=2, length=3)]
        ),
        reply_markup=InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text="More", callback_data="more")]]
        ),
    )
    await bot.answer_inline_query(
        query.id,
        [fox],
        cache_time=0,
        is_personal=True,
        next_offset="1",
        button=InlineQueryResultsButton(text="Open", start_parameter="inline"),
    )

    answer = await query.answer()
    assert (answer.button, answer.is_personal, answer.cache_seconds) == ("Open", True, 0)
    assert answer.next_offset == "1"
    (result,) = answer.results
    assert (result.id, result.title, result.description) == ("fox", "Fox", "It is red")
    assert (result.text, result.entities) == (
        "A fox",
        [{"type": "bold", "offset": 2, "length": 3}],
    )
    assert result.buttons == [[Button(text="More", callback_data="more")]]


async def test_an_answer_may_be_that_there_is_nothing(
    bot: Bot, server: TelegramServer, ann: Person
) -> None:
    query = server.inline_query(ann, "a fox")
    assert query.result is None

    await bot.answer_inline_query(query.id, [])

    assert (await query.answer()).results == ()


async def test_a_bot_that_wants_no_inline_queries_gets_none(
    bot: Bot, server: TelegramServer, ann: Person
) -> None:
    await bot.get_updates(allowed_updates=["message"])

    query = server.inline_query(ann, "a fox")

    assert not query.is_delivered
    assert await bot.get_updates() == []
    with pytest.raises(AssertionError, match="the inline query 'a fox' was not answered"):
        await query.answer(timeout=0.01)


async def test_a_query_is_answered_once_and_soon(
    bot: Bot, server: TelegramServer, ann: Person, clock: Clock
) -> None:
    answered, forgotten = server.inline_query(ann, "a fox"), server.inline_query(ann, "an owl")
    await bot.answer_inline_query(answered.id, [FOX])
    clock.tick(11)

    for query_id in (answered.id, forgotten.id, "1"):
        with pytest.raises(TelegramBadRequest, match=TOO_OLD):
            await bot.answer_inline_query(query_id, [FOX])
    assert forgotten.result is None


async def test_an_answer_that_is_not_personal_is_given_to_everybody_who_asks_the_same(
    bot: Bot, server: TelegramServer, ann: Person, bob: Person, clock: Clock
) -> None:
    first = server.inline_query(ann, "a fox")
    await bot.answer_inline_query(first.id, [FOX], cache_time=60)

    same, other = server.inline_query(bob, "a fox"), server.inline_query(bob, "an owl")
    clock.tick(60)
    late = server.inline_query(bob, "a fox")

    assert same.result == first.result
    assert [query.is_delivered for query in (same, other, late)] == [False, True, True]


async def test_a_personal_answer_is_given_again_to_the_same_person_only(
    bot: Bot, server: TelegramServer, ann: Person, bob: Person
) -> None:
    first = server.inline_query(ann, "a fox")
    await bot.answer_inline_query(first.id, [FOX], is_personal=True)

    again, other = server.inline_query(ann, "a fox"), server.inline_query(bob, "a fox")

    assert (again.result, other.result) == (first.result, None)


@pytest.mark.parametrize(
    ("result", "description"),
    [
        ({"type": "photo"}, "wrong parameter results.0.type"),
        ({"id": ""}, "RESULT_ID_EMPTY"),
        ({"id": "ж" * 33}, "RESULT_ID_INVALID"),
        ({"title": " "}, "ARTICLE_TITLE_EMPTY"),
        ({"title": None}, "wrong parameter results.0.title"),
        ({"colour": "red"}, "unexpected parameter results.0.colour"),
        ({"input_message_content": {}}, "input_message_content.message_text is empty"),
        ({"input_message_content": {"message_text": " "}}, "message text is empty"),
        ({"input_message_content": {"message_text": "a" * 4097}}, "message is too long"),
        ({"input_message_content": {**CONTENT, "parse_mode": "HTML"}}, "parse_mode is not"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "Go"}]]}}, "exactly one action"),
    ],
)
async def test_a_result_that_nobody_could_pick_is_refused(
    api: Api,
    server: TelegramServer,
    ann: Person,
    result: dict[str, object],
    description: str,
) -> None:
    query = server.inline_query(ann, "a fox")
    answer = await api.call(
        "answerInlineQuery", inline_query_id=query.id, results=[PLAIN | result]
    )

    assert answer.status == 400
    assert description in str(answer.description)
    assert query.result is None


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"results": [PLAIN, PLAIN]}, "RESULT_ID_DUPLICATE"),
        (
            {"results": [PLAIN | {"id": str(number)} for number in range(51)]},
            "too many inline query results specified",
        ),
        ({"cache_time": -1}, "wrong parameter cache_time"),
        ({"next_offset": "a" * 65}, "NEXT_OFFSET_INVALID"),
        ({"button": {"text": "Go"}}, "button.start_parameter is empty"),
        ({"button": {"text": "Go", "start_parameter": "a b"}}, "wrong parameter button"),
        ({"switch_pm_text": "Go"}, "unexpected parameter switch_pm_text"),
    ],
)
async def test_an_answer_that_makes_no_sense_is_refused(
    api: Api,
    server: TelegramServer,
    ann: Person,
    parameters: dict[str, object],
    description: str,
) -> None:
    query = server.inline_query(ann, "a fox")
    answer = await api.call(
        "answerInlineQuery", **{"inline_query_id": query.id, "results": [], **parameters}
    )

    assert answer.status == 400
    assert description in str(answer.description)
    assert query.result is None


async def test_fifty_results_and_ids_of_64_bytes_fit(
    api: Api, server: TelegramServer, ann: Person
) -> None:
    query = server.inline_query(ann, "a fox")
    results = [PLAIN | {"id": f"{number:064}"} for number in range(50)]
    answer = await api.call("answerInlineQuery", inline_query_id=query.id, results=results)

    assert answer.status == 200
    assert len((await query.answer()).results) == 50


async def test_apps_ask_short_questions_and_only_bots_that_can_be_asked(
    server: TelegramServer, ann: Person
) -> None:
    mute = TelegramServer(supports_inline_queries=False)

    with pytest.raises(ImpossibleError, match="no app asks"):
        server.inline_query(ann, "a" * 257)
    with pytest.raises(ImpossibleError, match="no app asks"):
        mute.inline_query(mute.person("Eve"), "a fox")
