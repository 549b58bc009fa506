import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PromptMissing
from bot.services.prompt import MAX_QUOTE_LENGTH, Quoted, TextFile, compose


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


def test_a_file_comes_with_its_name_before_what_is_said_about_it() -> None:
    file = TextFile(name="notes.txt", text="one\ntwo\n")

    prompt = compose("Sum it up", speaker="Ann", quoted=None, file=file)

    assert prompt == "[file notes.txt]\n```\none\ntwo\n```\n\n[Ann] Sum it up"


def test_a_file_is_a_question_without_a_word_about_it() -> None:
    file = TextFile(name="notes.txt", text="one")

    assert compose("", speaker=None, quoted=None, file=file) == "[file notes.txt]\n```\none\n```"


def test_an_empty_file_alone_asks_nothing() -> None:
    with pytest.raises(PromptMissing):
        compose("", speaker=None, quoted=None, file=TextFile(name="empty.txt", text="\n"))


def test_a_file_follows_the_message_that_it_is_quoted_with() -> None:
    quoted, file = Quoted(author="Bob", text="Here"), TextFile(name="a", text="b")

    prompt = compose("Why?", speaker=None, quoted=quoted, file=file)

    assert prompt == "> [in reply to Bob]\n> Here\n\n[file a]\n```\nb\n```\n\nWhy?"


@given(text=st.text(alphabet="`a\n", max_size=60), name=st.text())
def test_no_file_can_end_before_it_ends(text: str, name: str) -> None:
    prompt = compose("Why?", speaker=None, quoted=None, file=TextFile(name=name, text=text))

    label, fence, *lines = prompt.split("\n")
    assert label.count("[") == 1
    assert set(fence) == {"`"}
    assert fence not in text
    assert lines[-3:] == [fence, "", "Why?"]
    assert "\n".join(lines[:-3]) == text.strip("\n")
