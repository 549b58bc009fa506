"""People who want to be forgotten."""

import pytest

from bot.i18n import Localizer
from bot.sandbox.elumenta import Making, Reply
from bot.sandbox.telegram import Chat
from tests.e2e.seeing import (
    PATIENCE_SECONDS,
    all_is_done,
    answer,
    growing,
    labels,
    press,
    result,
    stored,
)
from tests.e2e.talking import (
    button,
    conversation,
    in_every_language,
    newcomer,
    press_old,
    say,
    texts,
    told,
)
from tests.stage import Stage

SLOW = Reply(chunks=tuple(f"word{n} " for n in range(300)), gap=0.2)
QUICK = Making(takes=0.2, eta_seconds=1)


async def asks_to_be_forgotten(chat: Chat, t: Localizer) -> str:
    """Ask, agree, and give what was said before the agreement."""
    question = await answer(chat, after=say(chat, "/forget_me"))
    before = question.text
    assert labels(question) == [t("button-erase"), t("button-keep")]
    await press(chat, chat.members[0], question, t("button-erase"))
    await chat.wait(lambda _: question.text == t("forget-me-done"), timeout=PATIENCE_SECONDS)
    return before


@in_every_language
async def test_everything_of_a_person_goes_and_everything_of_others_stays(
    town: Stage, language: str
) -> None:
    t = texts(language)
    ann, bob = (town.telegram.person(name, language_code=language) for name in ("Ann", "Bob"))
    chat, other = town.telegram.private_chat(ann), town.telegram.private_chat(bob)
    group = town.telegram.group("Both", members=[bob, ann])
    mine, theirs = f"zanzibar of {language}", f"timbuktu of {language}"
    town.elumenta.script(QUICK, contains=f"{mine} in oil")
    town.elumenta.script(Reply(text="It is far."), contains=f"{theirs} in a group")
    await told(chat, f"{mine} in private")
    await told(chat, f"/system You know {mine}.")
    await told(other, f"{theirs} in private")
    await group.reply_to(group.send(ann, f"/chat {mine} in a group"))
    await group.reply_to(group.send(bob, f"/chat {theirs} in a group"))
    await result(chat, after=say(chat, f"/image {mine} in oil"))
    was_stored = stored(town)

    named = await asks_to_be_forgotten(chat, t)

    assert mine in was_stored
    assert mine not in stored(town)
    assert theirs in stored(town)
    assert named == t("forget-me", turns=2, jobs=1, until="00:00 UTC")
    await told(chat, f"who am I in {language}?")
    await told(other, f"who is it in {language}?")
    assert conversation(town, f"who am I in {language}") == [f"who am I in {language}?"]
    assert theirs in str(conversation(town, f"who is it in {language}"))


@in_every_language
async def test_nothing_goes_before_the_confirmation_nor_after_a_change_of_mind(
    town: Stage, language: str
) -> None:
    t = texts(language)
    chat, words = newcomer(town, language), f"reykjavik of {language}"
    await told(chat, words)

    question = await answer(chat, after=say(chat, "/forget_me"))
    was_stored = words in stored(town)
    await press(chat, chat.members[0], question, t("button-keep"))
    await chat.wait(lambda _: question.text == t("forget-me-kept"))

    assert was_stored
    assert words in stored(town)


@in_every_language
async def test_nobody_else_has_a_person_forgotten(town: Stage, language: str) -> None:
    t = texts(language)
    owner, ann = (town.telegram.person(name, language_code=language) for name in ("Olga", "Ann"))
    group = town.telegram.group("Rememberers", members=[owner, ann])
    words = f"samarkand of {language}"
    await group.reply_to(group.send(ann, f"/chat {words}"))
    question = await group.reply_to(group.send(ann, "/forget_me"))

    shown = await press(group, owner, question, t("button-erase"))

    assert shown == t("button-not-yours")
    assert words in stored(town)
    assert labels(question)


@in_every_language
async def test_several_presses_at_once_do_no_harm(town: Stage, language: str) -> None:
    t = texts(language)
    chat, words = newcomer(town, language), f"valparaiso of {language}"
    await told(chat, words)
    question = await answer(chat, after=say(chat, "/forget_me"))

    at_once = [chat.press(chat.members[0], question, t("button-erase")) for _ in range(3)]
    for one in at_once:
        await one.answer()
    await chat.wait(lambda _: labels(question) == [])
    await all_is_done(town)

    assert words not in stored(town)


async def test_an_answer_that_is_being_written_is_stopped_and_goes_too(
    city: Stage, language: str, t: Localizer
) -> None:
    chat, words = newcomer(city, language), f"ouagadougou of {language}"
    city.elumenta.script(SLOW, contains=words)
    say(chat, words)
    await growing(chat, "word2")

    await asks_to_be_forgotten(chat, t)

    lines = stored(city).splitlines()
    assert [line for line in lines if words in line] == []
    assert [line for line in lines if "word2" in line and str(chat.id) in line] == []
    await city.elumenta.wait(lambda: city.elumenta.open_streams == 0)


async def test_an_offer_is_taken_back_and_nothing_is_ordered(
    town: Stage, language: str, t: Localizer
) -> None:
    chat, words = newcomer(town, language), f"ulaanbaatar of {language}"
    offer = await answer(chat, after=say(chat, f"/video --model kling-v2.1 -- {words}"))
    agree = button(offer, t("button-agree"))

    await asks_to_be_forgotten(chat, t)
    await chat.wait(lambda _: offer.text == t("status-declined"), timeout=PATIENCE_SECONDS)
    await press_old(chat, chat.members[0], offer, agree)

    await all_is_done(town)
    assert town.elumenta.orders(words) == []


@pytest.mark.parametrize("command", ["/balance", "/jobs"])
async def test_a_person_who_was_forgotten_can_go_on(
    town: Stage, language: str, t: Localizer, command: str
) -> None:
    chat = newcomer(town, language)
    await told(chat, f"antananarivo of {language}")
    await asks_to_be_forgotten(chat, t)

    answered = await told(chat, command)

    assert answered.text != t("error-unexpected")
