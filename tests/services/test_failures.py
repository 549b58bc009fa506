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
    OutOfTokens,
    OwnerMustAct,
    RequestRefused,
    ServiceFailed,
    ServiceUnreachable,
)
from bot.i18n import Translator
from bot.services.failures import explain

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
    (ProviderFailed(500), ServiceFailed),
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
