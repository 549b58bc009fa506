from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.elumenta.catalog import CATALOG, Category, MediaModel
from bot.errors import BotError, OrderFailed, OrderForbidden, OrderLate, OrderLost, OrderRefused
from bot.i18n import Localizer, Translator
from bot.model import Failure, JobState, MediaKind, MediaResult, PriceRange
from bot.telegram.formatted import utf16_length
from bot.telegram.job_keyboards import list_buttons
from bot.telegram.job_texts import caption, duration, link_text, list_text, status_text
from tests.storage.questions import FIRST_MOMENT
from tests.telegram.jobs import CAPTION, RESULT, a_job, a_result

LANGUAGES = ["en", "ru"]
BIGGEST = 2**63 - 1

results = st.builds(
    MediaResult,
    url=st.just("https://cdn.example.com/1"),
    tokens_spent=st.none() | st.integers(-BIGGEST, BIGGEST),
    seed=st.none() | st.integers(-BIGGEST, BIGGEST),
    processing_seconds=st.none() | st.floats(0, 1e16),
)


@pytest.fixture(scope="session")
def en(translator: Translator) -> Localizer:
    return translator.for_locale("en")


@pytest.fixture(scope="session")
def ru(translator: Translator) -> Localizer:
    return translator.for_locale("ru")


def failed(error: BotError, state: JobState = JobState.FAILED) -> dict[str, object]:
    return {"state": state, "failure": Failure(key=error.key, arguments=error.arguments)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MediaKind)
@pytest.mark.parametrize("state", JobState)
def test_every_state_of_every_kind_is_told_in_every_language(
    translator: Translator, language: str, kind: MediaKind, state: JobState
) -> None:
    t = translator.for_locale(language)
    ends = failed(OrderFailed(reason="x")) if state in (JobState.FAILED, JobState.REFUSED) else {}
    job = a_job(
        **{**ends, "state": state, "kind": kind, "price": PriceRange(min_tokens=1, max_tokens=2)}
    )

    text = status_text(job, t, balance=3)

    assert text
    assert "{" not in text
    assert "status-" not in text
    assert ("а" in text.lower()) == (language == "ru")


def test_who_waits_is_told_for_what_and_how_long(en: Localizer, ru: Localizer) -> None:
    picture = a_job()
    video = a_job(kind=MediaKind.VIDEO, model="kling-v2.1")

    told = "🎨 Making your picture with flux-1.1-pro; usually ready in 20 seconds."
    assert status_text(picture, en) == told
    told = "🎬 Making your video with kling-v2.1; usually ready in about 1 minute."
    assert status_text(video, en) == told
    assert "занимает 20 секунд." in status_text(picture, ru)
    assert "занимает около минуты." in status_text(video, ru)


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (1, "1 second.", "1 секунду."),
        (0, "1 second.", "1 секунду."),
        (21, "21 seconds.", "21 секунду."),
        (33, "33 seconds.", "33 секунды."),
        (54, "54 seconds.", "54 секунды."),
        (55, "about 1 minute.", "около минуты."),
        (130, "about 2 minutes.", "около 2 минут."),
        (1260, "about 21 minutes.", "около 21 минуты."),
    ],
)
def test_what_the_service_expects_goes_before_what_is_usual(
    en: Localizer, ru: Localizer, seconds: int, english: str, russian: str
) -> None:
    job = a_job(state=JobState.PENDING, eta_seconds=seconds)

    assert status_text(job, en).endswith(f"usually ready in {english}")
    assert status_text(job, ru).endswith(f"занимает {russian}")


def test_a_model_that_is_not_in_the_catalogue_any_more_takes_a_minute(en: Localizer) -> None:
    assert status_text(a_job(model="gone"), en).endswith(
        "with gone; usually ready in about 1 minute."
    )


def test_an_exact_price_is_told_with_what_is_left(en: Localizer, ru: Localizer) -> None:
    price = PriceRange(min_tokens=26, max_tokens=26)
    job = a_job(state=JobState.OFFERED, kind=MediaKind.VIDEO, model="kling-v2.1", price=price)

    assert status_text(job, en, balance=4210).splitlines() == [
        "🎬 A video by kling-v2.1 costs 26 tokens.",
        "4,210 tokens are left.",
        "Shall I go ahead?",
    ]
    assert "стоит 26 токенов." in status_text(job, ru, balance=1)
    assert "остался 1 токен." in status_text(job, ru, balance=1)


