import re
from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.errors import OptionUnknown, OptionValueMissing
from bot.services.media_options import MODEL, OPTIONS
from bot.telegram.options import MediaRequest, parse, spell

NAMES = [MODEL, *OPTIONS]
KNOWN = ", ".join(f"--{name}" for name in NAMES)

pieces = st.sampled_from("-–—=\"'“”«»‘’ax \n\u2028\x1c") | st.sampled_from(
    ["-- ", *(f" --{name} " for name in NAMES)]
)

wild_texts = st.text() | st.lists(pieces).map("".join)
"""Any text, and those that look like options."""

values = (
    wild_texts.map(lambda text: " ".join(text.split()))
    .filter(bool)
    .filter(lambda value: not set("\"'”»’") <= set(value))
)
"""Values as they are read, on one line, but for those with quotes of every kind."""


def request(prompt: str = "", **options: str) -> MediaRequest:
    return MediaRequest(options=options, prompt=prompt)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", request()),
        (" \n ", request()),
        ("a fox", request("a fox")),
        ("--size 768x1344 a fox", request("a fox", size="768x1344")),
        ("--size=768x1344 a fox", request("a fox", size="768x1344")),
        ("--size = 768x1344 a fox", request("a fox", size="768x1344")),
        ("--SIZE 768x1344 a fox", request("a fox", size="768x1344")),
        ("--size\n768x1344\na fox", request("a fox", size="768x1344")),
        ("--seed -5 a fox", request("a fox", seed="-5")),
        ("--seed 1 --seed 2 a fox", request("a fox", seed="2")),
        ("--seed 1", request(seed="1")),
        ("--seed 1 --", request(seed="1")),
        (
            "--model flux-1.1-pro --size 768x1344 --seed 42 --no blurry, distorted -- a fox",
            request(
                "a fox", model="flux-1.1-pro", size="768x1344", seed="42", no="blurry, distorted"
            ),
        ),
    ],
)
def test_options_are_taken_off_the_prompt(text: str, expected: MediaRequest) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("-- a fox", "a fox"),
        ("--\n\n a fox", "a fox"),
        ("-- --seed 1", "--seed 1"),
        ("-- -- a fox", "-- a fox"),
        ("--- a fox", "a fox"),
        ("— a fox", "a fox"),
        ("—- a fox", "a fox"),
        ("- a fox", "- a fox"),
        ("a fox --seed 1", "a fox --seed 1"),
        ("a fox --ar 3:2 --stylize 250", "a fox --ar 3:2 --stylize 250"),
        ("  a  fox\n\n\tand   hens -- \n", "a  fox\n\n\tand   hens --"),
        ('"Hello" on a wall', '"Hello" on a wall'),
    ],
)
def test_from_its_first_word_on_the_prompt_is_kept_as_it_is(text: str, prompt: str) -> None:
    assert parse(text) == request(prompt)


@pytest.mark.parametrize("dash", ["--", "—", "–", "—-", "---"])
def test_phones_turn_two_hyphens_into_a_dash(dash: str) -> None:
    text = f"{dash}size 1x1 {dash}no red, blue {dash} a fox {dash}ar 3:2"

    assert parse(text) == request(f"a fox {dash}ar 3:2", size="1x1", no="red, blue")


