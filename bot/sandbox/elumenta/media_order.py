"""An order of a picture or a video, read as strictly as its model's page describes it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import HttpUrl, JsonValue, TypeAdapter, ValidationError

from bot.sandbox.elumenta.envelope import Envelope
from bot.sandbox.elumenta.model import Category, Model, Value
from bot.sandbox.elumenta.pricing import price
from bot.sandbox.elumenta.refusals import invalid

MAX_SEED = 2**32 - 1

IMAGE_SIZES = {
    "1:1": (1024, 1024),
    "2:3": (896, 1344),
    "3:2": (1344, 896),
    "9:16": (816, 1456),
    "16:9": (1456, 816),
}
VIDEO_SIZES = {"16:9": (320, 180), "9:16": (180, 320), "1:1": (240, 240)}

_URL = TypeAdapter(HttpUrl)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaOrder:
    """One accepted wish for a picture or a video."""

    model: Model
    prompt: str
    options: Mapping[str, Value]
    """All that was chosen, and the default of everything else."""

    @property
    def tokens(self) -> int:
        """What it costs."""
        return price(self.model, self.options)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the result."""
        if "size" in self.options:
            width, _, height = str(self.options["size"]).partition("x")
            return int(width), int(height)
        sizes = VIDEO_SIZES if self.model.category is Category.VIDEO else IMAGE_SIZES
        return sizes[str(self.options["aspect_ratio"])]

    @property
    def duration(self) -> int | None:
        """The length of a video in seconds."""
        return int(self.options["duration"]) if "duration" in self.options else None

    @property
    def extension(self) -> str:
        """The format of the file."""
        return str(self.options.get("format", "mp4"))


def read_media_order(model: Model, envelope: Envelope) -> MediaOrder:
    """Read an order; whatever its model does not know is refused with 422."""
    if not envelope.prompt:
        raise invalid({"prompt": "Field required"})

    named = {name: name for name in model.options}
    flat = {model.flat_names.get(name, name): name for name in model.options}
    given = _read(model, envelope.flat, flat) | _read(model, envelope.params, named)
    return MediaOrder(model=model, prompt=envelope.prompt, options=_defaults(model) | given)


def read_media_options(model: Model, params: Mapping[str, JsonValue]) -> Mapping[str, Value]:
    """Complete the options of a question for a price, where both names of an option may stand."""
    names = {name: name for name in model.options}
    names |= {flat: name for name, flat in model.flat_names.items()}
    return _defaults(model) | _read(model, params, names)


def _defaults(model: Model) -> dict[str, Value]:
    return {name: values[0] for name, values in model.options.items() if values}


def _read(
    model: Model, given: Mapping[str, JsonValue], names: Mapping[str, str]
) -> dict[str, Value]:
    """Check what is *given*; *names* lead from what it is called there to the option."""
    read: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for called, value in given.items():
        name = names.get(called)
        if name is None:
            problems[called] = f"'{model.slug}' has no such parameter"
        elif isinstance(value, str | int) and _fits(name, value, model.options[name]):
            read[name] = value
        else:
            problems[called] = f"{value!r} is not possible with '{model.slug}'"
    if problems:
        raise invalid(problems)
    return read


def _fits(name: str, value: Value, allowed: tuple[Value, ...]) -> bool:
    match name:
        case "seed":
            return type(value) is int and 0 <= value <= MAX_SEED
        case "negative_prompt":
            return isinstance(value, str) and bool(value.strip())
        case "image_url":
            return isinstance(value, str) and _is_web_address(value)
        case _:
            return value in allowed and not isinstance(value, bool)


def _is_web_address(value: str) -> bool:
    try:
        _URL.validate_python(value)
    except ValidationError:
        return False
    return True
