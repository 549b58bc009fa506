"""Questions that people put differently after they have asked."""

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Fault, FaultKind
from tests.e2e.seeing import (
    REGENERATE,
    all_is_done,
    answer,
    growing,
    said_by_bot,
    states,
    stored_questions,
)
from tests.e2e.talking import (
    conversation,
    in_every_language,
    is_silent,
    newcomer,
    requests,
    say,
    texts,
    told,
)
from tests.stage import Stage

SLOW = Reply(chunks=tuple(f"word{n} " for n in range(300)), gap=0.2, finishes=False)


@in_every_language
async def test_the_newest_question_is_answered_anew_when_it_is_edited(
    town: Stage, language: str
) -> None:
    chat = newcomer(town, language)
    first, second = f"capital of Francia in {language}", f"capital of France in {language}"
    question = say(chat, first)
    await answer(chat, first)

    chat.edit(chat.members[0], question, second)
    await answer(chat, second)
    await told(chat, f"and its river in {language}")

    seen = conversation(town, f"and its river in {language}")
    assert seen[0] == second
    assert first not in str(seen)
    assert (len(requests(town, first)), len(requests(town, second))) == (1, 1)


async def test_an_edit_ends_the_answer_that_is_being_written(stage: Stage) -> None:
    await stage.start_bot()
    chat = newcomer(stage)
    stage.elumenta.script(SLOW, contains="a question with a slip")
    question = say(chat, "a question with a slip")
    await growing(chat, "word2")

    chat.edit(chat.members[0], question, "a question without one")
    await answer(chat, "a question without one")
    await told(chat, "what did I want?")

    assert stage.elumenta.open_streams == 0
    assert conversation(stage, "what did I want")[0] == "a question without one"
    assert "word2" not in str(conversation(stage, "what did I want"))
    assert len(requests(stage, "a question with")) == 2


@in_every_language
async def test_an_edited_question_that_was_not_the_newest_meets_silence(
    town: Stage, language: str
) -> None:
    chat, words = newcomer(town, language), f"older thought in {language}"
    question = say(chat, words)
    await answer(chat, words)
    last = await told(chat, f"newer thought in {language}")

    chat.edit(chat.members[0], question, f"changed {words}")

    assert await is_silent(town, chat, after=last)
    assert len(requests(town, words)) == 1


@in_every_language
async def test_an_edit_that_changes_no_word_asks_nothing(town: Stage, language: str) -> None:
    chat, words = newcomer(town, language), f"steady thought in {language}"
    question = say(chat, words)
    told_once = await answer(chat, words)

    chat.touch(question)

    assert await is_silent(town, chat, after=told_once)
    assert len(requests(town, words)) == 1


@in_every_language
async def test_several_edits_end_with_the_last_one(town: Stage, language: str) -> None:
    chat, words = newcomer(town, language), f"wavering thought in {language}"
    question = say(chat, f"{words}, no. 0")
    await answer(chat, "no. 0")

    for number in (1, 2, 3):
        chat.edit(chat.members[0], question, f"{words}, no. {number}")
    await answer(chat, "no. 3")
    await told(chat, f"the last of them in {language}")

    assert conversation(town, f"the last of them in {language}")[0] == f"{words}, no. 3"


@in_every_language
async def test_in_a_group_the_edited_command_counts_and_other_messages_do_not(
    town: Stage, language: str
) -> None:
    t = texts(language)
    ann, bob = (town.telegram.person(name, language_code=language) for name in ("Ann", "Bob"))
    group = town.telegram.group("Editors", members=[ann, bob])
    words = f"edited debate in {language}"
    group.send(bob, f"/chat theirs, {words}")
    chatter = group.send(bob, "just talking")
    question = group.send(ann, f"/chat mine, {words}")
    await group.reply_to(question)

    group.edit(bob, chatter, f"@{town.telegram.username} chatter, {words}")
    group.edit(ann, question, f"/chat mine anew, {words}")

    await answer(group, f"mine anew, {words}")
    assert requests(town, f"chatter, {words}") == []
    assert len(requests(town, words)) == 3
    assert not any(t("error-unexpected") in message.text for message in said_by_bot(group))