@pytest.mark.parametrize(
    "quoted",
    ['"a b"', "'a b'", "“a b”", "«a b»", "„a b“", "„a b”", "‘a b’", '" a\n b "', '="a b"'],
)
@pytest.mark.parametrize("option", ["style", "no"])
def test_a_value_of_several_words_is_quoted(option: str, quoted: str) -> None:
    assert parse(f"--{option} {quoted} a fox") == request("a fox", **{option: "a b"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--no red, blue", request(no="red, blue")),
        ("--no red,\n blue --seed 1 a fox", request("a fox", no="red, blue", seed="1")),
        ("--no red, blue --SEED=1 a fox", request("a fox", no="red, blue", seed="1")),
        ("--no black-and-white - ever -- a fox", request("a fox", no="black-and-white - ever")),
        ('--no "red, --seed 1 -- it" a fox', request("a fox", no="red, --seed 1 -- it")),
        ('--no "red", "blue" -- a fox', request("a fox", no='"red", "blue"')),
        ("--no 'tis -- a fox's den", request("a fox's den", no="'tis")),
        ('--no "open -- a fox', request("a fox", no='"open')),
    ],
)
def test_no_takes_all_words_up_to_the_next_option(text: str, expected: MediaRequest) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("--sizes 1x1 a fox", "--sizes"),
        ("--Steps=30 a fox", "--Steps"),
        ("—ar 3:2 a fox", "--ar"),
        ("--seed 1 --ar 3:2 a fox", "--ar"),
        ("--no red --ar 3:2 -- a fox", "--ar"),
        ("--=1 a fox", "--=1"),
        ("--" + "x" * 4000, "--" + "x" * 38 + "…"),
    ],
)
def test_an_unknown_option_is_answered_with_those_that_there_are(text: str, option: str) -> None:
    with pytest.raises(OptionUnknown) as failure:
        parse(text)

    assert failure.value.arguments == {"option": option, "known": KNOWN}


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("--size", "--size"),
        ("--SIZE=", "--size"),
        ("--size --seed 1 a fox", "--size"),
        ("--size -- a fox", "--size"),
        ("—size — a fox", "--size"),
        ('--size "" a fox', "--size"),
        ("--style « » a fox", "--style"),
        ("--no -- a fox", "--no"),
        ("--no --seed 1", "--no"),
        ("--no", "--no"),
    ],
)
def test_an_option_without_a_value_is_told(text: str, option: str) -> None:
    with pytest.raises(OptionValueMissing) as failure:
        parse(text)

    assert failure.value.arguments == {"option": option}


@given(text=wild_texts)
def test_no_text_breaks_the_reading(text: str) -> None:
    try:
        read = parse(text)
    except (OptionUnknown, OptionValueMissing):
        return

    assert read.options.keys() <= set(NAMES)
    assert all(value == " ".join(value.split()) != "" for value in read.options.values())
    assert text.strip().endswith(read.prompt)


@given(prompt=wild_texts)
def test_a_prompt_that_starts_with_no_dash_comes_back_as_it_is(prompt: str) -> None:
    assume(not re.match(r"--|—|–|-–|-—", prompt.strip()))

    assert parse(prompt) == request(prompt.strip())


@given(
    options=st.dictionaries(st.sampled_from(NAMES), values),
    prompt=wild_texts,
)
def test_what_is_spelled_is_read_back(options: Mapping[str, str], prompt: str) -> None:
    spelled = spell(options)

    assert len(spelled.splitlines()) <= 1
    assert parse(f"{spelled} -- {prompt}") == MediaRequest(options=options, prompt=prompt.strip())


@pytest.mark.parametrize(
    ("options", "spelled"),
    [
        ({}, ""),
        ({"size": "768x1344", "seed": "42"}, "--size 768x1344 --seed 42"),
        ({"no": "red, blue"}, '--no "red, blue"'),
        ({"no": "--size"}, '--no "--size"'),
        ({"no": "=1"}, '--no "=1"'),
        ({"style": 'so "called"'}, "--style 'so \"called\"'"),
        ({"style": "'\"”»"}, "--style ‘'\"”»’"),
    ],
)
def test_values_are_quoted_where_they_must_be(options: dict[str, str], spelled: str) -> None:
    assert spell(options) == spelled


def test_where_every_quote_is_taken_double_quotes_become_single() -> None:
    spelled = spell({"no": "every \" ' ” » “ ’ of them"})

    assert parse(spelled) == request(no="every ' ' ” » “ ’ of them")
