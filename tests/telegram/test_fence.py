"""A replica that may have been taken for dead says nothing."""

import pytest
from aiogram import Bot

from bot.sandbox.telegram import Chat, TelegramServer
from bot.telegram.fence import Fence, Silenced


async def test_no_call_is_made_while_others_may_see_to_the_chats(
    server: TelegramServer, bot: Bot, chat: Chat
) -> None:
    answers = iter((True, False, False, True))
    bot.session.middleware(Fence(answers.__next__))

    await bot.send_message(chat.id, "mine")
    for _ in range(2):
        with pytest.raises(Silenced):
            await bot.send_message(chat.id, "not mine any more")
    await bot.send_message(chat.id, "mine again")

    assert [one.text for one in chat.messages if one.from_bot] == ["mine", "mine again"]
    assert len(server.calls) == 2
