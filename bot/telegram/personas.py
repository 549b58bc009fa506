"""Ready system prompts, to be chosen with a button."""

from enum import StrEnum

from bot.i18n import Localizer, Translator


class Persona(StrEnum):
    """Whom the bot can play; the texts are in the locales."""

    CONCISE = "concise"
    TEACHER = "teacher"
    PROGRAMMER = "programmer"
    EDITOR = "editor"
    TRANSLATOR = "translator"


def persona_name(persona: Persona, t: Localizer) -> str:
    """Say what people call it."""
    return t("persona-name", persona=persona.value)


def persona_prompt(persona: Persona, t: Localizer) -> str:
    """Say what the model is told."""
    return t("persona-prompt", persona=persona.value)


def persona_of(prompt: str, translator: Translator) -> Persona | None:
    """Know a ready prompt again, in whichever language it was chosen."""
    for language in translator.languages:
        t = translator.for_locale(language)
        for persona in Persona:
            if prompt == persona_prompt(persona, t):
                return persona
    return None
