from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Localizer, Translator
from bot.model import DailyUse, ExpenseKind, Usage
from bot.telegram.formatted import utf16_length
from bot.telegram.stats_texts import MAX_CAPTION_LENGTH, stats_text

TODAY = date(2026, 11, 21)
BIGGEST = 2**63 - 1

uses = st.builds(
    DailyUse,
    day=st.sampled_from([TODAY, TODAY - timedelta(days=3)]),
    kind=st.sampled_from(ExpenseKind),
    model=st.text(min_size=1, max_size=300),
    tokens=st.integers(0, BIGGEST),
    requests=st.integers(1, BIGGEST),
    failures=st.integers(0, BIGGEST),
)


@pytest.fixture(scope="session")
def en(translator: Translator) -> Localizer:
    return translator.for_locale("en")


def use(model: str, tokens: int, *, days_ago: int = 0, failures: int = 0) -> DailyUse:
    return DailyUse(
        day=TODAY - timedelta(days=days_ago),
        kind=ExpenseKind.ANSWER,
        model=model,
        tokens=tokens,
        requests=2,
        failures=failures,
    )


def told(t: Localizer, *days: DailyUse) -> list[str]:
    usage = Usage(people=3, chats=1200, days=days)
    return stats_text(usage, days=30, today=TODAY, t=t).splitlines()


def test_people_chats_requests_tokens_and_failures_are_told(en: Localizer) -> None:
    lines = told(en, use("a", 5, failures=1), use("b", 1000, days_ago=2), use("a", 0, failures=2))

    assert lines == [
        "📊 The last 30 days",
        "",
        "People: 3, chats: 1,200",
        "Requests: 6, of which 3 failed",
        "Tokens: 1,005, today 5",
        "",
        "Tokens by model, in all and today:",
        "b – 1,000, 0",
        "a – 5, 5",
    ]


def test_eight_models_are_named_and_the_rest_is_summed_up(en: Localizer) -> None:
    models = [use(f"model-{n}", 100 - n, days_ago=n % 2) for n in range(11)]

    lines = told(en, *models)

    assert lines[-9:-7] == ["model-0 – 100, 100", "model-1 – 99, 0"]
    assert lines[-2:] == ["model-7 – 93, 0", "others – 273, 182"]


def test_a_model_that_took_nothing_is_not_named(en: Localizer) -> None:
    assert not any("free" in line for line in told(en, use("a", 5), use("free", 0, failures=2)))


def test_a_long_name_is_cut(en: Localizer) -> None:
    assert told(en, use("long" * 100, 5))[-1] == "long" * 9 + "lon… – 5, 5"


@pytest.mark.parametrize(("days", "words"), [(1, "день"), (3, "дня"), (30, "дней")])
def test_days_are_counted_in_russian(translator: Translator, days: int, words: str) -> None:
    t = translator.for_locale("ru")
    nothing, something = (
        Usage(people=0, chats=0, days=()),
        Usage(people=1, chats=1, days=(use("a", 1),)),
    )

    assert words in stats_text(nothing, days=days, today=TODAY, t=t)
    assert words in stats_text(something, days=days, today=TODAY, t=t)


@given(days=st.lists(uses, max_size=12), language=st.sampled_from(["en", "ru"]))
def test_whatever_was_used_fits_below_a_picture(
    translator: Translator, days: list[DailyUse], language: str
) -> None:
    t = translator.for_locale(language)
    usage = Usage(people=BIGGEST, chats=BIGGEST, days=tuple(days))

    text = stats_text(usage, days=30, today=TODAY, t=t)

    assert text
    assert utf16_length(text) <= MAX_CAPTION_LENGTH


def test_models_whose_names_and_numbers_need_too_much_room_are_summed_up(en: Localizer) -> None:
    lines = told(en, *(use("🦊" * 50 + str(n), BIGGEST, days_ago=1) for n in range(300)))

    assert lines[-1].startswith("others – ")
    assert 0 < sum("🦊" in line for line in lines) <= 8
