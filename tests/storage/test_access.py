import asyncio

import pytest

from bot.model import AccessRule, Admin, Standing
from bot.storage.access import AccessStore
from bot.storage.engine import Database
from tests.storage.charges import ANN, BOB, GROUP, OTHER_GROUP
from tests.storage.orders import LATER, Clock
from tests.storage.questions import FIRST_MOMENT

ALLOWED, DENIED, ASKED = Standing


def rule(
    subject_id: int, standing: Standing, name: str = "Ann", *, is_later: bool = False
) -> AccessRule:
    return AccessRule(
        id=subject_id,
        standing=standing,
        name=name,
        changed_at=LATER if is_later else FIRST_MOMENT,
    )


async def test_nothing_holds_at_first(access: AccessStore) -> None:
    assert await access.rules() == []


@pytest.mark.parametrize("standing", Standing)
async def test_what_is_decided_holds(access: AccessStore, standing: Standing) -> None:
    decided = await access.decide(GROUP, standing, name="Клуб")

    assert decided
    assert await access.rules() == [rule(GROUP, standing, "Клуб")]


@pytest.mark.parametrize("before", Standing)
@pytest.mark.parametrize("after", Standing)
async def test_the_last_decision_holds(
    access: AccessStore, clock: Clock, before: Standing, after: Standing
) -> None:
    await access.decide(ANN, before, name="Ann")
    clock.moment = LATER

    decided = await access.decide(ANN, after, name="Anna")

    assert decided
    assert await access.rules() == [rule(ANN, after, "Anna", is_later=True)]


async def test_a_decision_without_a_name_keeps_the_known_one(access: AccessStore) -> None:
    await access.ask(ANN, name="Ann")

    await access.decide(ANN, ALLOWED, name=None)
    await access.decide(BOB, DENIED, name=None)

    assert await access.rules() == [rule(ANN, ALLOWED), rule(BOB, DENIED, "")]


@pytest.mark.parametrize("before", [None, *Standing])
@pytest.mark.parametrize("expected", Standing)
async def test_a_press_decides_only_what_it_was_shown_for(
    access: AccessStore, clock: Clock, before: Standing | None, expected: Standing
) -> None:
    if before is not None:
        await access.decide(ANN, before, name="Ann")
    known = await access.rules()
    clock.moment = LATER

    decided = await access.decide(ANN, DENIED, name=None, expected=expected)

    assert decided == (before is expected)
    assert await access.rules() == ([rule(ANN, DENIED, is_later=True)] if decided else known)


async def test_two_admins_who_press_at_once_decide_once(
    databases: tuple[Database, Database],
) -> None:
    stores = [AccessStore(database) for database in databases]
    await stores[0].ask(ANN, name="Ann")

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                stores[number % 2].decide(
                    ANN, ALLOWED if number % 3 else DENIED, name=None, expected=ASKED
                )
            )
            for number in range(12)
        ]

    assert sum(task.result() for task in tasks) == 1


async def test_who_asks_first_is_new(access: AccessStore) -> None:
    asked = [await access.ask(ANN, name="Ann"), await access.ask(ANN, name="Ann")]

    assert asked == [True, False]
    assert await access.rules() == [rule(ANN, ASKED)]


@pytest.mark.parametrize("standing", Standing)
async def test_asking_changes_the_name_and_nothing_else(
    access: AccessStore, clock: Clock, standing: Standing
) -> None:
    await access.decide(ANN, standing, name="Ann")
    clock.moment = LATER

    is_new = await access.ask(ANN, name="Anna")

    assert not is_new
    assert await access.rules() == [rule(ANN, standing, "Anna")]


async def test_who_asks_many_times_at_once_is_new_once(access: AccessStore) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(access.ask(ANN, name="Ann")) for _ in range(20)]

    assert sum(task.result() for task in tasks) == 1


async def test_rules_are_listed_as_they_were_changed(access: AccessStore, clock: Clock) -> None:
    await access.ask(BOB, name="Bob")
    await access.ask(ANN, name="Ann")
    clock.moment = LATER

    await access.decide(ANN, ALLOWED, name=None)

    assert [known.id for known in await access.rules()] == [BOB, ANN]


