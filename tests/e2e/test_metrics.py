"""What the operator sees of what people did."""

import asyncio

from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.seeing import PATIENCE_SECONDS, answer, result
from tests.stage import BotProcess, Stage, free_port


async def scrape(bot: BotProcess) -> str:
    async with ClientSession() as session, session.get(f"{bot.url}/metrics") as response:
        return await response.text()


def told(text: str) -> dict[str, float]:
    """Give what is told, by name and labels."""
    return {
        ", ".join([one.name.removeprefix("elumenta_bot_"), *one.labels.values()]): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


async def test_what_people_did_is_counted_and_nothing_that_they_said(stage: Stage) -> None:
    bot = await stage.start_bot(http_port=str(free_port()))
    person = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(person)

    await answer(chat, after=chat.send(person, "a word in confidence"))
    chat.send(person, "/image a secret fox")
    await result(chat)
    expected = {
        "updates_total, polling": 2,
        "handling_seconds_count, message": 2,
        "answers_total, answered": 1,
        "first_words_seconds_count": 1,
        "whole_answer_seconds_count": 1,
        "elumenta_requests_total, stream, 200": 1,
        "elumenta_requests_total, generate, 200": 1,
        "telegram_calls_total, sendPhoto, ok": 1,
        "deliveries_total, done": 1,
        "orders_total, image, delivered": 1,
        "updates_waiting": 0,
        "replicas": 1,
        "check_ok, updates": 1,
        "check_ok, database": 1,
        "check_ok, media": 1,
    }

    # An order ends a moment after its person has seen it.
    text = await scrape(bot)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not told(text).items() >= expected.items():
            await asyncio.sleep(0.1)
            text = await scrape(bot)
    assert told(text)["tokens_total, image"] > 0
    assert told(text)["balance_tokens"] > 0
    for private in (str(person.id), "confidence", "fox", "Ann", stage.elumenta.api_key):
        assert private not in text
