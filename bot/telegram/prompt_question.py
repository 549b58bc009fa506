"""The question for a prompt: how it is asked, and how it is known again in the message replied to.

What it has to remember is written in it, so that it can be answered at any time.
"""

from collections.abc import Mapping

from aiogram.types import MessageEntity

from bot.errors import PromptTooLong
from bot.i18n import Localizer, Translator
from bot.model import MediaKind
from bot.telegram.formatted import FormattedText, utf16_length
from bot.telegram.options import parse, spell
from bot.telegram.options_help import explain_options
from bot.telegram.split import MAX_MESSAGE_LENGTH


def prompt_question(
    kind: MediaKind, options: Mapping[str, str], t: Localizer, *, default_model: str
) -> FormattedText:
    """Ask what a picture or video shall show; below are the chosen options, or all there are.

    Raises PromptTooLong when the options leave no room for the question.
    """
    question = t("prompt-question", kind=kind.value)
    if not options:
        described = explain_options(kind, t, default_model=default_model)
        return FormattedText(text=f"{question}\n\n{described}", entities=())

    order = f"/{kind} {spell(options)} --"
    text = f"{question}\n{order}"
    if utf16_length(text) > MAX_MESSAGE_LENGTH:
        room = MAX_MESSAGE_LENGTH - utf16_length(question)
        raise PromptTooLong(length=utf16_length(order), limit=room)
    code = MessageEntity(
        type="code", offset=utf16_length(question) + 1, length=utf16_length(order)
    )
    return FormattedText(text=text, entities=(code,))


def asked_kind(text: str, translator: Translator) -> MediaKind | None:
    """Say for what a message asks a prompt, whatever its language; None if it does not."""
    first_line = text.partition("\n")[0]
    for language in translator.languages:
        t = translator.for_locale(language)
        for kind in MediaKind:
            if first_line == t("prompt-question", kind=kind.value):
                return kind
    return None


def asked_options(text: str, kind: MediaKind) -> Mapping[str, str]:
    """Read the options back that the question was asked with."""
    second_line = text.partition("\n")[2].partition("\n")[0]
    command, _, order = second_line.partition(" ")
    return parse(order).options if command == f"/{kind}" else {}
