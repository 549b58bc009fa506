"""Who decides for a group."""

import asyncio

import pytest

from bot.i18n import Localizer
from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Person
from tests.e2e.seeing import answer, growing, labels, press
from tests.e2e.talking import conversation, in_every_language, texts
from tests.stage import Stage

SLOW = Reply(chunks=tuple(f"word{n} " for n in range(300)), gap=0.2)
DECISIONS = (
    "/new",
    "/settings",
    "/model gpt-5.2",
    "/system You are a pirate.",
    "/temperature 1.5",
    "/max_tokens 50",
    "/language ru",
)


def people(stage: Stage, language: str) -> list[Person]:
    """Bring somebody who owns the group, and two who do not."""
    return [stage.telegram.person(name, language_code=language) for name in ("Olga", "Ann", "Bob")]


async def reply(group: Chat, person: Person, command: str) -> str:
    """Let somebody write a command, and give what it is answered with."""
    return (await group.reply_to(group.send(person, command))).text


@in_every_language
async def test_members_of_a_group_do_not_decide(town: Stage, language: str) -> None:
    owner, ann, _ = people(town, language)
    groups = [town.telegram.group("Subjects", members=[owner, ann]) for _ in DECISIONS]

    asked = zip(groups, DECISIONS, strict=True)
    told = await asyncio.gather(*(reply(group, ann, text) for group, text in asked))

    assert set(told) == {texts(language)("error-not-allowed-here")}


@in_every_language
async def test_a_memory_that_a_member_may_not_empty_stays(town: Stage, language: str) -> None:
    owner, ann, _ = people(town, language)
    group = town.telegram.group("Keepers", members=[owner, ann])
    await reply(group, owner, f"/chat the secret is a plum in {language}")

    await reply(group, ann, "/new")
    await reply(group, ann, f"/chat what was kept in {language}?")

    assert "plum" in str(conversation(town, f"what was kept in {language}"))


@in_every_language
async def test_the_admins_of_a_group_decide_under_their_names_and_under_its_own(
    town: Stage, language: str
) -> None:
    t = texts(language)
    owner, ann, bob = people(town, language)
    group = town.telegram.group("Council", members=[owner, ann, bob], supergroup=True)
    group.promote(ann)

    told = [await reply(group, person, "/new") for person in (owner, ann, bob)]
    hidden = await group.reply_to(group.send(ann, "/new", anonymous=True))

    assert told == [t("new-done"), t("new-done"), t("error-not-allowed-here")]
    assert hidden.text == texts("en")("new-done")


@in_every_language
async def test_a_press_of_somebody_who_does_not_decide_changes_nothing(
    town: Stage, language: str
) -> None:
    t = texts(language)
    owner, ann, _ = people(town, language)
    group = town.telegram.group("Watchers", members=[owner, ann])
    menu = await group.reply_to(group.send(owner, "/settings"))
    before = menu.text, labels(menu)

    press_of_ann = await group.press(ann, menu, labels(menu)[0]).answer()

    assert press_of_ann.text == t("error-not-allowed-here")
    assert press_of_ann.show_alert
    assert (menu.text, labels(menu)) == before


async def test_everybody_decides_where_the_owner_of_the_bot_allows_it(stage: Stage) -> None:
    await stage.start_bot(group_control="everybody", streaming="off")
    for language in ("en", "ru"):
        t = texts(language)
        owner, ann, _ = people(stage, language)
        group = stage.telegram.group("Commune", members=[owner, ann])

        told = [await reply(group, ann, command) for command in ("/new", "/settings")]

        assert told[0] == t("new-done")
        assert told[1] != t("error-not-allowed-here")


@pytest.mark.parametrize("command", ["/new", "/settings"])
async def test_in_private_everybody_decides(
    town: Stage, language: str, t: Localizer, command: str
) -> None:
    ann = town.telegram.person("Ann", language_code=language)
    chat = town.telegram.private_chat(ann)

    told = await answer(chat, after=chat.send(ann, command))

    assert told.text != t("error-not-allowed-here")


async def test_a_group_admin_stops_what_somebody_else_asked(
    city: Stage, language: str, t: Localizer
) -> None:
    owner, ann, bob = people(city, language)
    group = city.telegram.group("Moderated", members=[owner, ann, bob])
    city.elumenta.script(SLOW, contains=f"talk without end in {language}")
    group.send(ann, f"/chat talk without end in {language}")
    message = await growing(group, "word2")

    foreign = await press(group, bob, message, t("button-stop"))
    admitted = await press(group, owner, message, t("button-stop"))

    await answer(group, "word2")
    assert foreign == t("button-not-yours")
    assert admitted == t("stop-pressed")
    await city.elumenta.wait(lambda: city.elumenta.open_streams == 0)
