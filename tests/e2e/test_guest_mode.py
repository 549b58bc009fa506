"""`@bot question` in groups that the bot does not belong to."""

import pytest

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Message, Person
from bot.sandbox.telegram.guests import GuestQuery
from bot.sandbox.telegram.objects import message_json
from tests.e2e.house import open_house
from tests.e2e.seeing import PATIENCE_SECONDS, answer, labels, said_by_bot
from tests.e2e.talking import conversation, in_every_language, newcomer, requests, say, texts, told
from tests.stage import Stage

SLOW = Reply(chunks=tuple(f"word{n} " for n in range(300)), gap=0.2, finishes=False)


def abroad(stage: Stage, *members: Person) -> Chat:
    """Open a group that the bot has never been in."""
    return stage.telegram.group("Abroad", members=list(members), has_bot=False)


def summon(stage: Stage, place: Chat, words: str) -> GuestQuery:
    """Let the first member of a group call the bot to it."""
    return place.guest_query(place.members[0], f"@{stage.telegram.username} {words}")


async def shown(place: Chat, query: GuestQuery, text: str) -> Message:
    """Wait until the one message of the bot says this."""
    message = await query.answer()
    await place.wait(lambda _: text in message.text, timeout=PATIENCE_SECONDS)
    return message


def deliver_again(stage: Stage, place: Chat, query: GuestQuery) -> None:
    """Tell the bot once more about a query, in an update of its own."""
    summoned = {**message_json(place, query.message), "guest_query_id": query.id}
    stage.telegram.push({"guest_message": summoned})


@in_every_language
async def test_a_guest_is_answered_in_one_message_and_pays_once(
    town: Stage, language: str
) -> None:
    ann = town.telegram.person("Ann", language_code=language)
    place, words = abroad(town, ann), f"a guest in {language}"
    town.elumenta.script(Reply(text=f"Welcome, **{language}**!"), contains=words)

    query = summon(town, place, words)
    message = await shown(place, query, f"Welcome, {language}!")

    assert said_by_bot(place) == [message]
    assert labels(message) == []
    assert message.reply_to_id == query.message.id
    assert len(requests(town, words)) == 1


@in_every_language
async def test_nothing_of_a_private_memory_is_shown_abroad_nor_the_other_way_round(
    town: Stage, language: str
) -> None:
    chat = newcomer(town, language)
    await told(chat, f"my secret is a walnut in {language}")
    place, words = abroad(town, *chat.members), f"what is my secret in {language}?"

    await shown(place, summon(town, place, words), words)
    await told(chat, f"at home again in {language}")

    assert conversation(town, words) == [words]
    assert words not in str(conversation(town, f"at home again in {language}"))


@in_every_language
async def test_a_query_that_is_delivered_twice_is_paid_once(town: Stage, language: str) -> None:
    ann = town.telegram.person("Ann", language_code=language)
    place, words = abroad(town, ann), f"only once abroad in {language}"
    query = summon(town, place, words)
    message = await shown(place, query, words)

    deliver_again(town, place, query)
    other = summon(town, place, f"and then in {language}")
    await shown(place, other, f"and then in {language}")

    assert words in message.text
    assert len(said_by_bot(place)) == 2
    assert len(requests(town, words)) == 1


@in_every_language
async def test_a_guest_is_answered_about_a_text_file(town: Stage, language: str) -> None:
    ann = town.telegram.person("Ann", language_code=language)
    place, words = abroad(town, ann), f"shorten it in {language}"
    file = place.send_document(ann, "notes.txt", b"Buy milk.")

    query = place.guest_query(ann, f"@{town.telegram.username} {words}", reply_to=file)
    await shown(place, query, words)

    (asked,) = conversation(town, words)
    assert asked == f"[file notes.txt]\n```\nBuy milk.\n```\n\n{words}"


@in_every_language
async def test_a_failure_is_told_in_the_message(town: Stage, language: str) -> None:
    t = texts(language)
    ann = town.telegram.person("Ann", language_code=language)
    place, words = abroad(town, ann), f"unlucky guest in {language}"
    town.elumenta.script(Reply(status=402, error="insufficient_tokens"), contains=words)

    await shown(place, summon(town, place, words), t("error-out-of-tokens"))

    assert len(requests(town, words)) == 1


@in_every_language
async def test_an_answer_too_long_for_one_message_is_cut(town: Stage, language: str) -> None:
    ann = town.telegram.person("Ann", language_code=language)
    place, words = abroad(town, ann), f"long-winded guest in {language}"
    town.elumenta.script(Reply(text="lorem ipsum " * 1_000), contains=words)

    message = await shown(place, summon(town, place, words), "lorem ipsum")

    assert 3_000 < len(message.text) <= 4_096
    assert said_by_bot(place) == [message]


async def test_a_guest_question_cut_by_a_sigkill_is_told_and_not_paid_again(stage: Stage) -> None:
    bot = await stage.start_bot(guest_mode="true")
    ann = stage.telegram.person("Ann")
    place = abroad(stage, ann)
    stage.elumenta.script(SLOW, contains="doomed guest")
    query = summon(stage, place, "doomed guest")
    await query.answer()
    await stage.elumenta.wait(lambda: stage.elumenta.open_streams == 1)

    await bot.kill()
    await stage.restart(bot)

    await shown(place, query, "interrupted")
    assert len(requests(stage, "doomed guest")) == 1


async def test_guest_mode_is_off_by_default(city: Stage, language: str) -> None:
    chat = newcomer(city, language)
    place = abroad(city, *chat.members)

    summon(city, place, f"is anybody abroad in {language}?")
    await answer(chat, after=say(chat, "/help"))

    assert said_by_bot(place) == []
    assert requests(city, f"is anybody abroad in {language}") == []


async def test_strangers_get_nothing_from_guest_mode(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("guests")
    async with open_house(folder, guest_mode="true") as house:
        stranger = house.visitor("Casimir")
        owner = abroad(house.stage, *house.guest.members)
        theirs = abroad(house.stage, *stranger.members)

        summon(house.stage, theirs, "confidential, from a stranger")
        await shown(owner, summon(house.stage, owner, "confidential, of a guest"), "confidential")

        assert said_by_bot(theirs) == []
        assert requests(house.stage, "from a stranger") == []
        assert len(requests(house.stage, "of a guest")) == 1