def test_who_may_spend_less_than_the_account_has_is_told_that(
    en: Localizer, ru: Localizer
) -> None:
    price = PriceRange(min_tokens=26, max_tokens=26)
    job = a_job(state=JobState.OFFERED, kind=MediaKind.VIDEO, model="kling-v2.1", price=price)

    assert status_text(job, en, allowance=38).splitlines()[1:] == [
        "You can spend 38 more tokens today.",
        "Shall I go ahead?",
    ]
    assert "потратить ещё 22 токена." in status_text(job, ru, allowance=22)


def test_an_order_that_the_rate_limit_delays_says_until_when(en: Localizer, ru: Localizer) -> None:
    picture, video = a_job(), a_job(kind=MediaKind.VIDEO)

    told = status_text(picture, en, waiting_until="14:20 MSK")

    assert "your picture by about 14:20 MSK, and nothing is charged before" in told
    assert "your video by about" in status_text(video, en, waiting_until="14:20 MSK")
    assert "вашу картинку примерно к 14:20 MSK" in status_text(
        picture, ru, waiting_until="14:20 MSK"
    )


def test_an_order_that_is_being_made_waits_for_no_rate_limit(en: Localizer) -> None:
    job = a_job(state=JobState.PENDING)

    assert status_text(job, en, waiting_until="14:20 MSK") == status_text(job, en)


def test_a_range_of_prices_is_told_without_a_balance_that_nobody_knows(en: Localizer) -> None:
    price = PriceRange(min_tokens=26, max_tokens=94)

    text = status_text(a_job(state=JobState.OFFERED, price=price), en)

    assert "26–94 tokens" in text
    assert "left" not in text


def test_an_order_that_nobody_answered_is_not_paid_for_twice(en: Localizer) -> None:
    text = status_text(a_job(state=JobState.UNKNOWN), en)

    assert "looking it up" in text
    assert "it will not be paid for twice" in text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (JobState.LAPSED, ["expired", "nothing was charged"]),
        (JobState.DECLINED, ["Dropped"]),
        (JobState.UNDELIVERABLE, ["ready", "press the button"]),
    ],
)
def test_an_end_says_what_it_is(en: Localizer, state: JobState, words: list[str]) -> None:
    text = status_text(a_job(state=state, waiting_since=FIRST_MOMENT), en)

    assert [word for word in words if word not in text] == []


def test_who_drops_an_order_learns_that_it_goes_on_unless_it_never_began(en: Localizer) -> None:
    sent = a_job(state=JobState.DROPPED, waiting_since=FIRST_MOMENT)
    never_sent = a_job(state=JobState.DROPPED)

    assert "no longer waiting" in status_text(sent, en)
    assert "cannot be cancelled" in status_text(sent, en)
    assert status_text(never_sent, en) == "Dropped; nothing was ordered."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OrderFailed(reason="Out of paint"), ["(Out of paint)", "nothing was charged"]),
        (OrderRefused(reason="Odd prompt"), ["(Odd prompt)", "nothing was charged"]),
        (OrderForbidden(), ["content policy", "nothing was charged"]),
        (OrderLost(), ["no trace", "most likely nothing was charged"]),
        (OrderLate(minutes=45), ["45 minutes", "may still be charged", "/jobs"]),
    ],
)
def test_a_failure_is_one_sentence_with_its_reason(
    en: Localizer, error: BotError, words: list[str]
) -> None:
    text = status_text(a_job(**failed(error)), en)

    assert [word for word in words if word not in text] == []
    assert text.count(".") == 1
    assert text.endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error", [OrderFailed(reason=""), OrderRefused(reason="")])
def test_a_failure_without_a_reason_has_its_own_words(
    translator: Translator, language: str, error: BotError
) -> None:
    text = status_text(a_job(**failed(error)), translator.for_locale(language))

    assert "(" not in text
    assert "none" not in text


def test_a_failure_that_was_not_stored_is_told_as_a_mistake_of_ours(en: Localizer) -> None:
    assert "went wrong" in status_text(a_job(state=JobState.FAILED), en)


