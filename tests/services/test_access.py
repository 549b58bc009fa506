import pytest

from bot.services.access import AccessService

CLOSED = AccessService(open_to_all=False, admin_ids={1}, allowed_ids={2, -3})


@pytest.mark.parametrize(
    ("person_id", "chat_id", "allowed"),
    [
        (1, 1, True),
        (1, -9, True),
        (2, 2, True),
        (9, -3, True),
        (None, -3, True),
        (9, 9, False),
        (9, -9, False),
        (None, -9, False),
    ],
)
def test_a_closed_bot_serves_known_people_and_chats_only(
    person_id: int | None, chat_id: int, *, allowed: bool
) -> None:
    assert CLOSED.allows(person_id=person_id, chat_id=chat_id) is allowed


def test_an_open_bot_serves_everybody() -> None:
    access = AccessService(open_to_all=True, admin_ids=set(), allowed_ids=set())

    assert access.allows(person_id=None, chat_id=-9)


def test_a_closed_bot_without_anybody_knows_that_it_is_of_no_use() -> None:
    assert not AccessService(open_to_all=False, admin_ids=set(), allowed_ids=set()).admits_anybody
    assert CLOSED.admits_anybody
