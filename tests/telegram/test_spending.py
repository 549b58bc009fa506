from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.model import ExpenseKind, ExpenseOutcome
from bot.sandbox.telegram import Chat, Message, Person, TelegramServer
from bot.storage.engine import Database
from tests.storage.orders import Clock
from tests.telegram.failures import Failing, wrong
from tests.telegram.seeing import by_bot, the_one
from tests.telegram.till import Till, open_till

IN_AN_HOUR = "1795255200"
"""2026-11-21 13:00 in Moscow, which is an hour after the clock's first moment."""

HEADERS = {
    "X-RateLimit-Limit-Hour": "100",
    "X-RateLimit-Remaining-Hour": "74",
    "X-RateLimit-Limit-Day": "1000",
    "X-RateLimit-Remaining-Day": "512",
    "X-RateLimit-Reset-Hour": IN_AN_HOUR,
}
VIP = {"token_balance": 4210, "plan": "vip", "plan_expires_at": "2027-03-05T00:00:00Z"}
MIDNIGHT = "00:00 MSK"


@pytest.fixture
def olga(server: TelegramServer) -> Person:
    """The owner."""
    return server.person("Olga")


@pytest.fixture
def home(server: TelegramServer, olga: Person) -> Chat:
    """The owner's private chat."""
    return server.private_chat(olga)


@pytest.fixture
def club(server: TelegramServer, olga: Person, ann: Person) -> Chat:
    return server.group("Club", members=[olga, ann], announce=False)


@pytest.fixture
async def till(bot: Bot, database: Database, clock: Clock, olga: Person) -> AsyncIterator[Till]:
    """Nobody is limited."""
    async with open_till(bot, database, clock, owner=olga) as till:
        yield till


@pytest.fixture
async def frugal(bot: Bot, database: Database, clock: Clock, olga: Person) -> AsyncIterator[Till]:
    """A person may spend 50 tokens a day, a group 80, all together 1,000."""
    async with open_till(
        bot, database, clock, owner=olga, user_daily=50, chat_daily=80, daily=1000
    ) as till:
        yield till


async def test_an_owner_sees_the_account_and_what_all_spent(
    till: Till, home: Chat, chat: Chat, club: Chat
) -> None:
    olga, ann = club.members
    till.account.body, till.account.headers = VIP, HEADERS
    await till.spend(2, by=ann, where=chat)
    await till.spend(1004, by=olga, where=club, kind=ExpenseKind.IMAGE)
    await till.spend(93, by=ann, where=club, kind=ExpenseKind.VIDEO, days_ago=20)
    await till.spend(500, by=ann, where=club, days_ago=21)

    told = await till.told(home, olga, "/balance")

    assert told.splitlines() == [
        "💰 The account has 4,210 tokens left.",
        "Plan: vip, until 2027-03-05 03:00 MSK",
        "",
        "Spent today: 1,006 tokens (answers 2, pictures 1,004)",
        "Spent this month: 1,099 tokens (answers 2, pictures 1,004, videos 93)",
        "",
        "Requests left this hour: 74 of 100, renewed at 13:00 MSK",
        "Requests left today: 512 of 1,000",
    ]


async def test_an_owner_reads_russian(
    bot: Bot, database: Database, clock: Clock, server: TelegramServer
) -> None:
    oleg = server.person("Олег", language_code="ru")
    async with open_till(bot, database, clock, owner=oleg) as till:
        till.account.body, till.account.headers = VIP, HEADERS

        told = await till.told(server.private_chat(oleg), oleg, "/balance")

    assert told.splitlines() == [
        "💰 На счёте осталось 4\u00a0210 токенов.",
        "Тариф: vip, до 2027-03-05 03:00 MSK",
        "",
        "Потрачено сегодня: ничего",
        "Потрачено в этом месяце: ничего",
        "",
        "Запросов осталось на этот час: 74 из 100, снова все – в 13:00 MSK",
        "Запросов осталось на сегодня: 512 из 1\u00a0000",
    ]


async def test_a_service_that_cannot_be_asked_hides_nothing_else(
    till: Till, home: Chat, olga: Person
) -> None:
    till.account.status = 502
    await till.spend(2, by=olga, where=home)

    told = await till.told(home, olga, "/balance")

    assert told.splitlines() == [
        "I could not get the balance from Elumenta; please ask me again in a minute.",
        "",
        "Spent today: 2 tokens (answers 2)",
        "Spent this month: 2 tokens (answers 2)",
    ]


