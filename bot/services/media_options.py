"""Which options a picture or video can have, checked before anything is spent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.elumenta.catalog import MAX_SEED, Category, MediaModel
from bot.errors import MediaModelUnknown, OptionUnknown, OptionUnsupported, OptionValueInvalid
from bot.model import MediaKind, Preferences
from bot.services.catalogue import catalogued, models_for

MODEL = "model"
OPTIONS = {
    "size": "size",
    "aspect": "aspect_ratio",
    "quality": "quality",
    "style": "style",
    "format": "format",
    "seed": "seed",
    "no": "negative_prompt",
    "duration": "duration",
}
"""What people write, and what the API calls it; `model` comes besides."""

DEFAULT_FORMAT = "png"
"""The service's own default is webp, which Telegram may take for a sticker."""

MAX_SHOWN_LENGTH = 40
LETTERS_LIKE_X = str.maketrans("×хx*", "xxxx")  # noqa: RUF001 - people write sizes with these
SYNONYMS = {"jpg": "jpeg"}
NO_WISHES = Preferences()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A model and what it shall be told, in the names of the API."""

    model: MediaModel
    params: Mapping[str, str | int]


def choose(
    kind: MediaKind,
    options: Mapping[str, str],
    *,
    default_model: str,
    wishes: Preferences = NO_WISHES,
) -> Choice:
    """Check what a person wrote against the catalogue and complete it.

    What they left open is as their chat *wishes*, where the model can do that. Raises
    MediaModelUnknown, OptionUnknown, OptionUnsupported or OptionValueInvalid.
    """
    model = _find(kind, options.get(MODEL, default_model))
    params = _wished(model, wishes)
    if "format" in model.options:
        params["format"] = DEFAULT_FORMAT

    for name, value in options.items():
        if name != MODEL:
            parameter = _parameter(model, name)
            params[parameter] = _read(model, parameter, value)

    return Choice(model=model, params=params)


def option_name(parameter: str) -> str:
    """Say how people call an option of the API: `no` for `negative_prompt`."""
    return next(name for name, called in OPTIONS.items() if called == parameter)


def unknown_option(name: str) -> OptionUnknown:
    """Tell a person which options there are."""
    return OptionUnknown(option=shown(f"--{name}"), known=_listed([MODEL, *OPTIONS]))


def shown(text: str) -> str:
    """Cut what a person wrote, so that a message about it is not too long to be sent."""
    return text if len(text) <= MAX_SHOWN_LENGTH else f"{text[:MAX_SHOWN_LENGTH]}…"


def _find(kind: MediaKind, name: str) -> MediaModel:
    model = catalogued(kind, name)
    if model is None:
        known = ", ".join(one.slug for one in models_for(kind))
        raise MediaModelUnknown(model=shown(name), known=known)
    return model


def _wished(model: MediaModel, wishes: Preferences) -> dict[str, str | int]:
    """Give the wishes that the model can fulfil; a size may be one in pixels or a ratio."""
    wanted: dict[str, str | int | None]
    match model.category:
        case Category.IMAGE:
            wanted = {"size": wishes.image_size, "aspect_ratio": wishes.image_size}
        case Category.VIDEO:
            wanted = {"duration": wishes.video_seconds, "aspect_ratio": wishes.video_aspect}
    return {
        parameter: value
        for parameter, value in wanted.items()
        if value is not None and value in model.options.get(parameter, ())
    }


def _parameter(model: MediaModel, name: str) -> str:
    parameter = OPTIONS.get(name)
    if parameter is None:
        raise unknown_option(name)
    if parameter not in model.options:
        known = _listed(one for one, called in OPTIONS.items() if called in model.options)
        raise OptionUnsupported(option=f"--{name}", model=model.slug, known=known)
    return parameter


def _read(model: MediaModel, parameter: str, written: str) -> str | int:
    if parameter == "negative_prompt":
        return written.strip()

    values = model.options[parameter]
    value = _seed(written) if parameter == "seed" else _one_of(values, written)
    if value is None:
        raise OptionValueInvalid(
            option=f"--{option_name(parameter)}",
            value=shown(written),
            model=model.slug,
            known=", ".join(map(str, values)) or f"0–{MAX_SEED}",  # noqa: RUF001 - a range
        )
    return value


def _seed(written: str) -> int | None:
    digits = written.strip()
    if not digits.isdecimal() or len(digits) > len(str(MAX_SEED)):
        return None
    return seed if (seed := int(digits)) <= MAX_SEED else None


def _one_of(values: Iterable[str | int], written: str) -> str | int | None:
    plain = "".join(written.split()).lower().translate(LETTERS_LIKE_X)
    plain = SYNONYMS.get(plain, plain)
    return next((value for value in values if plain in _spellings(value)), None)


def _spellings(value: str | int) -> set[str]:
    """A number may be followed by the letter of seconds, Latin or Cyrillic."""
    if isinstance(value, str):
        return {value}
    return {str(value), f"{value}s", f"{value}с"}  # noqa: RUF001 - people write both


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"--{name}" for name in names)
