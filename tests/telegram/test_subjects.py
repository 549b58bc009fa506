from datetime import UTC, datetime

import pytest
from aiogram.types import Chat, Message, User
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.subjects import Subject, chat_name, label, person_name, subject_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)
OLGA = User(id=1, is_bot=False, first_name="Olga")
ANN = User(id=2, is_bot=False, first_name="Ann", username="ann", language_code="ru")
BOT = User(id=3, is_bot=True, first_name="Elumenta")
HIDDEN = User(id=1087968824, is_bot=True, first_name="Group")
CLUB = Chat(id=-5, type="group", title="Club")
HOME = Chat(id=1, type="private", first_name="Olga")
NEWS = Chat(id=-9, type="channel", title="News", username="news")


def a_message(
    *,
    chat: Chat = HOME,
    author: User = OLGA,
    sender_chat: Chat | None = None,
    reply_to: Message | None = None,
) -> Message:
    return Message(
        message_id=1,
        date=NOW,
        chat=chat,
        from_user=author,
        sender_chat=sender_chat,
        reply_to_message=reply_to,
        text="…",
    )


BY_ANN = a_message(chat=CLUB, author=ANN)
REPLY = a_message(chat=CLUB, reply_to=BY_ANN)
ALONE = a_message(chat=CLUB)
THE_REPLIED = Subject(id=2, name="Ann @ann", language="ru")
THE_CLUB = Subject(id=-5, name="Club")


@pytest.mark.parametrize(
    ("message", "args", "subject"),
    [
        (a_message(), "7", Subject(id=7)),
        (a_message(), " -1001234567890 ", Subject(id=-1001234567890)),
        (REPLY, "", THE_REPLIED),
        (REPLY, "7", Subject(id=7)),
        (ALONE, "", THE_CLUB),
        (ALONE, "7 and more", Subject(id=7, rest="and more")),
        (a_message(), "", None),
        (a_message(), "@ann", None),
        (ALONE, "Ann", None),
    ],
)
def test_an_id_comes_before_a_reply_and_that_before_the_group(
    message: Message, args: str, subject: Subject | None
) -> None:
    assert subject_of(message, args) == subject


@pytest.mark.parametrize(
    ("message", "args", "subject"),
    [
        (a_message(), "7 500", Subject(id=7, rest="500")),
        (a_message(), "7", Subject(id=7)),
        (a_message(), "", None),
        (REPLY, "7 500", Subject(id=7, rest="500")),
        (REPLY, "500", Subject(id=2, name="Ann @ann", language="ru", rest="500")),
        (ALONE, "500", Subject(id=-5, name="Club", rest="500")),
        (a_message(chat=CLUB, reply_to=a_message(chat=CLUB, author=BOT)), "500", None),
    ],
)
def test_a_value_is_not_taken_for_an_id_where_somebody_else_is_meant(
    message: Message, args: str, subject: Subject | None
) -> None:
    assert subject_of(message, args, values=1) == subject


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        (NEWS, Subject(id=-9, name="News @news")),
        (CLUB, Subject(id=-5, name="Club")),
    ],
)
def test_a_hidden_author_is_the_chat_in_whose_name_they_write(
    sender: Chat, subject: Subject
) -> None:
    hidden = a_message(chat=CLUB, author=HIDDEN, sender_chat=sender)

    assert subject_of(a_message(chat=CLUB, reply_to=hidden), "") == subject


def test_a_reply_to_the_bot_means_nobody() -> None:
    by_bot = a_message(chat=CLUB, author=BOT)

    assert subject_of(a_message(chat=CLUB, reply_to=by_bot), "") is None


@pytest.mark.parametrize(
    "word", ["0", "-0", "1_000", "+5", "٣", "9223372036854775808", "-" + "9" * 19, "9" * 400]
)
def test_what_is_no_id_is_not_taken_for_one(word: str) -> None:
    assert subject_of(a_message(), word) is None


@given(args=st.text(), values=st.integers(min_value=0, max_value=2))
def test_whatever_is_written_the_id_fits_the_database(args: str, values: int) -> None:
    for message in (a_message(), ALONE, REPLY):
        found = subject_of(message, args, values=values)
        assert found is None or (found.id != 0 and -(2**63) < found.id < 2**63)


@given(name=st.text(), title=st.text())
def test_a_name_is_one_line_that_can_be_written_anywhere(name: str, title: str) -> None:
    user = User(id=1, is_bot=False, first_name=name, username="ann")
    for shown in (person_name(user), chat_name(Chat(id=-1, type="group", title=title))):
        assert len(shown) <= 80
        assert shown == " ".join(shown.split())
        assert all(char.isprintable() or char in "\u200c\u200d" for char in shown)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ann\nOwner", "Ann Owner @ann"),
        ("\u202eevil", "evil @ann"),
        ("👩\u200d🚀", "👩\u200d🚀 @ann"),
        ("", "@ann"),
        ("x" * 100, "x" * 59 + "… @ann"),
    ],
)
def test_a_name_cannot_pretend_to_be_more(name: str, shown: str) -> None:
    assert person_name(User(id=1, is_bot=False, first_name=name, username="ann")) == shown


def test_people_of_the_same_name_can_be_told_apart() -> None:
    assert label(7, "Ann") == "Ann (7)"
    assert label(7, "") == "7"
