"""What people read about the settings of a chat."""

from collections.abc import Iterable, Mapping

from bot.i18n import Localizer, Translator
from bot.model import ModelChoice, Preference, PreferenceValue
from bot.services.chat_settings import MODEL_KINDS, ChatSettings, known_name
from bot.telegram.formatted import FormattedText, shortened
from bot.telegram.markdown.builder import TextBuilder
from bot.telegram.personas import persona_name, persona_of

ICONS = {
    Preference.CHAT_MODEL: "🤖",
    Preference.SYSTEM_PROMPT: "🎭",
    Preference.TEMPERATURE: "🌡",
    Preference.MAX_TOKENS: "📏",
    Preference.IMAGE_MODEL: "🎨",
    Preference.IMAGE_SIZE: "📐",
    Preference.VIDEO_MODEL: "🎬",
    Preference.VIDEO_SECONDS: "⏱",
    Preference.VIDEO_ASPECT: "🖼",
    Preference.LANGUAGE: "🌐",
    Preference.STREAMING: "✍️",
    Preference.RICH_MESSAGES: "📊",
    Preference.SHOWS_COST: "🪙",
}
"""All settings, in the order in which they are shown."""

MARK = "✓"
"""Before what holds now."""

LONGEST_EXCERPT = 24
LONGEST_NOTE = 60
LONGEST_SHOWN_PROMPT = 1500
"""Characters; what is longer is cut."""


class SettingsTexts:
    """Words for the settings of one chat, in its language."""

    def __init__(self, settings: ChatSettings, t: Localizer, translator: Translator) -> None:
        self.settings = settings
        self.t = t
        self.translator = translator

    def overview(self, notices: Iterable[str]) -> FormattedText:
        """List all settings with their values."""
        t, out = self.t, TextBuilder()
        self._begin(out, t("settings-title"), notices)
        for preference, icon in ICONS.items():
            name = t("settings-name", setting=preference.value)
            out.write(f"{icon} {name}: {self.present(preference)}")
            out.break_line()
        out.break_line(2)
        out.write(t("settings-hint", where="private" if self.settings.is_private else "group"))
        return out.finish()

    def page(
        self, preference: Preference, models: Iterable[ModelChoice], notices: Iterable[str]
    ) -> FormattedText:
        """Explain a setting, and the models that can be chosen for it."""
        t, out = self.t, TextBuilder()
        title = f"{ICONS[preference]} {t('settings-name', setting=preference.value)}"
        self._begin(out, f"{title}: {self.present(preference)}", notices)
        out.write(t("settings-about", setting=preference.value))
        out.break_line(2)
        for model in models:
            out.write(self._line(preference, model))
            out.break_line()
        prompt = self.settings.own(preference)
        if preference is Preference.SYSTEM_PROMPT and isinstance(prompt, str):
            out.open("expandable_blockquote")
            out.write(shortened(prompt, LONGEST_SHOWN_PROMPT))
            out.close()
        return out.finish()

    def present(self, preference: Preference) -> str:
        """Say what holds, and where that is the default, so."""
        t, value = self.t, self.settings.present(preference)
        shown = self.value(preference, value)
        is_default = value is not None and self.settings.own(preference) is None
        return t("settings-default", value=shown) if is_default else shown

    def button(self, preference: Preference) -> str:
        """Label the button that leads to a setting."""
        t, value = self.t, self.value(preference, self.settings.present(preference))
        label = t("settings-button", setting=preference.value, value=value)
        return f"{ICONS[preference]} {label}"

    def value(self, preference: Preference, value: PreferenceValue) -> str:
        """Say a value in words."""
        t = self.t
        match preference, value:
            case Preference.SYSTEM_PROMPT, str() if value != self.settings.default(preference):
                persona = persona_of(value, self.translator)
                return _excerpt(value, t) if persona is None else persona_name(persona, t)
            case Preference.SYSTEM_PROMPT, _:
                return t("persona-name", persona="assistant")
            case _, None:
                return t("settings-unset", setting=preference.value)
            case Preference.LANGUAGE, str():
                return language_name(value, self.translator)
            case Preference.STREAMING, str():
                return t("settings-streaming", mode=value)
            case Preference.MAX_TOKENS, int():
                return t("settings-length", count=value)
            case Preference.VIDEO_SECONDS, int():
                return t("time-seconds", seconds=value)
            case _, bool():
                return t("settings-switch", state="on" if value else "off")
            case _, str() if preference in MODEL_KINDS:
                model = self.settings.model(preference, value)
                return known_name(MODEL_KINDS[preference], value) if model is None else model.name
            case _:
                return str(value)

    def vanished(self, models: Mapping[Preference, str]) -> list[str]:
        """Say which models are gone, and which take over."""
        t = self.t
        return [
            t(
                "settings-vanished",
                model=known_name(MODEL_KINDS[preference], slug),
                default=self.value(preference, self.settings.default(preference)),
            )
            for preference, slug in models.items()
        ]

    def _begin(self, out: TextBuilder, title: str, notices: Iterable[str]) -> None:
        for notice in filter(None, notices):
            out.write(notice)
            out.break_line(2)
        out.open("bold")
        out.write(title)
        out.close()
        out.break_line(2)

    def _line(self, preference: Preference, model: ModelChoice) -> str:
        mark = f"{MARK} " if model.slug == self.settings.present(preference) else ""
        parts = [f"{mark}{model.name}", price_text(model, self.t), model_note(model, self.t)]
        return " – ".join(part for part in parts if part)  # noqa: RUF001 - a dash


def price_text(model: ModelChoice, t: Localizer) -> str:
    """Say what one answer, picture or video of a model costs."""
    if model.min_tokens == model.max_tokens:
        return t("tokens", count=model.max_tokens)
    return t("tokens-range", least=model.min_tokens, most=model.max_tokens)


def model_note(model: ModelChoice, t: Localizer) -> str:
    """Say in a few words what a model is good at; empty where nobody knows."""
    note = t("model-note", model=model.slug.replace(".", "-"))
    if not note:
        note = " ".join(model.descriptions.get(t.language, "").split())
    return shortened(note, LONGEST_NOTE)


def language_name(language: str, translator: Translator) -> str:
    """Name a language as those do who speak it."""
    t = translator.for_locale(language)
    return t("language-name")


def find_language(written: str, translator: Translator) -> str | None:
    """Find the locale that somebody calls by its code or by its own name."""
    wanted = written.strip().lower()
    for language in translator.languages:
        if wanted in (language, language_name(language, translator).lower()):
            return language
    return None


def _excerpt(prompt: str, t: Localizer) -> str:
    return t("quoted", text=shortened(" ".join(prompt.split()), LONGEST_EXCERPT))
