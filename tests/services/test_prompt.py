import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PromptMissing
from bot.services.prompt import MAX_QUOTE_LENGTH, Quoted, compose


def test_in_private_the_model_gets_the_text_alone() -> None:
    assert compose("Hello", speaker=None, quoted=None) == "Hello"


def test_in_a_group_the_model_is_told_who_speaks() -> None:
    assert compose("Hello", speaker="Ann Lee", quoted=None) == "[Ann Lee] Hello"


def test_the_message_replied_to_comes_first_as_a_quotation() -> None:
    quoted = Quoted(author="Bob", text="one\n\ntwo")

    prompt = compose("Why?", speaker="Ann", quoted=quoted)

    assert prompt == "> [in reply to Bob]\n> one\n>\n> two\n\n[Ann] Why?"


def test_a_long_quotation_is_cut() -> None:
    quoted = Quoted(author="Bob", text="x" * (MAX_QUOTE_LENGTH + 1))

    prompt = compose("Why?", speaker=None, quoted=quoted)

    assert prompt.count("x") == MAX_QUOTE_LENGTH
    assert "x...\n" in prompt


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_nothing_to_ask_is_an_error(text: str) -> None:
    with pytest.raises(PromptMissing):
        compose(text, speaker="Ann", quoted=None)


@given(name=st.text(), text=st.text(alphabet="abc \n", min_size=1).filter(str.strip))
def test_no_name_can_pass_for_another_speaker(name: str, text: str) -> None:
    prompt = compose(text, speaker=name or "?", quoted=None)

    label, _, rest = prompt.partition("] ")
    assert label.startswith("[")
    assert "\n" not in label
    assert label.count("[") == 1
    assert rest.strip() == text.strip()
