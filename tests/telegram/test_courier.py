from dataclasses import replace

from aiogram import Bot

from bot.i18n import Translator
from bot.model import JobState, MediaJob, PriceRange
from bot.sandbox.telegram import Chat, Message, Person, TelegramServer
from bot.services.courier import Courier, Delivery, Outcome
from bot.storage.jobs import JobStore
from bot.telegram.courier import TelegramCourier
from tests.storage.orders import CHARGE, ORDER, job_in
from tests.telegram.failures import Failing, wrong
from tests.telegram.jobs import a_job, a_picture, a_result, lost, question_in, shown
from tests.telegram.program import StatusRecord
from tests.telegram.seeing import by_bot, labels, the_one

MAKING = "Making your picture"


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
    assert labels(status) == ["🔍 Look again", "🔁 Again"]
    assert record.shown == {job.id: status.id}


async def test_a_status_that_is_no_longer_true_is_taken_back(
    courier: Courier, server: TelegramServer, chat: Chat, job: MediaJob, record: StatusRecord
) -> None:
    record.is_true = False

    delivery = await courier.show(job)

    assert delivery.outcome is Outcome.DONE
    assert [call.method for call in server.calls] == ["sendMessage", "deleteMessage"]
    assert by_bot(chat) == []


async def test_the_status_of_an_order_that_was_dropped_meanwhile_is_taken_back(
    bot: Bot, translator: Translator, jobs: JobStore, chat: Chat, order: Message
) -> None:
    courier = TelegramCourier(bot, translator, jobs.show)
    new = replace(ORDER, question=question_in(chat, order))
    job = await job_in(jobs, JobState.CREATED, new)
    await jobs.drop(job.id, person_id=order.sender.id)

    await courier.show(job)

    assert by_bot(chat) == []
    assert (dropped := await jobs.get(job.id))
    assert dropped.status_message_id is None


async def test_the_status_of_an_order_that_went_on_meanwhile_stays(
    bot: Bot, translator: Translator, jobs: JobStore, chat: Chat, order: Message
) -> None:
    courier = TelegramCourier(bot, translator, jobs.show)
    new = replace(ORDER, question=question_in(chat, order))
    job = await job_in(jobs, JobState.CREATED, new)
    await jobs.begin(job, CHARGE)

    await courier.show(job)

    assert (begun := await jobs.get(job.id))
    assert begun.status_message_id == the_one(chat).id


async def test_an_offer_tells_what_is_left_and_has_its_buttons(
    courier: Courier, chat: Chat, order: Message
) -> None:
    price = PriceRange(min_tokens=26, max_tokens=26)
    job = a_job(question=question_in(chat, order), state=JobState.OFFERED, price=price)

    await courier.show(job, balance=1234, allowance=50)

    offer = the_one(chat)
    assert "26 tokens" in offer.text
    assert "1,234 tokens are left" in offer.text
    assert "50 more tokens today" in offer.text
    assert labels(offer) == ["✅ Go ahead", "✖️ Drop it"]


async def test_an_order_that_waits_for_the_rate_limit_says_so_until_it_is_made(
    courier: Courier, chat: Chat, job: MediaJob
) -> None:
    await courier.show(job, waiting_until="14:20 MSK")
    waiting = the_one(chat)
    assert "by about 14:20 MSK" in waiting.text

    await courier.show(replace(job, status_message_id=waiting.id))

    assert MAKING in the_one(chat).text


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


async def test_the_status_is_taken_away(courier: Courier, chat: Chat, order: Message) -> None:
    job = await shown(courier, a_job(question=question_in(chat, order)))

    await courier.clear(replace(job, state=JobState.DELIVERED))

    assert by_bot(chat) == []


async def test_nothing_is_taken_away_where_nothing_was_shown(
    courier: Courier, server: TelegramServer
) -> None:
    await courier.clear(a_job(state=JobState.DELIVERED))

    assert server.calls == []


async def test_a_status_that_must_stay_says_that_all_is_done(
    bot: Bot, courier: Courier, chat: Chat, order: Message
) -> None:
    job = await shown(courier, a_job(question=question_in(chat, order)))
    bot.session.middleware(Failing(wrong, method="deleteMessage"))

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
