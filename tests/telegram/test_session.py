from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import (
    DeleteMessage,
    Response,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendRichMessage,
    SendVideo,
)
from aiogram.types import InputRichBlockParagraph, InputRichMessage

from bot.telegram.pacer import Pacer
from bot.telegram.session import Delivery, LiveSend, may_have_arrived
from tests.telegram.failures import (
    CERTAIN,
    UNSURE,
    HowItFails,
    Method,
    broken,
    flooded,
    lost,
    moved,
    too_large,
    unreachable,
    wrong,
)

pytestmark = pytest.mark.usefixtures("impatience")

SEND = SendMessage(chat_id=7, text="hi")
UPLOADS = [
    SendPhoto(chat_id=7, photo="file-id"),
    SendVideo(chat_id=7, video="file-id"),
    SendDocument(chat_id=7, document="file-id"),
]
RICH = SendRichMessage(
    chat_id=7, rich_message=InputRichMessage(blocks=[InputRichBlockParagraph(text="hi")])
)
NEW_MESSAGES = [SEND, RICH, *UPLOADS]


class Telegram:
    """Fails as told, then accepts everything."""

    def __init__(self, *failures: HowItFails) -> None:
        self.failures = list(failures)
        self.received: list[Method] = []

    async def __call__(self, _bot: Bot, method: Method) -> Response[Any]:
        self.received.append(method)
        if self.failures:
            raise self.failures.pop(0)(method)
        return Response[Any](ok=True)


async def deliver(telegram: Telegram, method: Method, pacer: Pacer | None = None) -> None:
    bot = Bot("123456789:" + "a" * 35)
    await Delivery(pacer or Pacer())(telegram, bot, method)


async def test_what_was_never_sent_is_sent_until_it_arrives() -> None:
    telegram = Telegram(*[unreachable] * 5)

    await deliver(telegram, SEND)

    assert len(telegram.received) == 6


@pytest.mark.parametrize("failure", UNSURE)
def test_after_an_answer_that_never_came_nobody_knows(failure: HowItFails) -> None:
    assert may_have_arrived(failure(SEND))


@pytest.mark.parametrize("failure", CERTAIN)
def test_what_telegram_refused_or_never_heard_did_not_arrive(failure: HowItFails) -> None:
    assert not may_have_arrived(failure(SEND))


@pytest.mark.parametrize("failure", UNSURE)
async def test_a_text_that_may_have_arrived_is_sent_twice_at_most(
    hasty: Pacer, failure: HowItFails
) -> None:
    telegram = Telegram(*[failure] * 5)

    with pytest.raises(AiogramError):
        await deliver(telegram, SEND, hasty)

    assert telegram.received == [SEND] * 2


@pytest.mark.parametrize("failure", UNSURE)
@pytest.mark.parametrize("upload", UPLOADS)
async def test_an_upload_that_may_have_arrived_is_not_repeated(
    failure: HowItFails, upload: Method
) -> None:
    telegram = Telegram(failure)

    with pytest.raises(AiogramError) as caught:
        await deliver(telegram, upload)

    assert may_have_arrived(caught.value)
    assert telegram.received == [upload]


@pytest.mark.parametrize("upload", UPLOADS)
async def test_an_upload_that_certainly_did_not_arrive_is_repeated(
    hasty: Pacer, upload: Method
) -> None:
    telegram = Telegram(unreachable, flooded, unreachable, flooded)

    await deliver(telegram, upload, hasty)

    assert telegram.received == [upload] * 5


async def test_what_may_be_done_twice_is_repeated_freely() -> None:
    telegram = Telegram(lost, broken, lost, broken)

    await deliver(telegram, DeleteMessage(chat_id=7, message_id=1))

    assert len(telegram.received) == 5


async def test_flood_control_is_waited_out() -> None:
    telegram = Telegram(flooded, flooded)

    await deliver(telegram, SEND)

    assert len(telegram.received) == 3


async def test_a_call_to_a_group_that_moved_goes_where_it_went() -> None:
    telegram = Telegram(moved)

    await deliver(telegram, SendMessage(chat_id=-5, text="hi"))

    assert [getattr(call, "chat_id", None) for call in telegram.received] == [-5, -100]


@pytest.mark.parametrize("failure", [unreachable, lost, flooded, broken])
async def test_frames_are_never_repeated(
    failure: HowItFails,
) -> None:
    telegram = Telegram(failure)

    with pytest.raises((TelegramNetworkError, TelegramRetryAfter, TelegramServerError)):
        await deliver(telegram, LiveSend(chat_id=7, text="hi"))

    assert len(telegram.received) == 1


@pytest.mark.parametrize("failure", [wrong, too_large])
async def test_a_mistake_of_ours_is_not_repeated(failure: HowItFails) -> None:
    telegram = Telegram(failure)

    with pytest.raises((TelegramBadRequest, TelegramEntityTooLarge)):
        await deliver(telegram, NEW_MESSAGES[-1])

    assert len(telegram.received) == 1


@pytest.mark.parametrize("message", NEW_MESSAGES)
async def test_every_new_message_counts_towards_the_pace_of_its_chat(message: Method) -> None:
    pacer = Pacer(clock=lambda: 0)

    await deliver(Telegram(), message, pacer)

    assert pacer.delay(7, keep=1) > 0
