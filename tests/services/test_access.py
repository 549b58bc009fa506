import asyncio
from collections.abc import Set as AbstractSet
from datetime import timedelta

import pytest

from bot.model import AccessRule, Standing
from bot.services.access import AccessService
from bot.storage.access import AccessStore
from bot.storage.engine import Database
from tests.storage.orders import Clock

ADMIN, FRIEND, STRANGER, FOE = 1, 2, 9, 8
CLUB, YARD, DEN = -3, -9, -8


@pytest.fixture
def store(database: Database, clock: Clock) -> AccessStore:
    return AccessStore(database, now=clock)


async def started(
    store: AccessStore,
    *,
    is_open: bool = False,
    admins: AbstractSet[int] = frozenset(),
    allowed: AbstractSet[int] = frozenset(),
) -> AccessService:
    """Begin anew with what is stored, as the program does when it starts."""
    access = AccessService(store, open_to_all=is_open, admin_ids=admins, allowed_ids=allowed)
    await access.load()
    return access


async def busy(store: AccessStore, *, is_open: bool = False) -> AccessService:
    """A bot with friends and foes."""
    access = await started(store, is_open=is_open, admins={ADMIN}, allowed={FRIEND, CLUB})
    for subject_id in (FOE, DEN):
        await access.deny(subject_id)
    return access


@pytest.mark.parametrize(
    ("person_id", "chat_id", "is_allowed"),
    [
        (ADMIN, ADMIN, True),
        (ADMIN, YARD, True),
        (FRIEND, FRIEND, True),
        (FRIEND, YARD, True),
        (STRANGER, CLUB, True),
        (None, CLUB, True),
        (CLUB, CLUB, True),
        (CLUB, YARD, True),
        (STRANGER, STRANGER, False),
        (STRANGER, YARD, False),
        (STRANGER, FRIEND, False),
        (None, YARD, False),
        (0, 0, False),
        (FOE, CLUB, False),
        (FRIEND, DEN, False),
        (ADMIN, DEN, False),
        (DEN, CLUB, False),
    ],
)
async def test_a_closed_bot_serves_known_people_and_groups_only(
    store: AccessStore, person_id: int | None, chat_id: int, *, is_allowed: bool
) -> None:
    access = await busy(store)

    assert access.allows(person_id=person_id, chat_id=chat_id) is is_allowed


@pytest.mark.parametrize(
    ("person_id", "chat_id", "is_allowed"),
    [(STRANGER, YARD, True), (None, YARD, True), (FOE, YARD, False), (STRANGER, DEN, False)],
)
async def test_an_open_bot_serves_everybody_but_those_who_were_denied(
    store: AccessStore, person_id: int | None, chat_id: int, *, is_allowed: bool
) -> None:
    access = await busy(store, is_open=True)

    assert access.allows(person_id=person_id, chat_id=chat_id) is is_allowed


@pytest.mark.parametrize("subject_id", [STRANGER, YARD, FRIEND, CLUB])
async def test_what_an_admin_decides_holds_at_once_and_after_a_restart(
    store: AccessStore, subject_id: int
) -> None:
    access = await busy(store)
    seen = []

    for decide in (access.deny, access.allow, access.deny):
        await decide(subject_id)
        again = await busy(store)
        seen.append(
            [one.allows(person_id=STRANGER, chat_id=subject_id) for one in (access, again)]
            if subject_id < 0
            else [one.allows(person_id=subject_id, chat_id=subject_id) for one in (access, again)]
        )

    assert seen == [[False, False], [True, True], [False, False]]


async def test_an_admin_cannot_be_denied(store: AccessStore) -> None:
    await (await started(store)).deny(ADMIN)
    access = await started(store, admins={ADMIN})

    assert not await access.deny(ADMIN)

    assert access.allows(person_id=ADMIN, chat_id=ADMIN)
    assert not access.is_denied(ADMIN)


async def test_a_decision_of_two_at_once_is_made_once(store: AccessStore) -> None:
    access = await started(store, admins={ADMIN})
    await access.ask(STRANGER, name="Ann")

    decided = await asyncio.gather(
        access.allow(STRANGER, expected=Standing.ASKED),
        access.deny(STRANGER, expected=Standing.ASKED),
    )

    assert sorted(decided) == [False, True]
    is_in = access.allows(person_id=STRANGER, chat_id=STRANGER)
    assert is_in is decided[0]
    assert (await started(store)).standing_of(STRANGER) is access.standing_of(STRANGER)


async def test_whoever_asks_is_remembered_and_stays_outside(store: AccessStore) -> None:
    access = await started(store)

    asked = [await access.ask(STRANGER, name=name) for name in ("Ann", "Anna")]

    assert asked == [True, False]
    assert not access.allows(person_id=STRANGER, chat_id=STRANGER)
    for one in (access, await started(store)):
        assert one.standing_of(STRANGER) is Standing.ASKED
        assert one.name_of(STRANGER) == "Anna"


async def test_asking_again_changes_nothing_that_was_decided(store: AccessStore) -> None:
    access = await busy(store)

    await access.ask(FOE, name="Foe")

    assert access.is_denied(FOE)
    assert access.name_of(FOE) == "Foe"


async def test_a_name_that_nobody_told_again_is_kept(store: AccessStore) -> None:
    access = await started(store)
    await access.ask(STRANGER, name="Ann")

    await access.allow(STRANGER)

    assert access.name_of(STRANGER) == "Ann"
    assert (await started(store)).name_of(STRANGER) == "Ann"


