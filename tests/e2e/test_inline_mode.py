"""`@bot question` typed in any chat, and the answer that is chosen there."""

import pytest

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Message, Person
from bot.sandbox.telegram.entities import utf16_slice
from bot.sandbox.telegram.objects import user_json
from tests.e2e.house import open_house
from tests.e2e.seeing import PATIENCE_SECONDS, answer, labels, posts, said_by_bot
from tests.e2e.talking import conversation, in_every_language, newcomer, requests, say, texts, told
from tests.stage import Stage

SLOW = Reply(chunks=tuple(f"word{n} " for n in range(300)), gap=0.2, finishes=False)
LATE = Reply(text="A late answer.", first_delay=2)


def somewhere(stage: Stage, *members: Person) -> Chat:
    """Open a group without the bot."""
    return stage.telegram.group("Somewhere", members=list(members), has_bot=False)


async def chosen(stage: Stage, person: Person, words: str, place: Chat) -> Message:
    """Let somebody type a question and pick what the bot offers."""
    query = stage.telegram.inline_query(person, words, chat=place)
    (offered,) = (await query.answer()).results
    assert words in offered.text
    return stage.telegram.choose(query, 0, place)


async def reads(place: Chat, message: Message, text: str) -> None:
    """Wait until a message says this."""
    await place.wait(lambda _: text in message.text, timeout=PATIENCE_SECONDS)


@in_every_language
async def test_typing_pays_nothing_and_choosing_pays_once(town: Stage, language: str) -> None:
    ann = town.telegram.person("Ann", language_code=language)
    place, words = somewhere(town, ann), f"quoth-{language}, an inline question"
    town.elumenta.script(Reply(text="An *inline* answer."), contains=words)

    for length in (8, 15, len(words)):
        await town.telegram.inline_query(ann, words[:length], chat=place).answer()
    asked_while_typing = len(requests(town, words[:8]))
    message = await chosen(town, ann, words, place)

    await reads(place, message, "An inline answer.")
    assert words in message.text
    assert labels(message) == []
    assert asked_while_typing == 0
    assert len(requests(town, words)) == 1


@in_every_language
async def test_nothing_of_a_private_memory_goes_along(town: Stage, language: str) -> None:
    chat = newcomer(town, language)
    await told(chat, f"my inline secret is a plum in {language}")
    place, words = somewhere(town, *chat.members), f"what did I tell you in {language}?"

    await reads(place, message := await chosen(town, chat.members[0], words, place), "")
    await place.wait(lambda _: labels(message) == [], timeout=PATIENCE_SECONDS)
    await told(chat, f"back from elsewhere in {language}")

    assert conversation(town, words) == [words]
    assert words not in str(conversation(town, f"back from elsewhere in {language}"))


@in_every_language
async def test_a_press_while_it_is_written_pays_nothing_whoever_presses(
    town: Stage, language: str
) -> None:
    ann, bob = (town.telegram.person(name, language_code=language) for name in ("Ann", "Bob"))
    place, words = somewhere(town, ann, bob), f"an impatient question in {language}"
    town.elumenta.script(LATE, contains=words)
    message = await chosen(town, ann, words, place)

    told_both = [(await place.press(one, message).answer()).text for one in (ann, bob)]

    await reads(place, message, "A late answer.")
    assert all(told_both)
    assert len(requests(town, words)) == 1


@in_every_language
async def test_a_choice_that_is_delivered_twice_is_paid_once(town: Stage, language: str) -> None:
    ann = town.telegram.person("Ann", language_code=language)
    place, words = somewhere(town, ann), f"twice chosen in {language}"
    message = await chosen(town, ann, words, place)
    await place.wait(lambda _: labels(message) == [], timeout=PATIENCE_SECONDS)

    result = {"result_id": "ask", "query": words, "inline_message_id": message.inline_message_id}
    town.telegram.push({"chosen_inline_result": {**result, "from": user_json(ann)}})
    await told(newcomer(town, language), "/help")

    assert len(requests(town, words)) == 1


async def test_without_feedback_a_press_tells_what_to_switch(stage: Stage) -> None:
    stage.telegram.inline_feedback = False
    await stage.start_bot(inline_mode="true")
    for language in ("en", "ru"):
        ann = stage.telegram.person("Ann", language_code=language)
        place = somewhere(stage, ann)
        message = await chosen(stage, ann, f"no feedback in {language}", place)

        shown = await place.press(ann, message).answer()

        assert "/setinlinefeedback" in (shown.text or "")
        assert shown.show_alert
    assert posts(stage) == []


@in_every_language
async def test_nothing_typed_is_answered_with_a_hint(town: Stage, language: str) -> None:
    ann = town.telegram.person("Ann", language_code=language)

    shown = await town.telegram.inline_query(ann, "").answer()

    assert shown.results == ()
    assert shown.button
    assert shown.is_personal


@in_every_language
async def test_a_failure_is_told_in_the_message(town: Stage, language: str) -> None:
    t = texts(language)
    ann = town.telegram.person("Ann", language_code=language)
    place, words = somewhere(town, ann), f"unlucky question in {language}"
    town.elumenta.script(Reply(status=402, error="insufficient_tokens"), contains=words)

    message = await chosen(town, ann, words, place)

    await reads(place, message, t("error-out-of-tokens"))
    assert labels(message) == []


@in_every_language
async def test_question_and_answer_fit_into_one_message(town: Stage, language: str) -> None:
    ann = town.telegram.person("Ann", language_code=language)
    place, words = somewhere(town, ann), f"a long inline question in {language}"
    town.elumenta.script(Reply(text="**Lorem** ipsum. " + "lorem ipsum " * 1_000), contains=words)

    message = await chosen(town, ann, words, place)

    await reads(place, message, "lorem ipsum")
    assert words in message.text
    assert 3_000 < len(message.text) <= 4_096
    assert "…" in message.text
    bold = [one for one in message.entities if one["type"] == "bold"]
    assert [utf16_slice(message.text, one["offset"], one["length"]) for one in bold] == ["Lorem"]


async def test_a_chosen_question_cut_by_a_sigkill_is_told_and_not_paid_again(stage: Stage) -> None:
    bot = await stage.start_bot(inline_mode="true")
    ann = stage.telegram.person("Ann")
    place = somewhere(stage, ann)
    stage.elumenta.script(SLOW, contains="doomed question")
    message = await chosen(stage, ann, "doomed question", place)
    await stage.elumenta.wait(lambda: stage.elumenta.open_streams == 1)

    await bot.kill()
    await stage.restart(bot)

    await reads(place, message, "interrupted")
    assert len(requests(stage, "doomed question")) == 1


async def test_inline_mode_is_off_by_default(city: Stage, language: str) -> None:
    chat = newcomer(city, language)

    query = city.telegram.inline_query(chat.members[0], f"is it on in {language}?")
    await answer(chat, after=say(chat, "/help"))

    assert not query.is_delivered
    assert query.result is None


async def test_strangers_get_nothing_from_inline_mode(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("inline")
    async with open_house(folder, inline_mode="true") as house:
        stranger, guest = house.visitor("Casimir"), house.guest

        shown = await house.stage.telegram.inline_query(
            stranger.members[0], "confidential"
        ).answer()
        offered = await house.stage.telegram.inline_query(
            guest.members[0], "confidential"
        ).answer()

        assert shown.results == ()
        assert shown.button
        assert len(offered.results) == 1
        assert posts(house.stage) == []
        assert said_by_bot(stranger) == []