async def test_others_see_what_is_theirs_and_nothing_of_the_account(
    frugal: Till, chat: Chat, club: Chat, olga: Person, ann: Person
) -> None:
    frugal.account.body, frugal.account.headers = VIP, HEADERS
    await frugal.spend(4, by=ann, where=club, kind=ExpenseKind.IMAGE)
    await frugal.spend(8, by=ann, where=chat, outcome=ExpenseOutcome.UNCLEAR)
    await frugal.spend(30, by=ann, where=chat, days_ago=1)
    await frugal.spend(600, by=olga, where=club)

    told = await frugal.told(chat, ann, "/balance")

    assert told.splitlines() == [
        "Spent today: 12 tokens (answers 8, pictures 4)",
        "Spent this month: 42 tokens (answers 38, pictures 4)",
        "",
        f"Left to you today: 38 of 50 tokens, renewed at {MIDNIGHT}",
    ]


async def test_what_is_left_to_all_is_told_where_it_is_less_than_is_left_to_oneself(
    frugal: Till, chat: Chat, club: Chat, olga: Person, ann: Person
) -> None:
    await frugal.spend(970, by=olga, where=club)

    told = await frugal.told(chat, ann, "/balance")

    assert told.splitlines()[-2:] == [
        f"Left to you today: 50 of 50 tokens, renewed at {MIDNIGHT}",
        f"Left to everybody together today: 30 of 1,000 tokens, renewed at {MIDNIGHT}",
    ]


async def test_who_has_no_limit_reads_of_none(till: Till, chat: Chat, ann: Person) -> None:
    told = await till.told(chat, ann, "/balance")

    assert told == "Spent today: nothing\nSpent this month: nothing"


@pytest.mark.parametrize("asker", [0, 1])
async def test_a_group_sees_only_what_is_its_own_whoever_asks(
    frugal: Till, home: Chat, club: Chat, asker: int
) -> None:
    olga, ann = club.members
    frugal.account.body, frugal.account.headers = VIP, HEADERS
    await frugal.spend(26, by=ann, where=club, kind=ExpenseKind.VIDEO)
    await frugal.spend(960, by=olga, where=home)

    told = await frugal.told(club, club.members[asker], "/balance")

    assert told.splitlines() == [
        "Spent in this group today: 26 tokens (videos 26)",
        f"Left to this group today: 54 of 80 tokens, renewed at {MIDNIGHT}",
    ]


async def test_a_limit_is_set_for_a_person_by_id(
    frugal: Till, home: Chat, chat: Chat, olga: Person, ann: Person
) -> None:
    await frugal.spend(12, by=ann, where=chat)

    told = await frugal.told(home, olga, f"/limit {ann.id} 70")

    assert told.splitlines() == [
        f"Daily limit of Ann ({ann.id}): 70 tokens, set with /limit",
        "Spent today: 12 tokens",
    ]
    assert "Left to you today: 58 of 70 tokens" in await frugal.told(chat, ann, "/balance")


async def test_a_limit_is_shown_without_changing_it(
    frugal: Till, home: Chat, chat: Chat, olga: Person
) -> None:
    told = [await frugal.told(home, olga, f"/limit {chat.id}") for _ in range(2)]

    shown = f"Daily limit of Ann ({chat.id}): 50 tokens, as the settings say"
    assert [one.splitlines()[0] for one in told] == [shown, shown]


async def test_zero_is_no_limit_and_off_goes_back_to_the_settings(
    frugal: Till, home: Chat, olga: Person, ann: Person
) -> None:
    free = await frugal.told(home, olga, f"/limit {ann.id} 0")
    usual = await frugal.told(home, olga, f"/limit {ann.id} OFF")

    assert "none, set with /limit" in free
    assert "50 tokens, as the settings say" in usual


async def test_an_owner_has_no_limit_but_their_own(frugal: Till, home: Chat, olga: Person) -> None:
    before = await frugal.told(home, olga, f"/limit {olga.id}")
    after = await frugal.told(home, olga, f"/limit {olga.id} 5")

    assert "none, as the settings say" in before
    assert "5 tokens, set with /limit" in after


async def test_a_limit_of_a_person_is_set_by_a_reply_and_says_nothing_of_their_spending(
    frugal: Till, club: Chat, chat: Chat, olga: Person, ann: Person
) -> None:
    await frugal.spend(12, by=ann, where=chat)
    words = club.send(ann, "@elumenta_bot hello")

    club.send(olga, "/limit 7", reply_to=words)
    await frugal.ears.hear()

    assert the_one(club).text == f"Daily limit of Ann ({ann.id}): 7 tokens, set with /limit"


