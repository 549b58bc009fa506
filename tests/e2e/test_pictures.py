import re

import pytest

from bot.sandbox.elumenta import Making
from bot.sandbox.telegram import Fault, FaultKind
from tests.e2e.seeing import (
    AGAIN,
    AS_FILE,
    NOT_YOURS,
    answer,
    bodies,
    file_of,
    labels,
    only_this_is_left,
    press,
    result,
    results,
    said_by_bot,
)
from tests.stage import Stage


async def test_a_picture_is_the_reply_to_its_order(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Making(takes=1, seed=42), contains="fox at dawn")

    order = chat.send(ann, "/image a fox at dawn")

    status = await answer(chat, "Making your picture with flux-1.1-pro; usually ready in 20 sec")
    photo = await result(chat)
    assert photo.reply_to_id == order.id
    assert re.fullmatch(r"flux-1\.1-pro · 4 tokens · seed 42 · \d+ s", photo.text)
    assert labels(photo) == [AGAIN, AS_FILE]
    await only_this_is_left(chat, photo)
    assert {one.message_id for one in chat.history} == {order.id, status.id, photo.id}


async def test_the_picture_is_the_one_that_the_service_made(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Making(size_bytes=123_456), contains="exact picture")

    chat.send(ann, "/image an exact picture")

    file = file_of(await result(chat))
    assert (file.mime_type, file.size) == ("image/png", 123_456)


async def test_a_picture_comes_to_the_topic_it_was_ordered_in(city: Stage) -> None:
    ann, bob = city.telegram.person("Ann"), city.telegram.person("Bob")
    forum = city.telegram.group("Painters", members=[ann, bob], forum=True, announce=False)
    topic = forum.topic("Foxes")

    order = forum.send(bob, f"/image@{city.telegram.username} foxes", thread_id=topic)

    photo = await result(forum)
    assert (photo.reply_to_id, photo.thread_id) == (order.id, topic)
    assert {one.thread_id for one in said_by_bot(forum)} == {topic}


async def test_a_group_gets_its_picture(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Gallery", members=[ann])

    order = group.send(ann, "/image a still life")

    assert (await result(group)).reply_to_id == order.id


async def test_an_upload_is_shown_while_the_picture_is_made(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Making(takes=2), contains="slow snail")

    chat.send(ann, "/image a slow snail")

    await chat.wait(lambda chat: any(one.action == "upload_photo" for one in chat.actions))
    await result(chat)


async def test_every_option_reaches_the_service(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    words = "portrait of a fox"

    chat.send(
        ann,
        f"/image --model flux-1.1-pro --size 768x1344 --seed 42 --no blurry, distorted -- {words}",
    )

    photo = await result(chat)
    params = {"size": "768x1344", "seed": 42, "negative_prompt": "blurry, distorted"}
    assert bodies(city, words) == [
        {"model": "flux-1.1-pro", "prompt": words, "params": {**params, "format": "png"}}
    ]
    assert "seed 42" in photo.text
    assert (file_of(photo).width, file_of(photo).height) == (768, 1344)


async def test_an_order_that_is_delivered_twice_is_made_once(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    order = chat.send(ann, "/image the only phoenix")
    await result(chat)

    chat.redeliver(order)
    await result(chat, after=chat.send(ann, "/image another bird"))

    assert len(city.elumenta.orders("only phoenix")) == 1


async def test_again_makes_one_more_however_often_it_is_pressed(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    order = chat.send(ann, "/image --seed 5 twin peaks")
    first = await result(chat)

    at_once = [chat.press(ann, first, AGAIN) for _ in range(3)]
    for one in at_once:
        await one.answer()
    second = await result(chat, after=first)
    await press(chat, ann, second, AGAIN)
    third = await result(chat, after=second)

    assert [one.reply_to_id for one in (first, second, third)] == [order.id] * 3
    asked = bodies(city, "twin peaks")
    assert len(asked) == 3
    assert asked[0] == asked[1] == asked[2]


@pytest.mark.parametrize(
    ("button", "told"), [(AGAIN, "Ordering the same again"), (AS_FILE, "The file is on its way")]
)
async def test_a_press_counts_though_telegram_has_not_told_yet_that_the_picture_is_there(
    city: Stage, button: str, told: str
) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    late = Fault(kind=FaultKind.LATE_ANSWER, method="sendPhoto", chat_id=chat.id, seconds=2)
    city.telegram.fail(late)
    chat.send(ann, "/image early birds")
    photo = await result(chat)

    assert await press(chat, ann, photo, button) == told

    await result(chat, "photo" if button == AGAIN else "document", after=photo)


async def test_a_strangers_press_makes_and_sends_nothing(city: Stage) -> None:
    ann, bob = city.telegram.person("Ann"), city.telegram.person("Bob")
    group = city.telegram.group("Envy", members=[ann, bob])
    group.send(ann, "/image the envied vase")
    photo = await result(group)

    told = [await press(group, bob, photo, label) for label in (AGAIN, AS_FILE)]

    assert told == [NOT_YOURS, NOT_YOURS]
    await result(group, after=group.send(bob, "/image a vase of my own"))
    assert len(city.elumenta.orders("envied vase")) == 1
    assert [one.kind for one in results(group)] == ["photo", "photo"]


async def test_the_file_is_the_very_bytes_and_is_sent_once(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Making(size_bytes=234_567), contains="file of it")
    order = chat.send(ann, "/image a file of it")
    photo = await result(chat)

    for one in [chat.press(ann, photo, AS_FILE) for _ in range(2)]:
        await one.answer()

    document = await result(chat, "document")
    assert document.reply_to_id == order.id
    assert file_of(document).sha256 == file_of(photo).sha256
    assert (file_of(document).size, file_of(document).mime_type) == (234_567, "image/png")
    await result(chat, after=chat.send(ann, "/image something else"))
    assert [one.kind for one in results(chat)] == ["photo", "document", "photo"]
    assert len(city.elumenta.orders("file of it")) == 1


async def test_a_file_that_could_not_be_sent_can_be_asked_for_again(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    fault = Fault(kind=FaultKind.SERVER_ERROR, method="sendDocument", chat_id=chat.id)
    city.telegram.fail(fault)
    chat.send(ann, "/image an unwilling file")
    photo = await result(chat)

    await press(chat, ann, photo, AS_FILE)
    await answer(chat, "could not send the file")
    await press(chat, ann, photo, AS_FILE)

    assert file_of(await result(chat, "document")).sha256 == file_of(photo).sha256
    assert len(city.elumenta.orders("unwilling file")) == 1


async def test_a_picture_is_answered_in_russian(city: Stage) -> None:
    olga = city.telegram.person("Ольга", language_code="ru")
    chat = city.telegram.private_chat(olga)
    city.elumenta.script(Making(takes=1, seed=3), contains="лиса в снегу")

    chat.send(olga, "/image лиса в снегу")

    await chat.wait(lambda chat: any("flux-1.1-pro" in one.text for one in said_by_bot(chat)))
    photo = await result(chat)
    assert "4 токена" in photo.text
    for one in chat.history:
        assert "picture" not in one.text
        assert "tokens" not in one.text
    assert all(re.search("[а-яё]", label) for label in labels(photo))
