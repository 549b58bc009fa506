"""Orders that cost so much that their person is asked first."""

from dataclasses import replace

import pytest

from bot.sandbox.elumenta import Making
from bot.sandbox.telegram import Chat, Message
from tests.e2e.seeing import (
    DROP_IT,
    GO_AHEAD,
    NOT_OPEN,
    NOT_YOURS,
    answer,
    bodies,
    labels,
    only_this_is_left,
    pass_time,
    press,
    result,
    results,
    said_by_bot,
)
from tests.stage import Stage

QUICK = Making(takes=0.3, eta_seconds=1)
PRICES_OF_KLING = "/api/v2/models/kling-v2.1/calculate-price"


async def offer(chat: Chat, price: str = "26 tokens") -> Message:
    message = await answer(chat, price)
    assert labels(message) == [GO_AHEAD, DROP_IT]
    return message


@pytest.mark.parametrize(("seconds", "price"), [(5, "26 tokens"), (10, "52 tokens")])
async def test_a_dear_order_shows_its_exact_price_first(
    city: Stage, seconds: int, price: str
) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    words = f"comet of {seconds} seconds"
    city.elumenta.script(QUICK, contains=words)

    order = chat.send(ann, f"/video --duration {seconds} -- {words}")

    message = await offer(chat, price)
    assert message.reply_to_id == order.id
    assert city.elumenta.orders(words) == []
    await press(chat, ann, message, GO_AHEAD)
    video = await result(chat, "video")
    assert video.reply_to_id == order.id
    assert f"· {price} ·" in video.text
    await only_this_is_left(chat, video)


async def test_the_range_of_the_catalogue_is_shown_when_there_is_no_price(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.missing.add(PRICES_OF_KLING)
    city.elumenta.script(QUICK, contains="priceless sunset")

    chat.send(ann, "/video a priceless sunset")
    message = await offer(chat, "26–94 tokens")
    city.elumenta.missing.discard(PRICES_OF_KLING)

    await press(chat, ann, message, GO_AHEAD)
    await result(chat, "video")


async def test_an_offer_is_taken_once_however_often_it_is_pressed(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(QUICK, contains="one meteor", times=3)
    chat.send(ann, "/video one meteor")
    message = await offer(chat)
    as_it_was = replace(message)

    at_once = [chat.press(ann, message, GO_AHEAD) for _ in range(3)]
    told = [(await one.answer()).text for one in at_once]
    await result(chat, "video")
    late = [await press(chat, ann, as_it_was, label) for label in (GO_AHEAD, DROP_IT)]

    assert told.count(NOT_OPEN) == 2
    assert late == [NOT_OPEN, NOT_OPEN]
    await result(chat, after=chat.send(ann, "/image the end"))
    assert len(city.elumenta.orders("one meteor")) == 1
    assert [one.kind for one in results(chat)] == ["video", "photo"]


async def test_a_stranger_neither_takes_nor_drops_an_offer(city: Stage) -> None:
    ann, bob = city.telegram.person("Ann"), city.telegram.person("Bob")
    group = city.telegram.group("Bazaar", members=[ann, bob])
    city.elumenta.script(QUICK, contains="carpet that flies")
    group.send(ann, "/video a carpet that flies")
    message = await offer(group)

    told = [await press(group, bob, message, label) for label in (GO_AHEAD, DROP_IT)]

    assert told == [NOT_YOURS, NOT_YOURS]
    assert city.elumenta.orders("carpet that flies") == []
    await press(group, ann, message, GO_AHEAD)
    await result(group, "video")


async def test_a_dropped_offer_orders_nothing(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    chat.send(ann, "/video an unwanted film")
    message = await offer(chat)
    as_it_was = replace(message)

    await press(chat, ann, message, DROP_IT)

    dropped = await answer(chat, "Dropped")
    assert labels(dropped) == []
    await chat.wait(lambda chat: said_by_bot(chat) == [dropped])
    assert await press(chat, ann, as_it_was, GO_AHEAD) == NOT_OPEN
    await result(chat, after=chat.send(ann, "/image a wanted picture"))
    assert city.elumenta.orders("unwanted film") == []


async def test_an_offer_can_still_be_taken_after_a_restart(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(QUICK, contains="patient star")
    order = chat.send(ann, "/video a patient star")
    message = await offer(chat)

    await bot.kill()
    await stage.restart(bot)
    await press(chat, ann, message, GO_AHEAD)

    assert (await result(chat, "video")).reply_to_id == order.id
    assert len(stage.elumenta.charges) == 1


async def test_an_offer_expires_and_says_so(stage: Stage) -> None:
    bot = await stage.start_bot()
    people = [stage.telegram.person(name) for name in ("Ann", "Bob", "Cid")]
    chats = [stage.telegram.private_chat(person) for person in people]
    for person, chat in zip(people, chats, strict=True):
        chat.send(person, "/video a stale comet")
    offers = [await offer(chat) for chat in chats]
    seen = [replace(message) for message in offers]

    pass_time(stage, minutes=16)
    at_once = await press(chats[1], people[1], seen[1], GO_AHEAD)
    await bot.terminate()
    pass_time(stage, minutes=16)
    meanwhile = chats[2].press(people[2], seen[2], GO_AHEAD)
    await stage.restart(bot)

    for chat in chats:
        assert labels(await answer(chat, "expired")) == []
    later = await press(chats[0], people[0], seen[0], GO_AHEAD)
    assert [at_once, (await meanwhile.answer()).text, later] == [NOT_OPEN] * 3
    await result(chats[0], after=chats[0].send(people[0], "/image a fresh comet"))
    assert stage.elumenta.orders("stale comet") == []


async def test_only_what_costs_more_than_the_threshold_needs_consent(stage: Stage) -> None:
    await stage.start_bot(confirm_above="26")
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(QUICK, contains="border of price")

    chat.send(ann, "/video --duration 5 -- border of price")
    await result(chat, "video")
    chat.send(ann, "/video --duration 10 -- beyond the border")

    await offer(chat, "52 tokens")
    assert len(bodies(stage, "border")) == 1


async def test_an_offer_is_made_in_russian(city: Stage) -> None:
    olga = city.telegram.person("Ольга", language_code="ru")
    chat = city.telegram.private_chat(olga)

    chat.send(olga, "/video комета над лесом")

    message = await answer(chat, "26 токенов")
    assert len(labels(message)) == 2
    assert not {GO_AHEAD, DROP_IT} & set(labels(message))
    assert city.elumenta.orders("комета над лесом") == []
