from dataclasses import replace

import pytest
from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.model import Failure, JobState, MediaJob, PriceRange
from bot.sandbox.telegram import Chat, Fault, FaultKind, Message, Person, TelegramServer
from bot.services.courier import Courier, Delivery, Outcome
from tests.telegram.jobs import (
    a_job,
    a_picture,
    a_result,
    question_in,
)
from tests.telegram.program import StatusRecord
from tests.telegram.seeing import by_bot, labels, the_one

MAKING = "Making your picture"


def lost(job: MediaJob) -> MediaJob:
    failure = Failure(key="error-order-lost", arguments={})
    return replace(job, state=JobState.FAILED, failure=failure)


async def shown(courier: Courier, job: MediaJob) -> MediaJob:
    """Show a job, and give it as it is stored then."""
    delivery = await courier.show(job)
    assert delivery.outcome is Outcome.DONE
    return replace(job, status_message_id=delivery.message_id)


async def test_the_first_status_replies_to_the_order_and_is_recorded(
    courier: Courier, chat: Chat, order: Message, record: StatusRecord
) -> None:
    job = a_job(question=question_in(chat, order))

    delivery = await courier.show(job)

    status = the_one(chat)
    assert delivery == Delivery(outcome=Outcome.DONE, message_id=status.id)
    assert record.shown == {job.id: status.id}
    assert (status.reply_to_id, MAKING in status.text, labels(status)) == (order.id, True, [])


async def test_a_later_status_takes_the_place_of_the_earlier_one(
    courier: Courier, chat: Chat, order: Message
) -> None:
    job = await shown(courier, a_job(question=question_in(chat, order)))

    await shown(courier, replace(job, state=JobState.UNKNOWN))

    assert "looking it up" in the_one(chat).text


async def test_a_status_that_is_shown_already_is_a_success(
    courier: Courier, chat: Chat, order: Message
) -> None:
    job = await shown(courier, a_job(question=question_in(chat, order)))

    delivery = await courier.show(job)

    assert delivery == Delivery(outcome=Outcome.DONE, message_id=the_one(chat).id)


async def test_a_status_that_is_gone_is_sent_anew(
    courier: Courier, chat: Chat, order: Message, record: StatusRecord
) -> None:
    job = await shown(courier, a_job(question=question_in(chat, order)))
    chat.delete(the_one(chat))

    await shown(courier, lost(job))

    status = the_one(chat)
    assert "no trace" in status.text
    assert labels(status) == ["🔁 Again"]
    assert record.shown == {job.id: status.id}


async def test_an_offer_tells_the_balance_and_has_its_buttons(
    courier: Courier, chat: Chat, order: Message
) -> None:
    price = PriceRange(min_tokens=26, max_tokens=26)
    job = a_job(question=question_in(chat, order), state=JobState.OFFERED, price=price)

    await courier.show(job, balance=1234)

    offer = the_one(chat)
    assert "26 tokens" in offer.text
    assert "1,234 tokens are left" in offer.text
    assert labels(offer) == ["✅ Go ahead", "✖️ Drop it"]


async def test_people_are_told_in_the_language_they_ordered_in(
    courier: Courier, chat: Chat, order: Message
) -> None:
    await courier.show(a_job(question=question_in(chat, order, language="ru")))

    assert "Рисую" in the_one(chat).text


async def test_a_deleted_order_is_no_obstacle(
    courier: Courier, chat: Chat, order: Message
) -> None:
    chat.delete(order)

    await shown(courier, a_job(question=question_in(chat, order)))

    assert the_one(chat).reply_to_id is None


async def test_everything_stays_in_its_topic(courier: Courier, forum: Chat, ann: Person) -> None:
    topic = forum.topic("Foxes")
    order = forum.send(ann, "/image a fox", thread_id=topic)

    await courier.show(a_job(question=question_in(forum, order)))
    await courier.deliver(a_result(question=question_in(forum, order)), a_picture())

    assert [message.thread_id for message in by_bot(forum)] == [topic, topic]


async def test_a_topic_that_is_gone_is_left(courier: Courier, forum: Chat, ann: Person) -> None:
    topic = forum.topic("Foxes")
    order = forum.send(ann, "/image a fox", thread_id=topic)
    del forum.topics[topic]

    await courier.show(a_job(question=question_in(forum, order)))
    await courier.deliver(a_result(question=question_in(forum, order)), a_picture())

    assert [message.thread_id for message in by_bot(forum)] == [None, None]
    assert [message.kind for message in by_bot(forum)] == ["text", "photo"]


@pytest.mark.parametrize("state", [JobState.CREATED, JobState.EXPIRED])
async def test_who_blocked_the_bot_does_not_want_it(
    courier: Courier, chat: Chat, ann: Person, order: Message, state: JobState
) -> None:
    chat.block(ann)
    job = a_job(question=question_in(chat, order), state=state)

    told = [await courier.show(job), await courier.deliver(a_result(), a_picture())]

    assert [delivery.outcome for delivery in told] == [Outcome.UNWANTED] * 2


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.RETRY_AFTER, FaultKind.CUT])
async def test_what_soon_changes_again_is_tried_once(
    courier: Courier, server: TelegramServer, chat: Chat, order: Message, kind: FaultKind
) -> None:
    server.fail(Fault(kind=kind, method="sendMessage"))

    delivery = await courier.show(a_job(question=question_in(chat, order)))

    assert delivery.outcome is Outcome.DELAYED
    assert [call.method for call in server.calls] == ["sendMessage"]


async def test_an_end_is_told_in_spite_of_accidents(
    courier: Courier, server: TelegramServer, chat: Chat, order: Message
) -> None:
    server.fail(Fault(kind=FaultKind.SERVER_ERROR, method="sendMessage"))

    await shown(courier, lost(a_job(question=question_in(chat, order))))

    assert "no trace" in the_one(chat).text


async def test_the_status_is_taken_away(courier: Courier, chat: Chat, order: Message) -> None:
    job = await shown(courier, a_job(question=question_in(chat, order)))

    await courier.clear(replace(job, state=JobState.DELIVERED))

    assert by_bot(chat) == []


async def test_nothing_is_taken_away_where_nothing_was_shown(
    courier: Courier, server: TelegramServer
) -> None:
    await courier.clear(a_job(state=JobState.DELIVERED))

    assert server.calls == []


async def refuse_to_delete(
    make_request: NextRequestMiddlewareType[TelegramType],
    bot: Bot,
    method: TelegramMethod[TelegramType],
) -> Response[TelegramType]:
    """Do as Telegram does with what it does not let bots delete."""
    if method.__api_method__ == "deleteMessage":
        raise TelegramBadRequest(method=method, message="Bad Request: message can't be deleted")
    return await make_request(bot, method)


async def test_a_status_that_must_stay_says_that_all_is_done(
    bot: Bot, courier: Courier, chat: Chat, order: Message
) -> None:
    job = await shown(courier, a_job(question=question_in(chat, order)))
    bot.session.middleware(refuse_to_delete)

    await courier.clear(replace(job, state=JobState.DELIVERED))

    assert the_one(chat).text == "✅ Your picture is ready."


async def test_a_status_that_is_gone_or_unwanted_is_let_be(
    courier: Courier, chat: Chat, ann: Person, order: Message
) -> None:
    job = await shown(courier, a_job(question=question_in(chat, order)))
    done = replace(job, state=JobState.DELIVERED)
    chat.delete(the_one(chat))

    await courier.clear(done)
    chat.block(ann)
    await courier.clear(done)

    assert by_bot(chat) == []