def test_a_result_tells_how_it_came_about(en: Localizer, ru: Localizer) -> None:
    assert caption(a_result(), en) == CAPTION
    assert caption(a_result(), ru) == "flux-1.1-pro · 4 токена · seed 42 · 12 с"
    assert caption(a_result(result=MediaResult(url="u")), en) == "flux-1.1-pro"
    assert link_text(a_result(), en).endswith(CAPTION)


def test_a_seed_is_told_as_it_has_to_be_written(en: Localizer) -> None:
    job = a_result(result=replace(RESULT, seed=4_294_967_295))

    assert "seed 4294967295" in caption(job, en)


@pytest.mark.parametrize("language", LANGUAGES)
@given(result=results, model=st.sampled_from(CATALOG), eta=st.integers(-BIGGEST, BIGGEST))
def test_whatever_the_service_tells_fits_under_a_picture(
    translator: Translator, language: str, result: MediaResult, model: MediaModel, eta: int
) -> None:
    t = translator.for_locale(language)

    job = a_result(result=result, model=model.slug, eta_seconds=eta)

    assert 0 < utf16_length(caption(job, t)) <= 1024
    assert status_text(replace(job, state=JobState.PENDING), t)


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (-5, "1 s", "1 с"),
        (0.05, "1 s", "1 с"),
        (59.4, "59 s", "59 с"),
        (59.6, "1 min 0 s", "1 мин 0 с"),
        (3599, "59 min 59 s", "59 мин 59 с"),
        (7260, "2 h 1 min", "2 ч 1 мин"),
    ],
)
def test_a_time_is_written_shortly(
    en: Localizer, ru: Localizer, seconds: float, english: str, russian: str
) -> None:
    assert duration(seconds, en) == english
    assert duration(seconds, ru) == russian


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", JobState)
def test_every_state_has_words_in_the_list(
    translator: Translator, language: str, state: JobState
) -> None:
    text = list_text([a_job(state=state)], translator.for_locale(language), now=FIRST_MOMENT)

    assert text.splitlines()[2].startswith("#17 🎨 flux-1.1-pro – ")
    assert state.value not in text or language == "en"


def test_the_list_tells_how_long_each_takes_or_took(en: Localizer) -> None:
    ordered_at = FIRST_MOMENT + timedelta(minutes=5)
    running = a_job(id=1234, state=JobState.PENDING, waiting_since=ordered_at)
    ended_at = ordered_at + timedelta(seconds=12)
    ended = a_job(state=JobState.DELIVERED, waiting_since=ordered_at, finished_at=ended_at)

    text = list_text([running, ended], en, now=ordered_at + timedelta(seconds=95))

    assert text.splitlines() == [
        "Pictures and videos here",
        "",
        "#1234 🎨 flux-1.1-pro – being made, 1 min 35 s",
        "#17 🎨 flux-1.1-pro – delivered, 12 s",
    ]


@pytest.mark.parametrize(
    ("lease", "english", "russian"),
    [("taken", "being made", "в работе"), (None, "being looked up", "выясняется")],
)
def test_an_order_is_looked_up_only_once_its_answer_is_missed(
    en: Localizer, ru: Localizer, lease: str | None, english: str, russian: str
) -> None:
    job = a_job(state=JobState.UNKNOWN, lease=lease)

    assert f"– {english}, " in list_text([job], en, now=FIRST_MOMENT)
    assert f"– {russian}, " in list_text([job], ru, now=FIRST_MOMENT)


def test_a_lease_changes_the_words_for_no_other_state(en: Localizer) -> None:
    for state in set(JobState) - {JobState.UNKNOWN}:
        free, taken = a_job(state=state), a_job(state=state, lease="taken")
        told = list_text([free], en, now=FIRST_MOMENT)
        assert list_text([taken], en, now=FIRST_MOMENT) == told


def test_an_empty_list_says_that_there_is_nothing(en: Localizer) -> None:
    assert "nothing" in list_text([], en, now=FIRST_MOMENT)
    assert list_buttons([], en) is None


def test_the_catalogue_knows_every_kind() -> None:
    assert [Category(kind.value) for kind in MediaKind] == list(Category)