async def test_a_group_gets_its_limit_by_a_word_in_it(
    frugal: Till, club: Chat, olga: Person, ann: Person
) -> None:
    await frugal.spend(4, by=ann, where=club)

    told = await frugal.told(club, olga, "/limit 7")

    assert told.splitlines() == [
        f"Daily limit of Club ({club.id}): 7 tokens, set with /limit",
        "Spent today: 4 tokens",
    ]


@pytest.mark.parametrize(
    "words",
    ["", "Ann", "0", "0 5", "{id} -1", "{id} many", "{id} 1 2", "{id} 12345678", f"{10**30} 1"],
)
async def test_a_limit_that_is_not_understood_changes_nothing(
    frugal: Till, home: Chat, olga: Person, ann: Person, words: str
) -> None:
    told = await frugal.told(home, olga, f"/limit {words.format(id=ann.id)}")

    assert told.startswith("Please write /limit ID TOKENS")
    assert "50 tokens, as" in await frugal.told(home, olga, f"/limit {ann.id}")


async def test_an_id_in_the_place_of_a_number_sets_no_limit_of_a_group(
    frugal: Till, club: Chat, olga: Person
) -> None:
    told = await frugal.told(club, olga, "/limit 5000000001")

    assert told.startswith("Please write /limit ID TOKENS")


@pytest.mark.parametrize("command", ["/limit 1 1", "/stats"])
async def test_commands_of_owners_are_none_for_others(
    till: Till, chat: Chat, ann: Person, command: str
) -> None:
    assert await till.told(chat, ann, command) == ""


async def test_what_the_bot_was_used_for_is_a_picture_with_figures(
    till: Till, home: Chat, chat: Chat, club: Chat
) -> None:
    olga, ann = club.members
    await till.spend(2, by=ann, where=chat)
    await till.spend(1004, by=ann, where=club, kind=ExpenseKind.IMAGE, days_ago=29)
    await till.spend(93, by=olga, where=club, kind=ExpenseKind.VIDEO, days_ago=30)
    await till.spend(9, by=olga, where=club, outcome=ExpenseOutcome.FREE)

    await till.told(home, olga, "/stats")

    shown = the_one(home)
    assert (shown.kind, width_and_height(shown)) == ("photo", (2000, 1120))
    assert shown.text.splitlines() == [
        "📊 The last 30 days",
        "",
        "People: 2, chats: 2",
        "Requests: 3, of which 1 failed",
        "Tokens: 1,006, today 2",
        "",
        "Tokens by model, in all and today:",
        "flux-1.1-pro – 1,004, 0",
        "gpt-5 – 2, 2",
    ]


async def test_figures_come_alone_where_no_picture_can_be_sent(
    bot: Bot, till: Till, home: Chat, olga: Person
) -> None:
    await till.spend(2, by=olga, where=home)
    bot.session.middleware(Failing(wrong, method="sendPhoto"))

    told = await till.told(home, olga, "/stats")

    assert the_one(home).kind == "text"
    assert "Tokens: 2, today 2" in told


async def test_nothing_asked_is_nothing_to_draw(till: Till, home: Chat, olga: Person) -> None:
    told = await till.told(home, olga, "/stats")

    assert the_one(home).kind == "text"
    assert told.startswith("Nothing was asked in the last 30 days")


async def test_failures_alone_are_told_without_a_picture(
    till: Till, home: Chat, olga: Person
) -> None:
    await till.spend(2, by=olga, where=home, outcome=ExpenseOutcome.FREE)

    told = await till.told(home, olga, "/stats")

    assert the_one(home).kind == "text"
    assert told.endswith("Requests: 1, of which 1 failed\nTokens: 0, today 0")


async def test_figures_of_all_people_are_kept_out_of_groups(
    till: Till, club: Chat, olga: Person, ann: Person
) -> None:
    await till.spend(2, by=ann, where=club)

    told = await till.told(club, olga, "/stats")

    assert told.startswith("Please ask me for this in our private chat")
    assert [one.kind for one in by_bot(club)] == ["text"]


def width_and_height(message: Message) -> tuple[int | None, int | None]:
    assert message.file is not None
    return message.file.width, message.file.height
