import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Chat as TelegramChat

from bot.errors import NotAllowedHere
from bot.model import ConversationKey, Question
from bot.sandbox.telegram import Chat, Person
from bot.services.access import AccessService
from bot.settings import GroupControl
from bot.storage.access import AccessStore
from bot.storage.engine import Database
from bot.telegram.rights import Rights
from tests.storage.questions import QUESTION
from tests.telegram.failures import Failing, HowItFails, forbidden, wrong


class Calls(BaseRequestMiddleware):
    """Counts what Telegram is asked."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        self.made[method.__api_method__] += 1
        return await make_request(bot, method)


@pytest.fixture
def access(database: Database, olga: Person) -> AccessService:
    return AccessService(
        AccessStore(database), open_to_all=True, admin_ids={olga.id}, allowed_ids=frozenset()
    )


@pytest.fixture
def rights(bot: Bot, access: AccessService) -> Rights:
    return Rights(bot, access, control=GroupControl.ADMINS)


@pytest.fixture
async def calls(bot: Bot) -> AsyncIterator[Calls]:
    calls = Calls()
    bot.session.middleware(calls)
    yield calls
    bot.session.middleware.unregister(calls)


def seen(chat: Chat) -> TelegramChat:
    """The chat as updates describe it."""
    return TelegramChat(id=chat.id, type=chat.type.value)


def asked(chat: Chat, person: Person) -> Question:
    """What somebody asked there."""
    return replace(QUESTION, key=ConversationKey(chat_id=chat.id), person_id=person.id)


async def test_in_private_whoever_is_there_decides(
    rights: Rights, chat: Chat, ann: Person, calls: Calls
) -> None:
    assert await rights.may_decide(chat=seen(chat), person_id=ann.id)
    assert not calls.made


async def test_in_a_group_its_admins_decide_and_nobody_else(
    rights: Rights, square: Chat, zoe: Person, ann: Person
) -> None:
    square.members.append(ann)

    assert await rights.may_decide(chat=seen(square), person_id=zoe.id)
    assert not await rights.may_decide(chat=seen(square), person_id=ann.id)
    with pytest.raises(NotAllowedHere):
        await rights.require(chat=seen(square), person_id=ann.id)


async def test_an_admin_who_hides_in_the_group_decides_and_other_chats_do_not(
    rights: Rights, square: Chat
) -> None:
    assert await rights.may_decide(chat=seen(square), person_id=square.id)
    assert not await rights.may_decide(chat=seen(square), person_id=square.id - 1)
    assert not await rights.may_decide(chat=seen(square), person_id=None)


async def test_an_owner_of_the_bot_decides_in_any_group(
    rights: Rights, square: Chat, olga: Person, calls: Calls
) -> None:
    assert await rights.may_decide(chat=seen(square), person_id=olga.id)
    assert not calls.made


async def test_everybody_decides_where_the_settings_say_so(
    bot: Bot, access: AccessService, square: Chat, ann: Person
) -> None:
    rights = Rights(bot, access, control=GroupControl.EVERYBODY)

    assert await rights.may_decide(chat=seen(square), person_id=ann.id)
    assert not await rights.is_group_admin(chat_id=square.id, person_id=ann.id)


async def test_many_who_ask_at_once_have_telegram_asked_once(
    rights: Rights, square: Chat, zoe: Person, ann: Person, calls: Calls
) -> None:
    asked = [zoe.id, ann.id] * 5

    told = await asyncio.gather(
        *(rights.is_group_admin(chat_id=square.id, person_id=one) for one in asked)
    )
    told.append(await rights.is_group_admin(chat_id=square.id, person_id=zoe.id))

    assert told == [True, False] * 5 + [True]
    assert calls.made == {"getChatAdministrators": 1}


@pytest.mark.parametrize("failure", [wrong, forbidden])
async def test_nobody_is_an_admin_while_telegram_does_not_tell(
    bot: Bot, rights: Rights, square: Chat, zoe: Person, failure: HowItFails
) -> None:
    failing = Failing(failure, method="getChatAdministrators")
    bot.session.middleware(failing)

    told = await rights.is_group_admin(chat_id=square.id, person_id=zoe.id)
    bot.session.middleware.unregister(failing)

    assert not told
    assert await rights.is_group_admin(chat_id=square.id, person_id=zoe.id)


async def test_admins_act_for_everybody_in_their_group_and_others_for_themselves(
    rights: Rights, square: Chat, zoe: Person, ann: Person
) -> None:
    by_admin = await rights.acting_for(asked(square, ann), person_id=zoe.id)
    by_ann = await rights.acting_for(asked(square, ann), person_id=ann.id)
    by_other = await rights.acting_for(asked(square, zoe), person_id=ann.id)

    assert (by_admin, by_ann, by_other) == (ann.id, ann.id, ann.id)


async def test_in_private_nobody_acts_for_anybody_else(
    rights: Rights, chat: Chat, ann: Person, zoe: Person, calls: Calls
) -> None:
    assert await rights.acting_for(asked(chat, ann), person_id=zoe.id) == zoe.id
    assert not calls.made
