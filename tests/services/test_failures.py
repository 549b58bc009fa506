import pytest

from bot.elumenta import (
    BadRequest,
    ElumentaError,
    InsufficientTokens,
    ModelUnavailable,
    NotFound,
    PlanTooLow,
    ProtocolError,
    ProviderFailed,
    RateLimited,
    StatusError,
    StreamBroken,
    TimedOut,
    Unauthorized,
    Unreachable,
)
from bot.errors import (
    AnswerBroken,
    AnswerUncertain,
    BotError,
    LimitReached,
    ModelMissing,
    OrderFailed,
    OrderForbidden,
    OrderRefused,
    OrderUnavailable,
    OutOfTokens,
    OwnerMustAct,
    RequestRefused,
    ServiceFailed,
    ServiceUnreachable,
)
from bot.i18n import Translator
from bot.services.failures import explain, explain_order, tell_failure

EXPLANATIONS: list[tuple[ElumentaError, type[BotError]]] = [
    (Unreachable("no connection"), ServiceUnreachable),
    (TimedOut("no answer"), AnswerUncertain),
    (ProtocolError("not an answer"), AnswerUncertain),
    (ProviderFailed(502), AnswerUncertain),
    (ProviderFailed(504), AnswerUncertain),
    (StreamBroken("cut"), AnswerBroken),
    (InsufficientTokens(402), OutOfTokens),
    (Unauthorized(401), OwnerMustAct),
    (PlanTooLow(403), OwnerMustAct),
    (RateLimited(), LimitReached),
    (NotFound(404), ModelMissing),
    (BadRequest(422), RequestRefused),
    (ProviderFailed(500, code="provider_error"), ServiceFailed),
    (ProviderFailed(500), AnswerUncertain),
    (ProviderFailed(524), AnswerUncertain),
    (ProviderFailed(200), ServiceFailed),
    (ModelUnavailable(503), ServiceFailed),
    (StatusError(418), ServiceFailed),
]


@pytest.mark.parametrize(("failure", "told"), EXPLANATIONS, ids=lambda value: repr(value)[:40])
def test_every_failure_of_the_service_has_something_to_tell(
    failure: ElumentaError, told: type[BotError]
) -> None:
    assert type(explain(failure, model="gpt-5")) is told


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(("failure", "_told"), EXPLANATIONS, ids=lambda value: repr(value)[:40])
def test_what_is_told_is_complete(
    failure: ElumentaError, _told: type[BotError], language: str
) -> None:
    error = explain(failure, model="gpt-5")

    text = Translator.bundled().for_locale(language)(error.key, **error.arguments)

    assert "{" not in text
    assert text != error.key
    assert error.arguments.keys() <= {"minutes", "model"}


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(0, 1), (1, 1), (60, 1), (61, 2), (847, 15), (None, 60)]
)
def test_limits_are_told_in_whole_minutes(seconds: float | None, minutes: int) -> None:
    error = explain(RateLimited(retry_after=seconds), model="gpt-5")

    assert error.arguments == {"minutes": minutes}


POLICY = "Provider error: Content Policy violation: weapons"

REFUSALS: list[tuple[ElumentaError, type[BotError], dict[str, str]]] = [
    (BadRequest(422, message="Odd size."), OrderRefused, {"reason": "Odd size"}),
    (BadRequest(400), OrderRefused, {"reason": ""}),
    (BadRequest(400, message=POLICY), OrderForbidden, {}),
    (ProviderFailed(500, message="It\nrained"), OrderFailed, {"reason": "It rained"}),
    (ProviderFailed(500, message=POLICY), OrderForbidden, {}),
    (ModelUnavailable(503), OrderUnavailable, {"model": "photon"}),
    (NotFound(404), ModelMissing, {"model": "photon"}),
    (InsufficientTokens(402), OutOfTokens, {}),
]


@pytest.mark.parametrize(
    ("failure", "told", "arguments"), REFUSALS, ids=lambda value: repr(value)[:40]
)
def test_an_order_that_was_not_taken_is_explained_in_the_words_of_the_service(
    failure: ElumentaError, told: type[BotError], arguments: dict[str, str]
) -> None:
    explained = explain_order(failure, model="photon")

    assert type(explained) is told
    assert explained.arguments == arguments


def test_a_reason_is_one_line_that_fits_into_a_message() -> None:
    told = tell_failure("no way \n" * 1000)

    assert isinstance(told, OrderFailed)
    reason = told.arguments["reason"]
    assert isinstance(reason, str)
    assert "\n" not in reason
    assert len(reason) <= 201
