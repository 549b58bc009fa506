"""What can be chosen with buttons, and how that is called."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Preference, PreferenceValue
from bot.services.chat_settings import SWITCHES
from bot.telegram.personas import Persona, persona_name, persona_of, persona_prompt
from bot.telegram.settings_texts import SettingsTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A value that can be chosen with a button."""

    key: str
    """What the press brings back; empty for the default."""
    value: PreferenceValue
    """What is stored then."""
    label: str
    is_present: bool


class SettingsOptions:
    """Lists what one chat can choose, in its language."""

    def __init__(self, texts: SettingsTexts) -> None:
        self._texts = texts
        self._settings = texts.settings
        self._t = texts.t
        self._translator = texts.translator

    def all(self, preference: Preference) -> Sequence[Option]:
        """List the values of a setting in their order, without the default."""
        match preference:
            case Preference.SYSTEM_PROMPT:
                return self._personas()
            case Preference.LANGUAGE:
                return self._values(preference, self._translator.languages)
            case _:
                return self._values(preference, self._settings.choices(preference))

    def default(self, preference: Preference) -> Option:
        """Offer to leave a setting to the owner, or to the model; marked if nothing else is."""
        t = self._t
        name = self._texts.value(preference, self._settings.default(preference))
        is_marked = any(option.is_present for option in self.all(preference))
        is_present = self._settings.own(preference) is None and not is_marked
        return Option(
            key="", value=None, label=t("button-default", value=name), is_present=is_present
        )

    def find(self, preference: Preference, key: str) -> Option | None:
        """Find what a press means: None when there is no such button, or no longer.

        A switch that comes to stand as it does by default is left to the default.
        """
        default = self.default(preference)
        if not key:
            return default
        found = next((option for option in self.all(preference) if option.key == key), None)
        is_default = found is not None and found.value == self._settings.default(preference)
        return default if is_default and preference in SWITCHES else found

    def _values(
        self, preference: Preference, values: Sequence[PreferenceValue]
    ) -> Sequence[Option]:
        present = self._settings.present(preference)
        return [
            Option(
                key=str(value),
                value=value,
                label=self._texts.value(preference, value),
                is_present=value == present,
            )
            for value in values
        ]

    def _personas(self) -> Sequence[Option]:
        prompt = self._settings.own(Preference.SYSTEM_PROMPT)
        played = persona_of(str(prompt), self._translator)
        return [
            Option(
                key=persona.value,
                value=persona_prompt(persona, self._t),
                label=persona_name(persona, self._t),
                is_present=persona is played,
            )
            for persona in Persona
        ]
