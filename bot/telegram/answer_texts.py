"""What is said beside an answer: what is wrong with it, and what it cost."""

from bot.errors import AnswerBroken, AnswerUncertain
from bot.i18n import Localizer
from bot.model import ModelKind, Preferences, TurnState
from bot.services.answer import Answer
from bot.services.chat_settings import known_name


def notice_of(answer: Answer, t: Localizer, *, has_words: bool, has_button: bool) -> str | None:
    """Say in one sentence what is wrong with the answer; nothing when it is whole.

    Without a button to press, people are told to ask again themselves.
    """
    if not has_button and (notice := _notice_without_button(answer, t)):
        return notice
    if answer.error is not None:
        return t(answer.error.key, **answer.error.arguments)
    match answer.state:
        case TurnState.FAILED:
            return t("answer-failed")
        case TurnState.INTERRUPTED:
            return t("answer-interrupted")
        case TurnState.BROKEN:
            return t("error-answer-broken")
        case TurnState.ANSWERED if not has_words:
            return t("error-answer-empty")
        case _:
            return None


def footer_of(answer: Answer, wishes: Preferences, t: Localizer) -> str:
    """Say that another model answered than was chosen, and, where the chat wants it, the cost."""
    lines = []
    if answer.vanished is not None and answer.model is not None:
        vanished, model = _name(answer.vanished), _name(answer.model)
        lines.append(t("model-vanished", model=vanished, default=model))
    if wishes.shows_cost and answer.model is not None and answer.tokens_spent is not None:
        cost = t("answer-cost", model=_name(answer.model), tokens=answer.tokens_spent)
        lines.append(cost)
    return "\n".join(lines)


def _notice_without_button(answer: Answer, t: Localizer) -> str | None:
    """Say it in place of those notices that name the button; nothing in place of others."""
    if isinstance(answer.error, AnswerUncertain):
        return t("aside-uncertain")
    if answer.error is not None and not isinstance(answer.error, AnswerBroken):
        return None
    match answer.state:
        case TurnState.FAILED:
            return t("aside-failed")
        case TurnState.INTERRUPTED:
            return t("aside-interrupted")
        case TurnState.BROKEN:
            return t("aside-broken")
        case _:
            return None


def _name(slug: str) -> str:
    return known_name(ModelKind.TEXT, slug)