@pytest.mark.parametrize("standing", Standing)
async def test_what_holds_for_a_group_moves_with_it(
    access: AccessStore, standing: Standing
) -> None:
    await access.decide(GROUP, standing, name="Club")
    await access.decide(ANN, DENIED, name="Ann")

    for _ in range(2):
        await access.move(GROUP, OTHER_GROUP)

    assert sorted(await access.rules(), key=lambda known: known.id) == [
        rule(OTHER_GROUP, standing, "Club"),
        rule(ANN, DENIED),
    ]


@pytest.mark.parametrize(
    ("old", "new", "after"),
    [
        (DENIED, ASKED, DENIED),
        (ALLOWED, ASKED, ALLOWED),
        (DENIED, ALLOWED, ALLOWED),
        (ALLOWED, DENIED, DENIED),
        (ASKED, DENIED, DENIED),
    ],
)
async def test_what_was_decided_about_the_new_group_outlives_the_move(
    access: AccessStore, old: Standing, new: Standing, after: Standing
) -> None:
    await access.decide(GROUP, old, name="Club")
    await access.decide(OTHER_GROUP, new, name="Club")

    await access.move(GROUP, OTHER_GROUP)

    assert await access.rules() == [rule(OTHER_GROUP, after, "Club")]


async def test_the_bot_is_claimed_once(access: AccessStore) -> None:
    claimed = [
        await access.claim(ANN, language="ru"),
        await access.claim(BOB, language="en"),
        await access.claim(ANN, language="en"),
    ]

    assert claimed == [True, False, False]
    assert await access.admins() == [
        Admin(person_id=ANN, language="ru", has_claimed=True, has_menu=False)
    ]


async def test_somebody_who_is_known_can_claim_the_bot(access: AccessStore) -> None:
    await access.note_menu(ANN, has_menu=True)
    await access.note_language(BOB, "ru")

    claimed = await access.claim(ANN, language=None)

    assert claimed
    assert await access.admins() == [
        Admin(person_id=ANN, language=None, has_claimed=True, has_menu=True),
        Admin(person_id=BOB, language="ru", has_claimed=False, has_menu=False),
    ]


async def test_somebody_who_is_known_cannot_claim_what_is_claimed(access: AccessStore) -> None:
    await access.note_language(BOB, "ru")
    await access.claim(ANN, language="en")

    claimed = await access.claim(BOB, language="en")

    assert not claimed
    assert await access.admins() == [
        Admin(person_id=ANN, language="en", has_claimed=True, has_menu=False),
        Admin(person_id=BOB, language="ru", has_claimed=False, has_menu=False),
    ]


async def test_many_who_claim_at_once_are_one_owner(
    databases: tuple[Database, Database],
) -> None:
    stores = [AccessStore(database) for database in databases]

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(stores[number % 2].claim(ANN + number, language="en"))
            for number in range(20)
        ]

    owners = [admin.person_id for admin in await stores[0].admins() if admin.has_claimed]
    assert [ANN + number for number, task in enumerate(tasks) if task.result()] == owners
    assert len(owners) == 1


async def words_of_two_starts(database: Database) -> list[str | None]:
    access, words = AccessStore(database), []
    for word in ("claim-one", "claim-two"):
        await access.put_claim_code(word)
        words.append(await access.claim_code())
    return words


async def test_each_start_of_a_bot_that_is_alone_has_a_word_of_its_own(
    sqlite_database: Database,
) -> None:
    assert await words_of_two_starts(sqlite_database) == ["claim-one", "claim-two"]


async def test_replicas_know_the_word_of_the_first(postgresql_database: Database) -> None:
    assert await words_of_two_starts(postgresql_database) == ["claim-one", "claim-one"]


async def test_what_is_noted_of_an_admin_leaves_the_rest_alone(access: AccessStore) -> None:
    await access.claim(ANN, language="ru")

    await access.note_menu(ANN, has_menu=True)
    await access.note_language(ANN, "en")
    await access.note_menu(BOB, has_menu=True)
    await access.note_menu(BOB, has_menu=False)

    assert await access.admins() == [
        Admin(person_id=ANN, language="en", has_claimed=True, has_menu=True),
        Admin(person_id=BOB, language=None, has_claimed=False, has_menu=False),
    ]
