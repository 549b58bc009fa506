from dataclasses import replace
from io import BytesIO

import pytest
from aiogram import Bot

from bot.model import MediaKind, MediaResult
from bot.sandbox.telegram import Chat, Fault, FaultKind, Message, Person, TelegramServer
from bot.services.courier import Courier, Delivery, Media, Outcome
from tests.telegram.failures import UNSURE, Failing, HowItFails, flooded, unreachable
from tests.telegram.jobs import (
    CAPTION,
    RESULT,
    a_picture,
    a_result,
    a_video,
    question_in,
    whole,
)
from tests.telegram.seeing import by_bot, labels, the_one


async def test_a_picture_is_a_photo_that_replies_to_its_order(
    courier: Courier, chat: Chat, order: Message
) -> None:
    picture = a_picture()
    job = a_result(question=question_in(chat, order))

    delivery = await courier.deliver(job, picture)

    photo = the_one(chat)
    assert delivery == Delivery(outcome=Outcome.DONE, message_id=photo.id)
    assert (photo.kind, photo.text, photo.reply_to_id) == ("photo", CAPTION, order.id)
    assert labels(photo) == ["🔁 Again", "📄 Send as file"]
    assert photo.file is not None
    assert photo.file.name == "flux-1.1-pro-17.png"
    assert photo.file.path.read_bytes() == whole(picture)


@pytest.mark.parametrize(
    ("picture", "name"),
    [
        (a_picture(format_="WEBP"), "flux-1.1-pro-17.webp"),
        (a_picture(size=10_000_001), "flux-1.1-pro-17.png"),
        (a_picture(width=9_990), "flux-1.1-pro-17.png"),
        (Media(file=BytesIO(b"?"), size=1, content_type=""), "flux-1.1-pro-17"),
    ],
    ids=["webp", "too big", "too wide", "unknown"],
)
async def test_what_is_no_photo_to_telegram_comes_as_a_file(
    courier: Courier, chat: Chat, order: Message, picture: Media, name: str
) -> None:
    await courier.deliver(a_result(question=question_in(chat, order)), picture)

    document = the_one(chat)
    assert (document.kind, document.text, document.reply_to_id) == ("document", CAPTION, order.id)
    assert labels(document) == ["🔁 Again"]
    assert document.file is not None
    assert document.file.name == name
    assert document.file.path.read_bytes() == whole(picture)


async def test_a_video_comes_with_its_measures(
    courier: Courier, chat: Chat, order: Message
) -> None:
    job = a_result(question=question_in(chat, order), kind=MediaKind.VIDEO, model="kling-v2.1")

    await courier.deliver(job, a_video())

    video = the_one(chat)
    assert (video.kind, labels(video)) == ("video", ["🔁 Again"])
    assert video.file is not None
    assert (video.file.width, video.file.height, video.file.duration) == (640, 360, 5)
    assert video.file.supports_streaming
    assert video.file.name == "kling-v2.1-17.mp4"


async def test_a_short_video_lasts_a_second(courier: Courier, chat: Chat, order: Message) -> None:
    result = replace(RESULT, duration_seconds=0.2)
    job = a_result(question=question_in(chat, order), kind=MediaKind.VIDEO, result=result)

    await courier.deliver(job, a_video())

    assert (file := the_one(chat).file)
    assert file.duration == 1


@pytest.mark.parametrize(
    "result",
    [
        MediaResult(url=RESULT.url),
        replace(RESULT, width=None),
        replace(RESULT, duration_seconds=None),
    ],
)
async def test_a_video_without_its_measures_comes_as_a_file(
    courier: Courier, chat: Chat, order: Message, result: MediaResult
) -> None:
    job = a_result(question=question_in(chat, order), kind=MediaKind.VIDEO, result=result)

    await courier.deliver(job, a_video())

    assert the_one(chat).kind == "document"


@pytest.mark.parametrize("kind", MediaKind)
async def test_what_cannot_be_uploaded_comes_as_a_link(
    courier: Courier, chat: Chat, order: Message, kind: MediaKind
) -> None:
    job = a_result(question=question_in(chat, order), kind=kind)

    delivery = await courier.deliver(job, None)

    message = the_one(chat)
    assert delivery == Delivery(outcome=Outcome.DONE, message_id=message.id)
    assert (message.kind, message.reply_to_id) == ("text", order.id)
    assert message.text.endswith(CAPTION)
    assert [[button.url for button in row] for row in message.buttons] == [[RESULT.url], [None]]
    assert labels(message) == ["⬇️ Download", "🔁 Again"]


