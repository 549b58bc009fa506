"""Drafts: previews of an answer."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramNotFound

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.sandbox.telegram.errors import ImpossibleError
from tests.sandbox.telegram.conftest import Api, Clock


async def test_a_draft_grows_until_the_message_replaces_it(bot: Bot, chat: Chat) -> None:
    await bot.send_message_draft(chat.id, 7, text="Once")
    await bot.send_message_draft(chat.id, 7, text="Once upon")
    shown = chat.drafts[7].text
    await bot.send_message(chat.id, "Once upon a time.")

    assert shown == "Once upon"
    assert chat.drafts == {}


async def test_a_draft_fades_half_a_minute_after_its_last_change(
    bot: Bot, chat: Chat, clock: Clock
) -> None:
    await bot.send_message_draft(chat.id, 7, text="Once")
    clock.tick(20)
    await bot.send_message_draft(chat.id, 7, text="Once upon")

    clock.tick(20)
    assert list(chat.drafts) == [7]
    clock.tick(20)
    assert chat.drafts == {}


async def test_a_draft_may_be_empty(bot: Bot, chat: Chat) -> None:
    await bot.send_message_draft(chat.id, 7, text="")

    assert chat.drafts[7].text == ""


@pytest.mark.parametrize("keep", [True, False])
async def test_stopping_tells_the_bot_and_hides_the_draft_unless_it_is_kept(
    bot: Bot, chat: Chat, ann: Person, *, keep: bool
) -> None:
    await bot.send_message_draft(chat.id, 7, text="Once", can_stop=True, keep_on_stop=keep)
    chat.stop_draft(ann, chat.drafts[7])

    (update,) = await bot.get_updates(offset=-1)
    assert update.stopped_message_generation is not None
    assert update.stopped_message_generation.draft_id == 7
    assert update.stopped_message_generation.chat.id == chat.id
    assert bool(chat.drafts) == keep


async def test_a_draft_without_a_stop_button_cannot_be_stopped(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    await bot.send_message_draft(chat.id, 7, text="Once")

    with pytest.raises(ImpossibleError):
        chat.stop_draft(ann, chat.drafts[7])


async def test_groups_have_no_drafts(bot: Bot, group: Chat) -> None:
    with pytest.raises(TelegramBadRequest, match="TEXTDRAFT_PEER_INVALID"):
        await bot.send_message_draft(group.id, 7, text="Once")


@pytest.mark.parametrize(
    "parameters",
    [
        {"draft_id": 0},
        {},
        {"draft_id": 7, "can_stop": 1},
        {"draft_id": 7, "text": "a" * 4097},
        {"draft_id": 7, "reply_markup": {"inline_keyboard": []}},
    ],
)
async def test_a_draft_that_makes_no_sense_is_refused(
    api: Api, chat: Chat, parameters: dict[str, object]
) -> None:
    answer = await api.call("sendMessageDraft", **{"chat_id": chat.id, "text": "x", **parameters})

    assert answer.status == 400
    assert chat.drafts == {}


async def test_an_old_server_knows_no_drafts(bot: Bot, server: TelegramServer, chat: Chat) -> None:
    server.supports_drafts = False

    with pytest.raises(TelegramNotFound):
        await bot.send_message_draft(chat.id, 7, text="Once")
