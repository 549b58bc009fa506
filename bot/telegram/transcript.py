"""A conversation as a Markdown file, for people to keep."""

import re
from collections.abc import Sequence
from datetime import tzinfo

import pyromark

from bot.i18n import Localizer
from bot.model import Turn
from bot.telegram.markdown.source import clean

BACKTICKS = re.compile("`+")
TILDES = re.compile("~+")
SHORTEST_FENCE = 3


def write_transcript(
    turns: Sequence[Turn],
    t: Localizer,
    *,
    bot_name: str,
    zone: tzinfo | None,
    is_private: bool,
) -> str:
    """Write down what was asked and answered; no answer runs into what comes after it.

    Questions of groups begin with the names of those who ask, so they need no other.
    """
    asker = t("export-you") if is_private else t("export-question")
    chapters = [f"# {t('export-title', name=bot_name)}"]
    for turn in turns:
        moment = turn.question.asked_at.astimezone(zone)
        chapters += [
            f"## {moment:%Y-%m-%d %H:%M %Z}",
            f"**{asker}**",
            _quote(clean(turn.question.prompt)),
            f"**{bot_name}**",
            _close(clean(turn.answer)),
        ]
    return "\n\n".join(chapters) + "\n"


def _quote(text: str) -> str:
    """Set people's words apart: they need not be Markdown, and end with the quote in any case."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def _close(answer: str) -> str:
    """End what an answer left open, such as a block of code; it is shown as code if need be."""
    answer = answer.strip("\n")
    fences = [_fence(answer, BACKTICKS, "`"), _fence(answer, TILDES, "~")]
    for closed in (answer, *(f"{answer}\n{fence}" for fence in fences)):
        if _ends(closed):
            return closed
    fence = f"{fences[0]}`"
    return f"{fence}\n{answer}\n{fence}"


def _fence(text: str, runs: re.Pattern[str], mark: str) -> str:
    """Give a fence as long as any in the text."""
    longest = max((len(run) for run in runs.findall(text)), default=0)
    return mark * max(longest, SHORTEST_FENCE)


def _ends(markdown: str) -> bool:
    """Say whether a heading below would be seen as one."""
    *_, last = pyromark.events(f"{markdown}\n\n# .")
    return last == {"End": {"Heading": "H1"}}