@in_every_language
async def test_a_failed_answer_to_an_edit_leaves_the_former_one_in_the_memory(
    town: Stage, language: str
) -> None:
    chat, words = newcomer(town, language), f"sturdy thought in {language}"
    town.elumenta.script(Reply(text="It still stands."), contains=words)
    question = say(chat, words)
    first = await answer(chat, "It still stands.")
    town.elumenta.script(Reply(status=500, error="provider_error"), contains="worse")

    chat.edit(chat.members[0], question, f"worse {words}")
    await answer(chat, after=first)
    await told(chat, f"does it in {language}")

    assert conversation(town, f"does it in {language}")[:2] == [words, "It still stands."]


async def test_an_edit_is_answered_though_the_bot_died_meanwhile(stage: Stage) -> None:
    bot = await stage.start_bot(streaming="off")
    chat = newcomer(stage)
    question = say(chat, "asked before the night")
    await answer(chat, "asked before the night")
    await bot.kill()

    chat.edit(chat.members[0], question, "asked after the night")
    await stage.restart(bot)

    await answer(chat, "asked after the night")
    assert len(requests(stage, "asked")) == 2


async def test_of_edits_that_waited_at_a_sigkill_only_the_last_one_is_asked(stage: Stage) -> None:
    bot = await stage.start_bot(streaming="off")
    ann, bob = (stage.telegram.person(name) for name in ("Ann", "Bob"))
    group = stage.telegram.group("Hasty", members=[bob, ann])
    stage.elumenta.script(SLOW, contains="endless")
    group.send(bob, "/chat endless")
    await stage.elumenta.wait(lambda: stage.elumenta.open_streams == 1)
    question = group.send(ann, "/chat thought no. 1")
    await stage.until(lambda: stored_questions(stage) == 2)
    group.edit(ann, question, "/chat thought no. 2")
    await stage.until(lambda: stored_questions(stage) == 3)
    group.edit(ann, question, "/chat thought no. 3")
    await stage.until(lambda: stored_questions(stage) == 4)
    await stage.until(lambda: states(stage) == ["asking", "dropped", "dropped", "waiting"])

    await bot.kill()
    await stage.restart(bot)

    await answer(group, "thought no. 3")
    await all_is_done(stage)
    assert len(requests(stage, "thought")) == 1


@in_every_language
async def test_a_touch_asks_nothing_though_what_was_replied_to_has_changed(
    town: Stage, language: str
) -> None:
    ann, bob = (town.telegram.person(name, language_code=language) for name in ("Ann", "Bob"))
    group, words = town.telegram.group("Menders", members=[bob, ann]), f"mended in {language}"
    claim = group.send(bob, f"Whales are fish, {words}")
    question = group.send(ann, f"/chat are they, {words}?", reply_to=claim)
    last = await group.reply_to(question)
    group.edit(bob, claim, f"Whales are mammals, {words}")

    group.touch(question)

    assert await is_silent(town, group, after=last)
    assert len(requests(town, words)) == 1


async def test_an_edit_counts_though_a_button_is_pressed_while_its_file_is_fetched(
    stage: Stage,
) -> None:
    await stage.start_bot(streaming="off")
    chat = newcomer(stage)
    (ann,) = chat.members
    question = chat.send_document(ann, "notes.txt", b"Buy milk.", caption="first thought")
    first = await answer(chat, "first thought")
    fetched = stage.telegram.downloads
    stage.telegram.fail(Fault(kind=FaultKind.DELAY, method="file", seconds=2))

    chat.edit_caption(ann, question, "second thought")
    await stage.until(lambda: stage.telegram.downloads > fetched)
    chat.press(ann, first, REGENERATE)
    await answer(chat, "second thought", after=first)
    await told(chat, "which thought?")

    assert "second thought" in conversation(stage, "which thought")[0]
    assert len(conversation(stage, "which thought")) == 3
