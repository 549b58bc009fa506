"""What `/help image` and `/help video` say: how to write an order, and what each model takes."""

from bot.elumenta.catalog import Category, MediaModel, find_model, models_of
from bot.i18n import Localizer
from bot.model import MediaKind
from bot.services.media_options import MODEL, OPTIONS, option_name

SHAPES = ("size", "aspect_ratio", "format")
"""What an example may show, if its model takes it: the second of its values."""

UNWANTED = {MediaKind.IMAGE: "text, frame", MediaKind.VIDEO: "people, cars"}
PROMPTS = {MediaKind.IMAGE: "portrait of a fox", MediaKind.VIDEO: "a paper boat in the rain"}


def describe(kind: MediaKind, t: Localizer, *, default_model: str) -> str:
    """Explain how to order, with an example and all models; it fits into one message."""
    models = models_of(Category(kind.value))
    everywhere = _shared(models)

    shown = example(kind, default_model)
    shared = "; ".join(everywhere)
    lines = "\n".join(_line(model, without=everywhere) for model in models)
    match kind:
        case MediaKind.IMAGE:
            return t(
                "options-help-image",
                example=shown,
                model=default_model,
                models=lines,
                shared=shared,
            )
        case MediaKind.VIDEO:
            return t(
                "options-help-video",
                example=shown,
                model=default_model,
                models=lines,
                shared=shared,
            )


def example(kind: MediaKind, default_model: str) -> str:
    """Write a short order that is accepted as it is."""
    category = Category(kind.value)
    model = find_model(default_model, category)
    words = [f"/{kind}"]
    if model is None:
        model = models_of(category)[0]
        words.append(f"--{MODEL} {model.slug}")

    shape = next(one for one in SHAPES if one in model.options)
    words.append(f"--{option_name(shape)} {model.options[shape][1]}")
    if "negative_prompt" in model.options:
        words.append(f"--{option_name('negative_prompt')} {UNWANTED[kind]} --")

    return " ".join([*words, PROMPTS[kind]])


def _line(model: MediaModel, *, without: list[str]) -> str:
    own = [option for option in _options(model) if option not in without]
    return f"• {model.slug} ({_price(model)}){': ' if own else ''}{'; '.join(own)}"


def _shared(models: tuple[MediaModel, ...]) -> list[str]:
    first, *others = map(_options, models)
    return [option for option in first if all(option in options for options in others)]


def _options(model: MediaModel) -> list[str]:
    """Each option with its values: `--style vivid, natural`."""
    return [
        f"--{name} {', '.join(map(str, model.options[parameter]))}".strip()
        for name, parameter in OPTIONS.items()
        if parameter in model.options
    ]


def _price(model: MediaModel) -> str:
    lowest, highest = model.min_tokens, model.max_tokens
    return str(lowest) if lowest == highest else f"{lowest}–{highest}"  # noqa: RUF001 - a range
