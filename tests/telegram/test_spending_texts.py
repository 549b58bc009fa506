from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.elumenta import Balance, RateLimits
from bot.i18n import Localizer, Translator
from bot.model import EVERYBODY, ExpenseKind, Spending, SpentByKind
from bot.services.owner_day import OwnerDay
from bot.telegram.spending_texts import Spent, account_text, group_text, limit_text, person_text
from bot.telegram.subjects import Subject

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = OwnerDay(ZoneInfo("Europe/Moscow"), now=lambda: NOW)
NOTHING = Spent(today=[], month=[])
ANN, CLUB = 5, -100


@pytest.fixture(scope="session")
def en(translator: Translator) -> Localizer:
    return translator.for_locale("en")


@pytest.fixture(scope="session")
def ru(translator: Translator) -> Localizer:
    return translator.for_locale("ru")


def spending(subject_id: int, tokens: int, limit: int | None) -> Spending:
    return Spending(subject_id=subject_id, tokens=tokens, limit=limit)


def account(
    t: Localizer,
    *,
    balance: Balance | None = None,
    limits: RateLimits | None = None,
    standings: tuple[Spending, ...] = (),
) -> list[str]:
    limits = limits or RateLimits()
    return account_text(balance, limits, NOTHING, standings, t=t, day=DAY).splitlines()


@pytest.mark.parametrize(
    ("plan", "expires_at", "line"),
    [
        ("vip", NOW, "Plan: vip, until 12:00 MSK"),
        ("vip", None, "Plan: vip"),
        (None, NOW, ""),
        (None, None, ""),
    ],
)
def test_of_a_plan_that_is_known_is_told_what_is_known(
    en: Localizer, plan: str | None, expires_at: datetime | None, line: str
) -> None:
    balance = Balance(tokens=1, plan=plan, expires_at=expires_at)

    told = account(en, balance=balance)

    assert told[:2] == ["💰 The account has 1 token left.", line]


@pytest.mark.parametrize(
    ("limits", "lines"),
    [
        (RateLimits(), []),
        (RateLimits(limit_hour=0, remaining_hour=0, limit_day=0, remaining_day=0), []),
        (RateLimits(limit_hour=100), []),
        (
            RateLimits(limit_hour=100, remaining_hour=0),
            ["Requests left this hour: 0 of 100"],
        ),
        (
            RateLimits(limit_hour=100, remaining_hour=7, hour_resets_at=NOW),
            ["Requests left this hour: 7 of 100, renewed at 12:00 MSK"],
        ),
        (RateLimits(limit_day=1000, remaining_day=3), ["Requests left today: 3 of 1,000"]),
    ],
)
def test_requests_are_counted_where_the_plan_limits_them(
    en: Localizer, limits: RateLimits, lines: list[str]
) -> None:
    told = account(en, limits=limits)

    assert [line for line in told if line.startswith("Requests")] == lines


def test_an_owner_always_sees_what_is_left_to_all(en: Localizer) -> None:
    told = account(en, standings=(spending(ANN, 9, 10), spending(EVERYBODY, 20, 500)))

    assert [line.partition(",")[0] for line in told[-2:]] == [
        "Left to you today: 1 of 10 tokens",
        "Left to everybody together today: 480 of 500 tokens",
    ]


def test_kinds_are_told_in_russian_with_what_is_left(ru: Localizer) -> None:
    today = [
        SpentByKind(kind=kind, tokens=tokens, requests=1)
        for kind, tokens in zip(ExpenseKind, (1, 20, 300), strict=True)
    ]
    spent = Spent(today=today, month=today[:1])

    told = person_text(spent, [spending(ANN, 20, 21)], t=ru, day=DAY)

    assert told.splitlines() == [
        "Потрачено сегодня: 321 токен (ответы 1, картинки 20, видео 300)",
        "Потрачено в этом месяце: 1 токен (ответы 1)",
        "",
        "Вам осталось на сегодня: 1 из 21 токена, новый отсчёт – с 00:00 MSK",
    ]


def test_nobody_but_an_owner_reads_what_others_leave_to_them(en: Localizer) -> None:
    standings = [spending(ANN, 0, 50), spending(EVERYBODY, 400, 500)]

    told = person_text(NOTHING, standings, t=en, day=DAY)

    assert "everybody" not in told


def test_who_has_no_limit_reads_what_is_left_to_all(en: Localizer) -> None:
    standings = [spending(ANN, 0, None), spending(EVERYBODY, 600, 500)]

    told = person_text(NOTHING, standings, t=en, day=DAY)

    assert "Left to everybody together today: 0 of 500 tokens" in told


def test_a_group_never_reads_what_is_left_to_all(en: Localizer) -> None:
    standings = [spending(CLUB, 0, None), spending(EVERYBODY, 400, 500)]

    assert group_text([], standings, t=en, day=DAY) == "Spent in this group today: nothing"


def test_a_limit_names_its_subject_and_where_it_comes_from(en: Localizer, ru: Localizer) -> None:
    known, unknown = Subject(id=ANN, name="Ann"), Subject(id=CLUB)

    own = limit_text(known, spending(ANN, 12, 70), is_override=True, tells_spent=True, t=ru)
    usual = limit_text(
        unknown, spending(CLUB, 1, None), is_override=False, tells_spent=False, t=en
    )

    assert own.splitlines() == [
        "Дневной лимит для Ann (5): 70 токенов, задан командой /limit",
        "Потрачено сегодня: 12 токенов",
    ]
    assert usual == "Daily limit of -100: none, as the settings say"
