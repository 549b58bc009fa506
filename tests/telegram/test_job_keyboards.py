from dataclasses import replace

import pytest

from bot.i18n import Localizer, Translator
from bot.model import JobState, MediaJob
from bot.telegram.job_keyboards import list_buttons, result_buttons, status_buttons
from tests.storage.questions import FIRST_MOMENT
from tests.telegram.jobs import a_job, a_result

BIGGEST = 2**63 - 1


@pytest.fixture(scope="session")
def en(translator: Translator) -> Localizer:
    return translator.for_locale("en")


def labels(job: MediaJob, en: Localizer) -> list[str]:
    keyboard = status_buttons(job, en)
    return [button.text for row in keyboard.inline_keyboard for button in row] if keyboard else []


def test_buttons_offer_what_the_state_allows(en: Localizer) -> None:
    sent = {"waiting_since": FIRST_MOMENT}
    offered = {
        state: labels(a_job(state=state, **sent), en)
        for state in JobState
        if labels(a_job(state=state, **sent), en)
    }

    assert offered == {
        JobState.OFFERED: ["✅ Go ahead", "✖️ Drop it"],
        JobState.REFUSED: ["🔁 Again"],
        JobState.FAILED: ["🔍 Look again", "🔁 Again"],
        JobState.EXPIRED: ["🔍 Look again"],
        JobState.DROPPED: ["🔍 Look again"],
        JobState.UNDELIVERABLE: ["🔍 Look again"],
    }
    assert labels(a_job(state=JobState.DROPPED), en) == []


def test_what_the_service_failed_to_make_is_not_looked_at_again(en: Localizer) -> None:
    failed = a_job(state=JobState.FAILED, generation_id="gen_17", waiting_since=FIRST_MOMENT)

    assert labels(failed, en) == ["🔁 Again"]
    assert list_buttons([failed], en) is None


def test_the_list_offers_to_drop_what_runs_and_to_look_at_what_was_given_up(
    en: Localizer,
) -> None:
    states = [
        JobState.PENDING,
        JobState.READY,
        JobState.DELIVERED,
        JobState.EXPIRED,
        JobState.FAILED,
    ]
    listed = [a_job(id=1000 + number, state=state) for number, state in enumerate(states)]

    keyboard = list_buttons(listed, en)

    assert keyboard is not None
    texts = [[button.text for button in row] for row in keyboard.inline_keyboard]
    assert texts == [["✖️ Drop #1000"], ["🔍 Look again #1003"], ["🔍 Look again #1004"]]


def test_no_button_carries_more_than_telegram_takes(en: Localizer) -> None:
    job = a_result(id=BIGGEST)
    keyboards = [
        result_buttons(job, en, has_file=True),
        status_buttons(replace(job, state=JobState.OFFERED), en),
        list_buttons([replace(job, state=JobState.PENDING)], en),
    ]

    for keyboard in keyboards:
        assert keyboard is not None
        for button in keyboard.inline_keyboard[0]:
            assert len((button.callback_data or "").encode()) <= 64