async def test_rules_are_listed_from_the_newest_on(store: AccessStore, clock: Clock) -> None:
    access = AccessService(store, open_to_all=False, admin_ids=set(), allowed_ids=set(), now=clock)
    for subject_id in (STRANGER, FOE, YARD):
        await access.allow(subject_id)
        clock.tick(timedelta(seconds=1))

    await access.deny(FOE)

    listed = [(rule.id, rule.standing) for rule in access.rules()]
    assert listed == [
        (FOE, Standing.DENIED),
        (YARD, Standing.ALLOWED),
        (STRANGER, Standing.ALLOWED),
    ]


async def test_the_first_who_has_the_code_owns_the_bot(store: AccessStore) -> None:
    access = await started(store)
    code = access.claim_code or ""

    claims = [
        await access.claim(said, person_id=person_id, language="ru")
        for said, person_id in (
            ("", STRANGER),
            (code[:-1], STRANGER),
            ("claim-\udcff", STRANGER),
            (code, ADMIN),
            (code, STRANGER),
        )
    ]

    assert claims == [False, False, False, True, False]
    for one in (access, await started(store)):
        assert one.admins == {ADMIN}
        assert one.claim_code is None
        assert one.allows(person_id=ADMIN, chat_id=ADMIN)
        assert one.language_of(ADMIN) == "ru"


async def test_of_many_who_have_the_code_at_once_one_owns_the_bot(store: AccessStore) -> None:
    access = await started(store)
    code = access.claim_code or ""

    claims = await asyncio.gather(
        *(access.claim(code, person_id=person_id, language=None) for person_id in range(1, 9))
    )

    assert claims.count(True) == 1
    assert access.admins == {claims.index(True) + 1}


async def test_every_start_without_an_owner_has_a_code_of_its_own(store: AccessStore) -> None:
    codes = {(await started(store)).claim_code for _ in range(3)}

    assert len(codes) == 3
    assert all(code and code.startswith("claim-") and len(code) <= 64 for code in codes)


async def test_the_settings_decide_alone_who_is_an_admin_once_they_name_one(
    store: AccessStore,
) -> None:
    before = await started(store)
    await before.claim(before.claim_code or "", person_id=STRANGER, language=None)

    named = await started(store, admins={ADMIN})
    unnamed = await started(store)

    assert named.admins == {ADMIN}
    assert named.claim_code is None
    assert not named.allows(person_id=STRANGER, chat_id=STRANGER)
    assert unnamed.admins == {STRANGER}


@pytest.mark.parametrize("nobody", [None, 0, STRANGER, CLUB])
async def test_only_people_who_are_named_are_admins(
    store: AccessStore, nobody: int | None
) -> None:
    access = await started(store, admins={ADMIN, CLUB})

    assert access.is_admin(ADMIN)
    assert not access.is_admin(nobody)


async def test_the_language_of_admins_is_remembered_and_of_nobody_else(
    store: AccessStore,
) -> None:
    access = await started(store, admins={ADMIN})

    for language in ("ru", "en", "en"):
        await access.hear(ADMIN, language)
    await access.hear(STRANGER, "ru")

    for one in (access, await started(store, admins={ADMIN})):
        assert (one.language_of(ADMIN), one.language_of(STRANGER)) == ("en", None)


async def test_menus_are_remembered(store: AccessStore) -> None:
    access = await started(store, admins={ADMIN})

    await access.note_menu(ADMIN, has_menu=True)
    await access.note_menu(FRIEND, has_menu=True)
    await access.note_menu(FRIEND, has_menu=False)

    for one in (access, await started(store)):
        assert one.menu_owners == {ADMIN}


@pytest.mark.parametrize("standing", [Standing.ALLOWED, Standing.DENIED])
async def test_what_holds_for_a_group_moves_with_it(
    store: AccessStore, standing: Standing
) -> None:
    access = await started(store)
    await (access.allow if standing is Standing.ALLOWED else access.deny)(YARD, name="Yard")

    await access.move(YARD, -100)

    for one in (access, await started(store)):
        (rule,) = one.rules()
        assert (rule.id, rule.standing, rule.name) == (-100, standing, "Yard")


async def test_a_group_has_moved_before_that_is_stored(store: AccessStore) -> None:
    access = await started(store)
    await access.allow(YARD)

    storing = access.move(YARD, -100)
    moved = access.allows(person_id=STRANGER, chat_id=-100)
    await storing

    assert moved


async def test_a_group_of_the_settings_may_still_talk_when_it_has_moved(
    store: AccessStore,
) -> None:
    access = await started(store, allowed={CLUB})

    await access.move(CLUB, -100)

    for one in (access, await started(store, allowed={CLUB})):
        assert one.allows(person_id=STRANGER, chat_id=-100)


async def test_a_group_that_was_denied_under_its_new_id_stays_denied(store: AccessStore) -> None:
    access = await started(store, allowed={CLUB})
    await access.deny(-100)

    await access.move(CLUB, -100)

    for one in (access, await started(store, allowed={CLUB})):
        assert one.is_denied(-100)


async def test_a_group_that_nobody_knows_moves_without_a_trace(store: AccessStore) -> None:
    access = await started(store)

    await access.move(YARD, -100)

    nothing: list[AccessRule] = []
    assert access.rules() == nothing
    assert (await started(store)).rules() == nothing