async def test_where_no_media_are_allowed_a_link_will_do(
    courier: Courier, forum: Chat, ann: Person
) -> None:
    forum.forbids_media = True
    order = forum.send(ann, "/image a fox")

    await courier.deliver(a_result(question=question_in(forum, order)), a_picture())

    assert labels(the_one(forum)) == ["⬇️ Download", "🔁 Again"]


async def test_a_result_that_telegram_refuses_in_every_form_is_unwanted(
    courier: Courier, server: TelegramServer, forum: Chat, ann: Person
) -> None:
    forum.forbids_media = True
    order = forum.send(ann, "/image a fox")
    result = replace(RESULT, url="no address at all")

    delivery = await courier.deliver(
        a_result(question=question_in(forum, order), result=result), a_picture()
    )

    assert delivery == Delivery(outcome=Outcome.UNWANTED)
    assert [call.method for call in server.calls] == ["sendPhoto", "sendDocument", "sendMessage"]


async def test_an_upload_that_flood_control_held_up_is_repeated_whole(
    courier: Courier, server: TelegramServer, chat: Chat, order: Message
) -> None:
    picture = a_picture(size=1_000_000)
    server.fail(Fault(kind=FaultKind.RETRY_AFTER, method="sendPhoto"))

    delivery = await courier.deliver(a_result(question=question_in(chat, order)), picture)

    assert delivery.outcome is Outcome.DONE
    assert (file := the_one(chat).file)
    assert file.path.read_bytes() == whole(picture)


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.CUT])
async def test_a_picture_whose_upload_went_wrong_can_be_delivered_again(
    courier: Courier, server: TelegramServer, chat: Chat, order: Message, kind: FaultKind
) -> None:
    picture = a_picture(size=1_000_000)
    job = a_result(question=question_in(chat, order))
    server.fail(Fault(kind=kind, method="sendPhoto"))

    told = [await courier.deliver(job, picture) for _ in range(2)]

    assert [delivery.outcome for delivery in told] == [Outcome.UNSURE, Outcome.DONE]
    assert (file := the_one(chat).file)
    assert file.path.read_bytes() == whole(picture)


async def test_an_upload_whose_answer_gets_lost_is_sent_once(
    courier: Courier, server: TelegramServer, chat: Chat, order: Message
) -> None:
    server.fail(Fault(kind=FaultKind.LOST_ANSWER, method="sendPhoto", times=5))

    delivery = await courier.deliver(a_result(question=question_in(chat, order)), a_picture())

    assert delivery == Delivery(outcome=Outcome.UNSURE)
    assert the_one(chat).kind == "photo"


@pytest.mark.parametrize("failure", UNSURE)
async def test_an_upload_that_may_have_arrived_is_tried_once_and_in_one_form(
    bot: Bot, courier: Courier, chat: Chat, order: Message, failure: HowItFails
) -> None:
    job = a_result(question=question_in(chat, order))
    failing = [Failing(failure, method=method) for method in ("sendPhoto", "sendDocument")]
    for middleware in failing:
        bot.session.middleware(middleware)

    told = [await courier.deliver(job, a_picture()), await courier.send_file(job, a_picture())]

    assert told == [Delivery(outcome=Outcome.UNSURE)] * 2
    assert [middleware.failed for middleware in failing] == [1, 1]
    assert by_bot(chat) == []


@pytest.mark.usefixtures("impatience")
@pytest.mark.parametrize("failure", [unreachable, flooded])
async def test_an_upload_that_telegram_does_not_take_for_long_did_not_arrive(
    bot: Bot, courier: Courier, chat: Chat, order: Message, failure: HowItFails
) -> None:
    job = a_result(question=question_in(chat, order))
    failing = Failing(failure, method="sendPhoto")
    bot.session.middleware(failing)

    delivery = await courier.deliver(job, a_picture())

    assert delivery == Delivery(outcome=Outcome.DELAYED)
    assert failing.failed > 1


async def test_a_result_follows_its_group_to_the_supergroup(
    courier: Courier, server: TelegramServer, ann: Person
) -> None:
    group = server.group("Movers", members=[ann], announce=False)
    order = group.send(ann, "/image a fox")
    supergroup = group.migrate()

    await courier.deliver(a_result(question=question_in(group, order)), a_picture())

    assert the_one(supergroup).kind == "photo"


async def test_a_file_is_sent_exactly_as_it_was_made(
    courier: Courier, chat: Chat, order: Message
) -> None:
    picture = a_picture()

    delivery = await courier.send_file(a_result(question=question_in(chat, order)), picture)

    document = the_one(chat)
    assert delivery == Delivery(outcome=Outcome.DONE, message_id=document.id)
    assert (document.kind, document.reply_to_id) == ("document", order.id)
    assert document.file is not None
    assert document.file.path.read_bytes() == whole(picture)
