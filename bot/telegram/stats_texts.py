"""What owners read about the use of their bot."""

from collections import Counter
from datetime import date

from bot.i18n import Localizer
from bot.model import Usage
from bot.telegram.formatted import shortened, utf16_length

MAX_CAPTION_LENGTH = 1024
"""In UTF-16 units: https://core.telegram.org/bots/api#sendphoto"""

MOST_MODELS = 8
MAX_MODEL_LENGTH = 40


def stats_text(usage: Usage, *, days: int, today: date, t: Localizer) -> str:
    """Sum up what the bot was used for, short enough to stand below a picture."""
    if not usage.days:
        return t("stats-nothing", days=days)

    totals = _totals(usage, days, today, t)
    texts = (
        "\n".join(totals + _models(usage, today, most, t)) for most in range(MOST_MODELS, -1, -1)
    )
    return next(text for text in texts if utf16_length(text) <= MAX_CAPTION_LENGTH)


def _totals(usage: Usage, days: int, today: date, t: Localizer) -> list[str]:
    return [
        t("stats-title", days=days),
        "",
        t("stats-people", people=usage.people, chats=usage.chats),
        t(
            "stats-requests",
            requests=sum(use.requests for use in usage.days),
            failures=sum(use.failures for use in usage.days),
        ),
        t(
            "stats-tokens",
            tokens=sum(use.tokens for use in usage.days),
            today=sum(use.tokens for use in usage.days if use.day == today),
        ),
    ]


def _models(usage: Usage, today: date, most: int, t: Localizer) -> list[str]:
    """List the models that took most; the others are summed up in one line."""
    total, now = Counter[str](), Counter[str]()
    for use in usage.days:
        total[use.model] += use.tokens
        now[use.model] += use.tokens if use.day == today else 0

    ranking = [(model, tokens) for model, tokens in total.most_common() if tokens > 0]
    lines = [
        t("stats-model", model=shortened(model, MAX_MODEL_LENGTH), tokens=tokens, today=now[model])
        for model, tokens in ranking[:most]
    ]
    if others := ranking[most:]:
        tokens = sum(tokens for _, tokens in others)
        lines.append(
            t("stats-others", tokens=tokens, today=sum(now[model] for model, _ in others))
        )
    return ["", t("stats-models"), *lines] if lines else []
