"""What a chat has decided, what holds where it has not, and what it can choose from."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.elumenta import find_text_model
from bot.model import MediaKind, ModelChoice, ModelKind, Preference, Preferences, PreferenceValue
from bot.services.catalogue import catalogued
from bot.services.directory import ModelDirectory
from bot.services.preferences import PreferenceService
from bot.settings import Streaming

MODEL_KINDS: Mapping[Preference, ModelKind] = {
    Preference.CHAT_MODEL: ModelKind.TEXT,
    Preference.IMAGE_MODEL: ModelKind.IMAGE,
    Preference.VIDEO_MODEL: ModelKind.VIDEO,
}
MODEL_OPTIONS: Mapping[Preference, tuple[Preference, Sequence[str]]] = {
    Preference.IMAGE_SIZE: (Preference.IMAGE_MODEL, ("size", "aspect_ratio")),
    Preference.VIDEO_SECONDS: (Preference.VIDEO_MODEL, ("duration",)),
    Preference.VIDEO_ASPECT: (Preference.VIDEO_MODEL, ("aspect_ratio",)),
}
"""What depends on which model, and how the API calls it there."""

SWITCHES = frozenset({Preference.RICH_MESSAGES, Preference.SHOWS_COST})
"""What is either on or off."""

TEMPERATURES = (0.0, 0.3, 0.7, 1.0, 1.5, 2.0)
LENGTHS = (256, 512, 1024, 2048, 4096, 8192)
"""Usual values; any other within the limits can be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """Everything about the choices of one chat at one moment."""

    chat_id: int
    chosen: Preferences
    defaults: Preferences
    models: Mapping[ModelKind, Sequence[ModelChoice]]

    @property
    def is_private(self) -> bool:
        return self.chat_id > 0

    def own(self, preference: Preference) -> PreferenceValue:
        """Give what the chat chose itself; None where it did not."""
        return _value(self.chosen, preference)

    def default(self, preference: Preference) -> PreferenceValue:
        """Give what holds for chats that choose nothing; None where that is up to the model."""
        value = _value(self.defaults, preference)
        if preference in SWITCHES:
            return bool(value)
        if value == Streaming.DRAFT and not self.is_private:
            return Streaming.EDIT.value
        if preference in MODEL_KINDS and isinstance(value, str):
            return _slug(MODEL_KINDS[preference], value)
        return value

    def present(self, preference: Preference) -> PreferenceValue:
        """Give what holds; a size, a length or a ratio only if the chosen model takes it."""
        own = self.own(preference)
        if own is None or (preference in MODEL_OPTIONS and own not in self.choices(preference)):
            return self.default(preference)
        return own

    def choices(self, preference: Preference) -> Sequence[PreferenceValue]:
        """List what can be chosen with a button; nothing where people write what they want."""
        match preference:
            case Preference.CHAT_MODEL | Preference.IMAGE_MODEL | Preference.VIDEO_MODEL:
                return [model.slug for model in self.models[MODEL_KINDS[preference]]]
            case Preference.IMAGE_SIZE | Preference.VIDEO_SECONDS | Preference.VIDEO_ASPECT:
                return self._options(preference)
            case Preference.TEMPERATURE:
                return TEMPERATURES
            case Preference.MAX_TOKENS:
                return LENGTHS
            case Preference.STREAMING:
                modes = [one.value for one in Streaming]
                return [one for one in modes if self.is_private or one != Streaming.DRAFT]
            case Preference.RICH_MESSAGES | Preference.SHOWS_COST:
                return (True, False)
            case Preference.SYSTEM_PROMPT | Preference.LANGUAGE:
                return ()

    def model(self, preference: Preference, slug: str) -> ModelChoice | None:
        """Find a model that can be chosen now."""
        models = self.models[MODEL_KINDS[preference]]
        return next((one for one in models if one.slug == slug), None)

    def find_text_model(self, written: str) -> ModelChoice | None:
        """Find the model that somebody calls by its slug or its name, with blanks or dashes."""
        wanted = _plain(written)
        models = self.models[ModelKind.TEXT]
        return next(
            (one for one in models if wanted in (_plain(one.slug), _plain(one.name))), None
        )

    def _options(self, preference: Preference) -> Sequence[PreferenceValue]:
        """List the values of the first of the options that the chosen model takes."""
        of_model, names = MODEL_OPTIONS[preference]
        kind = MediaKind(MODEL_KINDS[of_model].value)
        model = catalogued(kind, str(self.present(of_model)))
        taken = {} if model is None else model.options
        return next((taken[name] for name in names if name in taken), ())


async def look_up_settings(
    chat_id: int, preferences: PreferenceService, directory: ModelDirectory
) -> ChatSettings:
    """Look up what a chat chose, and what it can choose from now."""
    models = {
        ModelKind.TEXT: await directory.text_models(),
        ModelKind.IMAGE: await directory.media_models(MediaKind.IMAGE),
        ModelKind.VIDEO: await directory.media_models(MediaKind.VIDEO),
    }
    return ChatSettings(
        chat_id=chat_id,
        chosen=await preferences.of(chat_id),
        defaults=preferences.defaults,
        models=models,
    )


async def let_go(
    chat_id: int,
    preferences: PreferenceService,
    directory: ModelDirectory,
    *,
    models: Iterable[Preference] = MODEL_KINDS,
) -> Mapping[Preference, str]:
    """Return to the default where the service lacks the chosen model by now, and name that."""
    chosen, vanished = await preferences.of(chat_id), dict[Preference, str]()
    for preference in models:
        slug = _value(chosen, preference)
        if not isinstance(slug, str) or not await directory.is_gone(MODEL_KINDS[preference], slug):
            continue
        if await preferences.reset_if(chat_id, preference, slug):
            vanished[preference] = slug
    return vanished


def known_name(kind: ModelKind, slug: str) -> str:
    """Say what the catalogue calls a model, which may be offered no longer."""
    if kind is ModelKind.TEXT:
        text_model = find_text_model(slug)
        return slug if text_model is None else text_model.name
    model = catalogued(MediaKind(kind.value), slug)
    return slug if model is None else model.name


def _plain(name: str) -> str:
    return "-".join(re.split(r"[\s_-]+", name.strip().lower()))


def _slug(kind: ModelKind, name: str) -> str:
    """Give the present name of a model that the owner may call by a former one."""
    if kind is ModelKind.TEXT:
        return name.strip().lower()
    model = catalogued(MediaKind(kind.value), name)
    return name if model is None else model.slug


def _value(preferences: Preferences, preference: Preference) -> PreferenceValue:
    value: PreferenceValue = getattr(preferences, preference)
    return value
