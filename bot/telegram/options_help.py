"""What `/help image` and `/help video` say: how to write an order, and what each model takes."""

from bot.elumenta.catalog import MediaModel
from bot.i18n import Localizer
from bot.model import MediaKind
from bot.services.catalogue import catalogued, models_for
from bot.services.media_options import MODEL, OPTIONS, option_name

SHAPES = ("size", "aspect_ratio", "format")
"""What an example may show, if its model takes it: the second of its values."""

LEFT_OUT = {MediaKind.IMAGE: "text, frame", MediaKind.VIDEO: "people, cars"}
PROMPTS = {MediaKind.IMAGE: "portrait of a fox", MediaKind.VIDEO: "a paper boat in the rain"}


def explain_options(kind: MediaKind, t: Localizer, *, default_model: str) -> str:
    """Explain how to order, with an example and all models; it fits into one message."""
    models = models_for(kind)
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
    model = catalogued(kind, default_model)
    words = [f"/{kind}"]
    if model is None:
        model = models_for(kind)[0]
        words.append(f"--{MODEL} {model.slug}")

    shape = next(one for one in SHAPES if one in model.options)
    words.append(f"--{option_name(shape)} {model.options[shape][1]}")
    if "negative_prompt" in model.options:
        words.append(f"--{option_name('negative_prompt')} {LEFT_OUT[kind]} --")

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
