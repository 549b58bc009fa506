import re

from bot.sandbox.elumenta import Making
from tests.e2e.seeing import (
    AGAIN,
    GO_AHEAD,
    answer,
    file_of,
    labels,
    only_this_is_left,
    press,
    result,
    said_by_bot,
)
from tests.stage import Stage

CHEAP = "--model luma-ray2-flash"
"""Below the price that needs consent."""
QUICK = Making(takes=0.3, eta_seconds=1)


async def test_a_video_is_the_reply_to_its_order(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Making(takes=0.5, eta_seconds=2), contains="kite in the wind")

    order = chat.send(ann, f"/video {CHEAP} a kite in the wind")

    status = await answer(chat, "Making your video with luma-ray2-flash")
    video = await result(chat, "video")
    assert video.reply_to_id == order.id
    assert re.fullmatch(r"luma-ray2-flash · 15 tokens · (seed \d+ · )?\d+ s", video.text)
    assert labels(video) == [AGAIN]
    await only_this_is_left(chat, video)
    assert {one.message_id for one in chat.history} == {order.id, status.id, video.id}


async def test_a_video_comes_with_its_size_its_duration_and_ready_to_stream(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(QUICK, contains="upright waterfall")

    chat.send(ann, f"/video {CHEAP} --aspect 9:16 -- upright waterfall")

    file = file_of(await result(chat, "video"))
    assert file.supports_streaming
    assert file.duration == 5
    assert file.width is not None
    assert file.height is not None
    assert file.width * 16 == file.height * 9
    assert file.mime_type == "video/mp4"


async def test_a_video_comes_to_the_topic_it_was_ordered_in(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    forum = city.telegram.group("Films", members=[ann], forum=True, announce=False)
    topic = forum.topic("Sea")
    city.elumenta.script(QUICK, contains="rolling waves")

    order = forum.send(ann, f"/video {CHEAP} rolling waves", thread_id=topic)

    video = await result(forum, "video")
    assert (video.reply_to_id, video.thread_id) == (order.id, topic)
    assert {one.thread_id for one in said_by_bot(forum)} == {topic}


async def test_a_recording_is_shown_while_the_video_is_made(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Making(takes=2, eta_seconds=4), contains="lazy river")

    chat.send(ann, f"/video {CHEAP} a lazy river")

    await chat.wait(lambda chat: any(one.action == "record_video" for one in chat.actions))
    await result(chat, "video")


async def test_a_video_that_costs_more_is_offered_again_before_it_is_made_again(
    city: Stage,
) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(QUICK, contains="dear comet", times=2)
    chat.send(ann, "/video a dear comet")
    await press(chat, ann, await answer(chat, "26 tokens"), GO_AHEAD)
    video = await result(chat, "video")
    await only_this_is_left(chat, video)

    await press(chat, ann, video, AGAIN)

    offer = await answer(chat, "26 tokens", after=video)
    assert len(city.elumenta.orders("dear comet")) == 1
    await press(chat, ann, offer, GO_AHEAD)
    await result(chat, "video", after=video)
    assert len(city.elumenta.orders("dear comet")) == 2


async def test_a_video_is_answered_in_russian(city: Stage) -> None:
    olga = city.telegram.person("Ольга", language_code="ru")
    chat = city.telegram.private_chat(olga)
    city.elumenta.script(QUICK, contains="река весной")

    chat.send(olga, f"/video {CHEAP} река весной")

    video = await result(chat, "video")
    assert "15 токенов" in video.text
    assert not any("Making" in one.text for one in chat.history)
