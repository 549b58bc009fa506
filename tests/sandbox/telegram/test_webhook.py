"""Updates that are posted to the bot."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError
from aiohttp import ClientSession, web

from bot.sandbox.telegram import DELIVERY, Chat, Fault, FaultKind, Person, TelegramServer
from bot.sandbox.telegram.errors import ImpossibleError
from tests.sandbox.telegram.conftest import Api, Clock
from tests.sandbox.telegram.receiver import Receiver

SECRET = "abc-DEF_123"
DAY_SECONDS = 24 * 60 * 60


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.close()


async def confirmed(server: TelegramServer) -> None:
    """Wait until the bot has acknowledged everything."""
    async with asyncio.timeout(20):
        while server.waiting_updates:  # noqa: ASYNC110 - deliveries send no events
            await asyncio.sleep(0.01)


async def test_updates_are_posted_with_the_secret_and_confirmed_by_success(
    bot: Bot, server: TelegramServer, receiver: Receiver, chat: Chat, ann: Person
) -> None:
    await bot.set_webhook(receiver.url, secret_token=SECRET)

    chat.send(ann, "hello")
    await receiver.received(2)
    await confirmed(server)

    texts = [json.loads(body)["message"]["text"] for body in receiver.bodies]
    assert texts == ["/start", "hello"]
    secrets = {headers["X-Telegram-Bot-Api-Secret-Token"] for headers in receiver.headers}
    assert secrets == {SECRET}
    assert [(one.status, one.error) for one in server.webhook_deliveries] == [(200, "")] * 2


async def test_without_a_secret_there_is_no_header(
    bot: Bot, receiver: Receiver, chat: Chat
) -> None:
    await bot.set_webhook(receiver.url)

    await receiver.received(len(chat.messages))

    assert "X-Telegram-Bot-Api-Secret-Token" not in receiver.headers[0]


async def test_the_next_update_of_a_chat_waits_until_the_one_before_is_acknowledged(
    bot: Bot, server: TelegramServer, receiver: Receiver, chat: Chat, ann: Person
) -> None:
    receiver.answers = [web.Response(status=503), web.Response(status=500)]
    await bot.set_webhook(receiver.url)

    chat.send(ann, "second")
    await receiver.received(4)
    await confirmed(server)

    first, second = sorted(set(receiver.ids))
    assert receiver.ids == [first, first, first, second]
    assert receiver.most_at_once == 1


async def test_chats_do_not_wait_for_each_other_but_for_a_free_connection(
    bot: Bot, server: TelegramServer, receiver: Receiver
) -> None:
    receiver.gate.clear()
    await bot.set_webhook(receiver.url, max_connections=3)
    for number in range(5):
        person = server.person(f"P{number}")
        server.private_chat(person).send(person, "hello")

    await receiver.received(3)
    receiver.gate.set()
    await receiver.received(5)
    await confirmed(server)

    assert receiver.most_at_once == 3
    assert set(receiver.times.values()) == {1}


@pytest.mark.parametrize(
    ("update", "chat_id"),
    [
        ({"edited_message": {"chat": {"id": -7}, "from": {"id": 5}}}, -7),
        ({"callback_query": {"from": {"id": 5}, "message": {"chat": {"id": -7}}}}, -7),
        ({"callback_query": {"from": {"id": 5}, "inline_message_id": "1"}}, 5),
        ({"inline_query": {"from": {"id": 5}}}, 5),
        ({"poll_answer": {"user": {"id": 5}}}, 5),
        ({"poll": {"id": "1"}}, 0),
    ],
)
async def test_an_update_belongs_to_its_chat_or_else_to_its_person(
    bot: Bot,
    server: TelegramServer,
    receiver: Receiver,
    update: dict[str, object],
    chat_id: int,
) -> None:
    await bot.set_webhook(receiver.url)

    server.push(update)
    await confirmed(server)

    assert [one.chat_id for one in server.webhook_deliveries] == [chat_id]


async def test_an_error_is_told_until_another_address_is_set(
    bot: Bot, server: TelegramServer, receiver: Receiver, chat: Chat
) -> None:
    receiver.answers = [web.Response(status=401)]
    await bot.set_webhook(receiver.url)
    await receiver.received(1 + len(chat.messages))
    await confirmed(server)

    told = await bot.get_webhook_info()
    await bot.set_webhook(f"{receiver.url}?another")
    afterwards = await bot.get_webhook_info()

    assert told.last_error_message == "Wrong response from the webhook: 401 Unauthorized"
    assert told.last_error_date is not None
    assert afterwards.last_error_message is None


async def test_a_redirect_is_not_followed(
    bot: Bot, server: TelegramServer, receiver: Receiver, chat: Chat
) -> None:
    receiver.answers = [web.Response(status=302, headers={"Location": receiver.url})]
    await bot.set_webhook(receiver.url)

    await receiver.received(1 + len(chat.messages))

    assert server.webhook_deliveries[0].error == "Wrong response from the webhook: 302 Found"


async def test_an_answer_that_is_a_call_does_not_pass(
    bot: Bot, server: TelegramServer, receiver: Receiver, chat: Chat
) -> None:
    receiver.answers = [web.json_response({"method": "sendMessage", "chat_id": chat.id})]
    await bot.set_webhook(receiver.url)

    await receiver.received(2)

    assert "makes no calls" in server.webhook_deliveries[0].error


async def test_an_update_waits_for_a_bot_that_is_not_there(
    bot: Bot, server: TelegramServer, receiver: Receiver, chat: Chat
) -> None:
    await receiver.close()
    await bot.set_webhook(receiver.url)
    async with asyncio.timeout(20):
        while (await bot.get_webhook_info()).last_error_message != "Connection refused":  # noqa: ASYNC110 - deliveries send no events
            await asyncio.sleep(0.01)

    await receiver.start()
    await receiver.received(len(chat.messages))

    await confirmed(server)


async def test_a_bot_that_does_not_answer_in_time_gets_the_update_again(
    receiver: Receiver,
) -> None:
    server = TelegramServer(patience_seconds=0.1)
    await server.start()
    ann = server.person("Ann")
    receiver.gate.clear()
    async with ClientSession() as session:
        await Api(server, session).call("setWebhook", url=receiver.url)
    server.private_chat(ann).send(ann, "hello")
    await receiver.received(2)

    receiver.gate.set()
    await confirmed(server)

    assert server.webhook_deliveries[0].error == "Read timeout expired"
    assert len(receiver.times) == 1
    await server.close()


async def test_a_lost_acknowledgement_posts_the_update_once_more(
    bot: Bot, server: TelegramServer, receiver: Receiver, chat: Chat
) -> None:
    server.fail(Fault(kind=FaultKind.LOST_ANSWER, method=DELIVERY, chat_id=chat.id))

    await bot.set_webhook(receiver.url)
    await receiver.received(2)
    await confirmed(server)

    assert list(receiver.times.values()) == [2]


async def test_a_delivery_that_is_cut_off_comes_later(
    bot: Bot, server: TelegramServer, receiver: Receiver, chat: Chat
) -> None:
    server.fail(Fault(kind=FaultKind.CUT, method=DELIVERY, chat_id=chat.id, times=2))

    await bot.set_webhook(receiver.url)
    await receiver.received(1)
    await confirmed(server)

    assert [one.status for one in server.webhook_deliveries] == [None, None, 200]


async def test_a_slow_delivery_holds_up_its_own_chat_only(
    bot: Bot, server: TelegramServer, receiver: Receiver, chat: Chat, bob: Person
) -> None:
    server.fail(Fault(kind=FaultKind.DELAY, method=DELIVERY, chat_id=chat.id, seconds=0.3))
    await bot.set_webhook(receiver.url)

    server.private_chat(bob).send(bob, "me first")
    await receiver.received(2)

    assert "me first" in receiver.bodies[0]


@pytest.mark.usefixtures("chat")
async def test_calls_do_not_use_up_the_faults_of_deliveries(
    bot: Bot, server: TelegramServer, receiver: Receiver
) -> None:
    server.fail(Fault(kind=FaultKind.CUT, method=DELIVERY))
    server.fail(Fault(kind=FaultKind.DELAY, seconds=0))

    await bot.set_webhook(receiver.url)
    await receiver.received(1)

    assert server.webhook_deliveries[0].error == "Connection refused"


@pytest.mark.parametrize("kind", [FaultKind.RETRY_AFTER, FaultKind.SERVER_ERROR])
def test_a_delivery_cannot_fail_as_a_call_does(server: TelegramServer, kind: FaultKind) -> None:
    with pytest.raises(ImpossibleError, match="delivery"):
        server.fail(Fault(kind=kind, method=DELIVERY))


async def test_while_telegram_is_gone_it_posts_nothing(
    bot: Bot, server: TelegramServer, receiver: Receiver, chat: Chat, ann: Person
) -> None:
    await bot.set_webhook(receiver.url)
    await receiver.received(1)
    await confirmed(server)
    server.down = True
    chat.send(ann, "anybody?")

    server.down = False
    await receiver.received(2)

    await confirmed(server)


async def test_a_webhook_and_a_poll_exclude_each_other(
    bot: Bot, server: TelegramServer, receiver: Receiver
) -> None:
    async with asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(refused(bot))
        await server.polled(10)
        await bot.set_webhook(receiver.url)
    while_set = await refused(bot)
    await bot.delete_webhook()

    assert "terminated by setWebhook request" in poll.result()
    assert "can't use getUpdates method while webhook is active" in while_set
    assert await bot.get_updates() == []


async def refused(bot: Bot) -> str:
    with pytest.raises(TelegramConflictError) as refusal:
        await bot.get_updates(timeout=50)
    return str(refusal.value)


@pytest.mark.usefixtures("chat")
async def test_what_a_webhook_did_not_acknowledge_is_polled_for(
    bot: Bot, server: TelegramServer, receiver: Receiver
) -> None:
    receiver.answers = [web.Response(status=503)] * 20
    await bot.set_webhook(receiver.url)
    await receiver.received(1)

    await bot.set_webhook("")

    (update,) = await bot.get_updates()
    assert update.update_id == receiver.ids[0]
    assert server.webhook is None


async def test_the_webhook_says_how_it_is_set(
    bot: Bot, server: TelegramServer, receiver: Receiver
) -> None:
    before = await bot.get_webhook_info()
    await bot.set_webhook(
        receiver.url, ip_address="127.0.0.1", max_connections=7, allowed_updates=["message"]
    )

    after = await bot.get_webhook_info()

    assert (before.url, before.max_connections) == ("", None)
    assert (after.url, after.max_connections) == (receiver.url, 7)
    assert (after.ip_address, after.allowed_updates) == ("127.0.0.1", ["message"])
    assert after.has_custom_certificate is False
    assert server.webhook is not None
    assert server.webhook.url == receiver.url


async def test_an_address_can_be_given_for_the_host(
    bot: Bot, receiver: Receiver, chat: Chat
) -> None:
    await bot.set_webhook(f"http://nowhere.invalid:{receiver.port}/hook", ip_address="127.0.0.1")

    await receiver.received(len(chat.messages))

    assert receiver.headers[0]["Host"] == f"nowhere.invalid:{receiver.port}"


async def test_what_waits_can_be_dropped(bot: Bot, receiver: Receiver, chat: Chat) -> None:
    await bot.set_webhook(receiver.url, drop_pending_updates=True)

    chat.send(chat.members[0], "after")
    await receiver.received(1)

    assert "after" in receiver.bodies[0]


async def test_updates_are_kept_for_a_day(bot: Bot, chat: Chat, clock: Clock) -> None:
    clock.tick(DAY_SECONDS - 10)
    chat.send(chat.members[0], "new")

    clock.tick(20)

    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "new"


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"url": "https://"}, "An HTTPS URL must be provided"),
        ({"url": "ftp://example.org"}, "An HTTPS URL must be provided"),
        ({"url": "https://example.org:port"}, "invalid webhook URL specified"),
        ({"secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"secret_token": ""}, "secret token contains unallowed characters"),
        ({"secret_token": "a" * 257}, "secret token is too long"),
        ({"max_connections": 0}, "max_connections"),
        ({"max_connections": 101}, "max_connections"),
        ({"allowed_updates": ["mesage"]}, "allowed_updates"),
        ({"ip_address": "nowhere"}, "ip_address"),
        ({"certificate": "PEM"}, "unexpected parameter certificate"),
    ],
)
async def test_a_webhook_that_makes_no_sense_is_refused(
    api: Api, server: TelegramServer, parameters: dict[str, object], problem: str
) -> None:
    answer = await api.call("setWebhook", **{"url": "https://example.org", **parameters})

    assert answer.status == 400
    assert problem in str(answer.description)
    assert server.webhook is None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://example.org/hook", "An HTTPS URL must be provided for webhook"),
        ("https://example.org:8080/hook", "only on ports 80, 88, 443 or 8443"),
    ],
)
async def test_the_server_of_telegram_itself_wants_https_on_usual_ports(
    url: str, problem: str
) -> None:
    server = TelegramServer(is_local=False)
    await server.start()

    async with ClientSession() as session:
        api = Api(server, session)
        refused = await api.call("setWebhook", url=url)
        accepted = await api.call("setWebhook", url="https://example.org:8443/hook")

    assert refused.status == 400
    assert problem in str(refused.description)
    assert accepted.result is True
    await server.close()


@pytest.mark.usefixtures("chat")
async def test_the_rest_is_posted_when_the_server_is_back(
    bot: Bot, server: TelegramServer, receiver: Receiver
) -> None:
    receiver.gate.clear()
    await bot.set_webhook(receiver.url)
    await receiver.received(1)

    await server.close()
    receiver.gate.set()
    await server.start()

    await receiver.received(2)
    await confirmed(server)
