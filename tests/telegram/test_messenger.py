import pytest
from aiogram import Bot

from bot.i18n import Translator
from bot.model import ConversationKey
from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.services.messenger import Note
from bot.telegram.messenger import TelegramMessenger
from tests.telegram.failures import CERTAIN, UNSURE, Failing, HowItFails
from tests.telegram.seeing import by_bot, the_one

NOTE = Note(key="balance-account", arguments={"tokens": 99})


@pytest.fixture
def messenger(bot: Bot, translator: Translator) -> TelegramMessenger:
    return TelegramMessenger(bot, translator)


async def test_people_are_told_in_their_language(messenger: TelegramMessenger, chat: Chat) -> None:
    key = ConversationKey(chat_id=chat.id)

    has_arrived = [
        await messenger.tell(key, NOTE, language=language) for language in ("ru", "en", None)
    ]

    assert has_arrived == [True, True, True]
    assert [one.text for one in by_bot(chat)] == [
        "💰 На счёте осталось 99 токенов.",
        "💰 The account has 99 tokens left.",
        "💰 The account has 99 tokens left.",
    ]


@pytest.mark.parametrize("is_quiet", [True, False])
async def test_only_a_quiet_note_makes_no_sound(
    messenger: TelegramMessenger, server: TelegramServer, chat: Chat, *, is_quiet: bool
) -> None:
    key = ConversationKey(chat_id=chat.id)

    await messenger.tell(key, NOTE, language="en", is_quiet=is_quiet)

    (call,) = server.calls
    assert call.parameters.get("disable_notification", False) == is_quiet


async def test_a_note_goes_to_its_topic(
    messenger: TelegramMessenger, forum: Chat, ann: Person
) -> None:
    topic = forum.topic("Foxes")

    await messenger.tell(ConversationKey(chat_id=forum.id, thread_id=topic), NOTE, language="en")

    assert (the_one(forum).thread_id, ann in forum.members) == (topic, True)


async def test_who_blocked_the_bot_cannot_be_told(
    messenger: TelegramMessenger, chat: Chat, ann: Person
) -> None:
    chat.block(ann)

    assert not await messenger.tell(ConversationKey(chat_id=chat.id), NOTE, language="en")


@pytest.mark.usefixtures("impatience")
@pytest.mark.parametrize("failure", [*CERTAIN, *UNSURE])
async def test_a_failure_is_an_answer(
    bot: Bot, messenger: TelegramMessenger, chat: Chat, failure: HowItFails
) -> None:
    bot.session.middleware(Failing(failure, method="sendMessage"))

    assert not await messenger.tell(ConversationKey(chat_id=chat.id), NOTE, language="en")
