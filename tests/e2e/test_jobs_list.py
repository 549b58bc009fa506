"""`/jobs`: what runs and what ran in a chat."""

import re

from bot.sandbox.elumenta import Making, Reply
from bot.sandbox.telegram import Chat, Message, Person
from tests.e2e.seeing import (
    LOOK_AGAIN,
    NOT_YOURS,
    answer,
    labels,
    lose_patience,
    pass_time,
    press,
    result,
    results,
)
from tests.stage import Stage

TITLE = "Pictures and videos here"
CHEAP = "--model luma-ray2-flash"
LONG = Making(takes=600, eta_seconds=600)


async def jobs_list(chat: Chat, person: Person) -> Message:
    return await chat.reply_to(chat.send(person, "/jobs"))


def numbers(message: Message) -> list[str]:
    return re.findall(r"#(\d+)", message.text)


async def test_the_list_of_a_chat_without_orders_says_so(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)

    message = await jobs_list(chat, ann)

    assert "nothing" in message.text
    assert labels(message) == []


async def test_running_and_finished_orders_are_listed_the_newest_first(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Making(fails="No paint left"), contains="failing easel")
    city.elumenta.script(LONG, contains="endless road")
    chat.send(ann, "/image a finished desk")
    await result(chat)
    chat.send(ann, "/image a failing easel")
    await answer(chat, "No paint left")
    chat.send(ann, f"/video {CHEAP} an endless road")
    await answer(chat, "Making your video")

    message = await jobs_list(chat, ann)

    assert TITLE in message.text
    found = numbers(message)
    assert found == sorted(found, key=int, reverse=True)
    assert len(found) == 3
    assert labels(message) == [f"✖️ Drop #{found[0]}"]


async def test_the_list_is_of_this_chat_and_this_topic_only(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    forum = city.telegram.group("Archive", members=[ann], supergroup=True, forum=True)
    topic, other = forum.topic("Maps"), forum.topic("Stamps")
    forum.send(ann, "/image a map of the sea", thread_id=topic)
    await result(forum)

    at_home = await jobs_list(chat, ann)
    elsewhere = await forum.reply_to(forum.send(ann, "/jobs", thread_id=other))
    here = await forum.reply_to(forum.send(ann, "/jobs", thread_id=topic))

    assert "nothing" in at_home.text
    assert "nothing" in elsewhere.text
    assert len(numbers(here)) == 1
    assert here.thread_id == topic


async def test_a_dropped_order_is_not_waited_for_and_can_be_looked_at_again(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Making(takes=1, eta_seconds=4), contains="dropped anchor")
    city.elumenta.script(Making(takes=1, eta_seconds=5), contains="later anchor")
    order = chat.send(ann, f"/video {CHEAP} a dropped anchor")
    status = await answer(chat, "Making your video")
    running = await jobs_list(chat, ann)
    (number,) = numbers(running)

    await press(chat, ann, running, f"✖️ Drop #{number}")

    dropped = await answer(chat, "no longer waiting")
    assert dropped.id == status.id
    assert "cannot be cancelled" in dropped.text
    chat.send(ann, f"/video {CHEAP} a later anchor")
    video = await result(chat, "video")
    assert video.reply_to_id != order.id
    listed = await jobs_list(chat, ann)
    assert f"{LOOK_AGAIN} #{number}" in labels(listed)
    for one in [chat.press(ann, listed, f"{LOOK_AGAIN} #{number}") for _ in range(2)]:
        await one.answer()
    assert (await result(chat, "video", after=video)).reply_to_id == order.id
    await answer(chat, "#", after=chat.send(ann, "/jobs"))
    assert len(results(chat)) == 2
    assert len(city.elumenta.orders("dropped anchor")) == 1


async def test_a_stranger_cannot_drop(city: Stage) -> None:
    ann, bob = city.telegram.person("Ann"), city.telegram.person("Bob")
    group = city.telegram.group("Harbour", members=[ann, bob])
    city.elumenta.script(Making(takes=2, eta_seconds=4), contains="held ship")
    order = group.send(ann, f"/video {CHEAP} a held ship")
    await answer(group, "Making your video")
    listed = await jobs_list(group, bob)

    told = await press(group, bob, listed, f"✖️ Drop #{numbers(listed)[0]}")

    assert told == NOT_YOURS
    assert (await result(group, "video")).reply_to_id == order.id


async def test_a_delivered_order_cannot_be_dropped_any_more(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Making(takes=0.5, eta_seconds=4), contains="swift ship")
    chat.send(ann, f"/video {CHEAP} a swift ship")
    await answer(chat, "Making your video")
    listed = await jobs_list(chat, ann)
    await result(chat, "video")

    told = await press(chat, ann, listed, f"✖️ Drop #{numbers(listed)[0]}")

    assert told == NOT_YOURS
    assert len(results(chat)) == 1


async def test_an_order_that_is_not_made_in_time_can_be_looked_at_again(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(Making(takes=0.2, eta_seconds=1), contains="late train")
    stage.elumenta.script_polls(Reply(status=500), contains="late train", times=2)
    order = chat.send(ann, f"/video {CHEAP} a late train")
    await stage.until(lambda: bool(stage.elumenta.polls("late train")))
    await bot.terminate()

    pass_time(stage, minutes=46)
    lose_patience(stage)
    await stage.restart(bot)

    expired = await answer(chat, "/jobs")
    assert "45 minutes" in expired.text
    assert labels(expired) == [LOOK_AGAIN]
    listed = await jobs_list(chat, ann)
    assert labels(listed) == [f"{LOOK_AGAIN} #{numbers(listed)[0]}"]
    await press(chat, ann, expired, LOOK_AGAIN)
    assert (await result(chat, "video")).reply_to_id == order.id
    assert len(stage.elumenta.orders("late train")) == 1
    assert len(stage.elumenta.charges) == 1


async def test_the_list_is_told_in_russian(city: Stage) -> None:
    olga = city.telegram.person("Ольга", language_code="ru")
    chat = city.telegram.private_chat(olga)
    city.elumenta.script(LONG, contains="бесконечная дорога")
    chat.send(olga, f"/video {CHEAP} бесконечная дорога")
    await chat.wait(lambda chat: any(one.from_bot for one in chat.messages))

    message = await jobs_list(chat, olga)

    assert TITLE not in message.text
    assert len(numbers(message)) == 1
    (label,) = labels(message)
    assert re.search("[а-яё]", label)
