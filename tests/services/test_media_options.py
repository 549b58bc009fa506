import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.elumenta.catalog import CATALOG, MAX_SEED, Category, MediaModel
from bot.errors import (
    BotError,
    MediaModelUnknown,
    OptionUnknown,
    OptionUnsupported,
    OptionValueInvalid,
)
from bot.model import MediaKind, Preferences
from bot.services.media_options import MAX_SHOWN_LENGTH, OPTIONS, Choice, choose, option_name

DEFAULTS = {MediaKind.IMAGE: "flux-1.1-pro", MediaKind.VIDEO: "kling-v2.1"}

SIZES = st.sampled_from(
    sorted({str(one) for model in CATALOG for values in model.options.values() for one in values})
)


def chosen(kind: MediaKind, /, **options: str) -> Choice:
    return choose(kind, options, default_model=DEFAULTS[kind])


def attempt(kind: MediaKind, options: dict[str, str]) -> Choice | BotError:
    try:
        return choose(kind, options, default_model=DEFAULTS[kind])
    except BotError as error:
        return error


def every_value() -> list[tuple[MediaModel, str, str | int]]:
    """Each model with each value that it lists."""
    return [
        (model, parameter, value)
        for model in CATALOG
        for parameter, values in model.options.items()
        for value in values
    ]


def test_nothing_chosen_means_the_default_model_and_a_png() -> None:
    choice = chosen(MediaKind.IMAGE)

    assert choice.model.slug == "flux-1.1-pro"
    assert choice.params == {"format": "png"}


def test_a_video_has_no_format() -> None:
    choice = chosen(MediaKind.VIDEO)

    assert choice.model.slug == "kling-v2.1"
    assert choice.params == {}


def test_options_get_the_names_and_types_of_the_api() -> None:
    choice = chosen(
        MediaKind.IMAGE, size="768x1344", seed="42", no="blurry, distorted", format="jpeg"
    )

    assert choice.params == {
        "size": "768x1344",
        "seed": 42,
        "negative_prompt": "blurry, distorted",
        "format": "jpeg",
    }


@pytest.mark.parametrize(("model", "parameter", "value"), every_value())
def test_whatever_the_catalogue_lists_is_taken(
    model: MediaModel, parameter: str, value: str | int
) -> None:
    kind = MediaKind(model.category.value)
    options = {"model": model.slug, option_name(parameter): str(value).upper()}

    choice = choose(kind, options, default_model="nonesuch")

    assert choice.model is model
    assert choice.params[parameter] == value
    assert type(choice.params[parameter]) is type(value)


@pytest.mark.parametrize(
    ("option", "written", "sent"),
    [
        ("size", "768X1344", "768x1344"),
        ("size", "768×1344", "768x1344"),
        ("size", "768х1344", "768x1344"),
        ("size", "768Х1344", "768x1344"),
        ("size", "768*1344", "768x1344"),
        ("size", "768 x 1344", "768x1344"),
        ("format", "JPG", "jpeg"),
        ("seed", "0", 0),
        ("seed", str(MAX_SEED), MAX_SEED),
        ("no", "  Two Words ", "Two Words"),
    ],
)
def test_the_ways_people_write_a_value(option: str, written: str, sent: str | int) -> None:
    choice = chosen(MediaKind.IMAGE, **{option: written})

    assert choice.params[OPTIONS[option]] == sent


@pytest.mark.parametrize("written", ["10", "10s", "10 s", "10S", "10с"])
def test_the_ways_people_write_a_duration(written: str) -> None:
    choice = chosen(MediaKind.VIDEO, duration=written)

    assert choice.params == {"duration": 10}


def test_a_former_name_of_a_model_is_sent_as_the_one_of_today() -> None:
    assert chosen(MediaKind.IMAGE, model="Midjourney-V6").model.slug == "midjourney"


@pytest.mark.parametrize(
    ("kind", "name"), [(MediaKind.IMAGE, "kling-v2.1"), (MediaKind.VIDEO, "flux-1.1-pro")]
)
def test_a_model_of_the_other_kind_is_answered_with_those_of_this(
    kind: MediaKind, name: str
) -> None:
    with pytest.raises(MediaModelUnknown) as failure:
        chosen(kind, model=name)

    known = str(failure.value.arguments["known"]).split(", ")
    assert failure.value.arguments["model"] == name
    assert known == [model.slug for model in CATALOG if model.category == Category(kind.value)]


def test_a_default_that_the_catalogue_lacks_can_be_stepped_around() -> None:
    with pytest.raises(MediaModelUnknown):
        choose(MediaKind.IMAGE, {}, default_model="nonesuch")

    choice = choose(MediaKind.IMAGE, {"model": "photon"}, default_model="nonesuch")
    assert choice.model.slug == "photon"


