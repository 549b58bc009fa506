"""Updates are read as far as it takes to store them."""

import asyncio
import json
import warnings

import pytest
from aiogram import Bot, Dispatcher
from hypothesis import given
from hypothesis import strategies as st

from bot.metrics import Metrics
from bot.model import StoredUpdate, UpdateUnreadable
from bot.telegram.arrivals import handle, read_arrival, read_arrivals

TOKEN = "123456789:" + "a" * 35
ANN = {"id": 7, "is_bot": False, "first_name": "Ann"}
CLUB = {"id": -100, "type": "group", "title": "Club"}
MESSAGE = {"message_id": 1, "date": 1, "chat": CLUB, "from": ANN, "text": "Hi"}
PRESS = {"id": "1", "from": ANN, "chat_instance": "1", "data": "x"}


@pytest.mark.parametrize(
    ("news", "chat_id"),
    [
        ({"message": MESSAGE}, -100),
        ({"edited_message": MESSAGE | {"edit_date": 2}}, -100),
        ({"callback_query": PRESS | {"message": MESSAGE}}, -100),
        ({"callback_query": PRESS | {"inline_message_id": "1"}}, 7),
        ({"inline_query": {"id": "1", "from": ANN, "query": "", "offset": ""}}, 7),
        ({"guest_message": MESSAGE | {"guest_query_id": "1"}}, 7),
        ({"guest_message": MESSAGE | {"guest_query_id": "1", "sender_chat": CLUB}}, -100),
        ({"something": {"newer": "than this program"}}, 0),
        ({}, 0),
    ],
)
def test_an_update_belongs_to_its_chat_or_else_to_its_person(
    news: dict[str, object], chat_id: int
) -> None:
    body = json.dumps({"update_id": 3, **news})

    arrival = read_arrival(body)

    assert arrival is not None
    assert (arrival.update_id, arrival.chat_id, arrival.body) == (3, chat_id, body)


def test_what_nobody_knows_is_not_handled_and_not_quoted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    body = json.dumps({"update_id": 3, "something": {"text": "a secret"}})
    stored = StoredUpdate(id=1, update_id=3, chat_id=0, body=body, attempts=1)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(handle(stored, dispatcher=Dispatcher(), bot=Bot(TOKEN), metrics=Metrics()))

    assert "a secret" not in "".join(capsys.readouterr())


def test_a_press_is_known_as_one() -> None:
    bodies = [
        json.dumps({"update_id": 1, **news})
        for news in ({"message": MESSAGE}, {"callback_query": PRESS | {"message": MESSAGE}})
    ]

    assert [arrival.is_press for arrival in read_arrivals(bodies)] == [False, True]


def test_an_update_that_cannot_be_read_is_left_out() -> None:
    bodies = ['{"update_id": 1}', '{"update_id": 2, "message": {}}', '{"update_id": 3}']

    assert [arrival.update_id for arrival in read_arrivals(bodies)] == [1, 3]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"1", b'{"update_id": "x"}', b'{"update_id": 1', b"\xff\xfe"]
)
def test_what_has_no_id_is_no_update(body: bytes) -> None:
    with pytest.raises(UpdateUnreadable):
        read_arrival(body)


@given(body=st.binary() | st.text().map(str.encode))
def test_whatever_is_posted_is_read_or_refused(body: bytes) -> None:
    with pytest.raises(UpdateUnreadable):
        read_arrival(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


@given(update_id=st.integers(0, 2**62), name=st.sampled_from(["message", "x"]), value=JSON)
def test_an_update_with_anything_in_it_is_read_or_left_out(
    update_id: int, name: str, value: object
) -> None:
    arrival = read_arrival(json.dumps({"update_id": update_id, name: value}))

    assert arrival is None or arrival.update_id == update_id
