from dataclasses import replace

import pytest
from aiogram import Bot

from bot.model import RUNNING, JobState, MediaJob
from bot.sandbox.telegram import Chat, Fault, FaultKind, Message, Person, TelegramServer
from bot.services.courier import Courier, Delivery, Outcome
from tests.telegram.failures import (
    UNSURE,
    Failing,
    HowItFails,
    flooded,
    forbidden,
    unreachable,
    wrong,
)
from tests.telegram.jobs import a_job, a_picture, a_result, lost, question_in, shown
from tests.telegram.seeing import by_bot, the_one

OUTCOMES = [
    *((failure, Outcome.UNSURE) for failure in UNSURE),
    *((failure, Outcome.DELAYED) for failure in (unreachable, flooded)),
    *((failure, Outcome.UNWANTED) for failure in (wrong, forbidden)),
]


@pytest.mark.parametrize("state", [JobState.CREATED, JobState.EXPIRED])
async def test_who_blocked_the_bot_does_not_want_it(
    courier: Courier, chat: Chat, ann: Person, order: Message, state: JobState
) -> None:
    chat.block(ann)
    job = a_job(question=question_in(chat, order), state=state)

    told = [await courier.show(job), await courier.deliver(a_result(), a_picture())]

    assert [delivery.outcome for delivery in told] == [Outcome.UNWANTED] * 2


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (FaultKind.SERVER_ERROR, Outcome.UNSURE),
        (FaultKind.CUT, Outcome.UNSURE),
        (FaultKind.LOST_ANSWER, Outcome.UNSURE),
        (FaultKind.RETRY_AFTER, Outcome.DELAYED),
    ],
)
async def test_what_soon_changes_again_is_tried_once(
    courier: Courier, server: TelegramServer, job: MediaJob, kind: FaultKind, outcome: Outcome
) -> None:
    server.fail(Fault(kind=kind, method="sendMessage"))

    delivery = await courier.show(job)

    assert delivery == Delivery(outcome=outcome)
    assert [call.method for call in server.calls] == ["sendMessage"]


@pytest.mark.parametrize("state", sorted(RUNNING))
async def test_whatever_runs_soon_changes_again(
    courier: Courier, server: TelegramServer, job: MediaJob, state: JobState
) -> None:
    server.fail(Fault(kind=FaultKind.RETRY_AFTER, method="sendMessage"))

    delivery = await courier.show(replace(job, state=state))

    assert delivery == Delivery(outcome=Outcome.DELAYED)
    assert [call.method for call in server.calls] == ["sendMessage"]


@pytest.mark.parametrize(("failure", "outcome"), OUTCOMES)
async def test_a_failure_says_whether_a_status_may_have_arrived(
    bot: Bot, courier: Courier, job: MediaJob, failure: HowItFails, outcome: Outcome
) -> None:
    bot.session.middleware(Failing(failure, method="sendMessage"))

    delivery = await courier.show(job)

    assert delivery == Delivery(outcome=outcome)


@pytest.mark.usefixtures("impatience")
@pytest.mark.parametrize("failure", [*UNSURE, unreachable, flooded])
async def test_a_change_that_did_not_come_through_leaves_the_status_as_it_is(
    bot: Bot, courier: Courier, chat: Chat, job: MediaJob, failure: HowItFails
) -> None:
    told = await shown(courier, job)
    failing = Failing(failure, method="editMessageText")
    bot.session.middleware(failing)

    delivery = await courier.show(replace(told, state=JobState.UNKNOWN))

    assert delivery.outcome is (Outcome.UNSURE if failure in UNSURE else Outcome.DELAYED)
    assert failing.failed == 1
    assert "Making your picture" in the_one(chat).text


async def test_a_server_that_is_away_got_nothing(
    courier: Courier, server: TelegramServer, job: MediaJob
) -> None:
    await server.close()

    delivery = await courier.show(job)

    assert delivery == Delivery(outcome=Outcome.DELAYED)


@pytest.mark.usefixtures("impatience")
@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.CUT, FaultKind.RETRY_AFTER])
@pytest.mark.parametrize("state", sorted(set(JobState) - RUNNING))
async def test_an_offer_or_an_end_is_told_in_spite_of_accidents(
    courier: Courier, server: TelegramServer, job: MediaJob, state: JobState, kind: FaultKind
) -> None:
    server.fail(Fault(kind=kind, method="sendMessage"))
    server.fail(Fault(kind=kind, method="editMessageText"))

    told = await shown(courier, replace(job, state=state))
    again = await shown(courier, told)

    assert [call.method for call in server.calls] == ["sendMessage"] * 2 + ["editMessageText"] * 2
    assert again.status_message_id == told.status_message_id


@pytest.mark.usefixtures("impatience")
async def test_an_end_whose_answers_get_lost_is_told_twice_at_most(
    courier: Courier, server: TelegramServer, chat: Chat, job: MediaJob
) -> None:
    server.fail(Fault(kind=FaultKind.LOST_ANSWER, method="sendMessage", times=5))

    delivery = await courier.show(lost(job))

    assert delivery == Delivery(outcome=Outcome.UNSURE)
    assert ["no trace" in message.text for message in by_bot(chat)] == [True, True]