@pytest.mark.parametrize(
    ("kind", "options", "known"),
    [
        (MediaKind.IMAGE, {"aspect": "9:16"}, "--size, --format, --seed, --no"),
        (MediaKind.IMAGE, {"model": "midjourney", "size": "16:9"}, "--aspect, --format"),
        (MediaKind.IMAGE, {"duration": "5"}, "--size, --format, --seed, --no"),
        (MediaKind.IMAGE, {"model": "photon", "seed": "1"}, "--format"),
        (MediaKind.VIDEO, {"seed": "1"}, "--aspect, --no, --duration"),
    ],
)
def test_an_option_that_the_model_lacks_is_answered_with_those_it_has(
    kind: MediaKind, options: dict[str, str], known: str
) -> None:
    with pytest.raises(OptionUnsupported) as failure:
        chosen(kind, **options)

    *_, option = options
    assert failure.value.arguments["option"] == f"--{option}"
    assert failure.value.arguments["model"] == options.get("model", DEFAULTS[kind])
    assert failure.value.arguments["known"] == known


@pytest.mark.parametrize(
    ("kind", "option", "value", "known"),
    [
        (MediaKind.IMAGE, "format", "gif", "webp, png, jpeg"),
        (MediaKind.IMAGE, "seed", "many", "0–4294967295"),
        (MediaKind.IMAGE, "seed", "-5", "0–4294967295"),
        (MediaKind.IMAGE, "seed", "4.2", "0–4294967295"),
        (MediaKind.IMAGE, "seed", str(MAX_SEED + 1), "0–4294967295"),
        (MediaKind.IMAGE, "seed", "²", "0–4294967295"),
        (MediaKind.VIDEO, "duration", "7", "5, 10"),
        (MediaKind.VIDEO, "duration", "s", "5, 10"),
        (MediaKind.VIDEO, "aspect", "4:3", "16:9, 9:16, 1:1"),
    ],
)
def test_a_value_that_the_model_does_not_take_is_answered_with_those_it_does(
    kind: MediaKind, option: str, value: str, known: str
) -> None:
    with pytest.raises(OptionValueInvalid) as failure:
        chosen(kind, **{option: value})

    assert failure.value.arguments == {
        "option": f"--{option}",
        "value": value,
        "model": DEFAULTS[kind],
        "known": known,
    }


def test_what_goes_back_to_the_person_is_cut() -> None:
    with pytest.raises(OptionValueInvalid) as failure:
        chosen(MediaKind.IMAGE, seed="9" * 4000)

    assert failure.value.arguments["value"] == "9" * MAX_SHOWN_LENGTH + "…"


def test_an_option_that_does_not_exist_is_answered_with_all_that_do() -> None:
    with pytest.raises(OptionUnknown) as failure:
        chosen(MediaKind.IMAGE, steps="30")

    assert failure.value.arguments == {
        "option": "--steps",
        "known": "--model, --size, --aspect, --quality, --style, --format, --seed, --no, "
        "--duration",
    }


@given(
    model=st.sampled_from(CATALOG),
    size=st.none() | SIZES | st.text(),
    seconds=st.none() | st.sampled_from([5, 10]) | st.integers(),
    aspect=st.none() | SIZES | st.text(),
)
def test_a_wish_is_fulfilled_or_passed_over(
    model: MediaModel, size: str | None, seconds: int | None, aspect: str | None
) -> None:
    kind = MediaKind(model.category.value)
    wishes = Preferences(image_size=size, video_seconds=seconds, video_aspect=aspect)

    plain = choose(kind, {}, default_model=model.slug).params
    choice = choose(kind, {}, default_model=model.slug, wishes=wishes)

    added = {name: value for name, value in choice.params.items() if name not in plain}
    assert plain.items() <= choice.params.items()
    assert all(value in model.options[name] for name, value in added.items())
    assert set(added.values()) <= ({size} if kind is MediaKind.IMAGE else {seconds, aspect})


@given(
    kind=st.sampled_from(MediaKind),
    options=st.dictionaries(st.sampled_from(["model", *OPTIONS]) | st.text(), st.text()),
)
def test_whatever_is_written_is_taken_as_the_catalogue_says_or_explained(
    kind: MediaKind, options: dict[str, str]
) -> None:
    outcome = attempt(kind, options)

    if isinstance(outcome, BotError):
        assert all(len(str(argument)) < 200 for argument in outcome.arguments.values())
    else:
        taken = outcome.model.options
        assert all(value in (taken[name] or [value]) for name, value in outcome.params.items())
