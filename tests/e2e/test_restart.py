from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Fault, FaultKind
from tests.e2e.seeing import (
    REGENERATE,
    all_is_done,
    answer,
    asked,
    growing,
    labels,
    posts,
    said_by_bot,
    stored_questions,
)
from tests.stage import Stage

SLOW = Reply(chunks=tuple(f"word{n} " for n in range(300)), gap=0.2, finishes=False)


async def test_a_turn_cut_by_a_sigkill_is_told_and_asked_again_only_on_demand(
    stage: Stage,
) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(SLOW)
    chat.send(ann, "a long story, please")
    partial = await growing(chat, "word6")

    await bot.kill()
    await stage.restart(bot)

    notice = await answer(chat, "I was interrupted")
    assert labels(notice) == ["🔁 Try again"]
    assert labels(await answer(chat, "word2")) == []
    assert len(posts(stage)) == 1
    stage.elumenta.script(Reply(text="A short story."))
    press = chat.press(ann, notice)
    assert (await press.answer()).text == "Asking again"
    await answer(chat, "A short story.", after=partial)
    assert len(posts(stage)) == 2


async def test_what_is_told_after_a_sigkill_can_be_pressed_at_once(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(SLOW)
    chat.send(ann, "a long story, please")
    await growing(chat, "word6")
    await bot.kill()
    late = Fault(kind=FaultKind.LATE_ANSWER, method="sendMessage", chat_id=chat.id, seconds=2)
    stage.telegram.fail(late)
    await stage.restart(bot)

    notice = await answer(chat, "I was interrupted")
    press = chat.press(ann, notice)

    assert (await press.answer()).text == "Asking again"


async def test_questions_that_waited_at_a_sigkill_are_answered_after_it(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(SLOW)
    first = chat.send(ann, "first")
    await growing(chat, "word1")
    others = [chat.send(ann, text) for text in ("second", "third")]
    await stage.until(lambda: stored_questions(stage) == 3)

    await bot.kill()
    await stage.restart(bot)

    assert "I was interrupted" in (await chat.reply_to(first)).text
    for question in others:
        assert f"You said “{question.text}”" in (await chat.reply_to(question)).text
    assert len(posts(stage)) == 3


async def test_a_short_answer_is_finished_before_the_program_ends(stage: Stage) -> None:
    bot = await stage.start_bot()
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    stage.elumenta.script(Reply(chunks=SLOW.chunks[:10], gap=0.1))
    chat.send(chat.members[0], "a word or two, please")
    await growing(chat, "word1")

    status = await bot.terminate(within=10)

    assert status == 0
    assert labels(await answer(chat, "word9")) == [REGENERATE]


async def test_sigterm_keeps_the_answers_in_flight_and_ends_with_status_zero(
    stage: Stage,
) -> None:
    bot = await stage.start_bot()
    chats = [stage.telegram.private_chat(stage.telegram.person(f"P{n}")) for n in range(5)]
    stage.elumenta.script(SLOW, times=5)
    for chat in chats:
        chat.send(chat.members[0], "talk for long")
    for chat in chats:
        await growing(chat, "word2")

    status = await bot.terminate(within=10)

    assert status == 0
    for chat in chats:
        assert labels(await answer(chat, "word2")) == []
        assert labels(await answer(chat, "I was interrupted")) == ["🔁 Try again"]
    assert stage.elumenta.open_streams == 0


async def test_a_finished_answer_that_could_not_be_shown_is_shown_after_the_restart(
    stage: Stage,
) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(Reply(chunks=("Paid ", "for ", "in full."), gap=0.7))
    chat.send(ann, "what did I pay for?")
    await growing(chat, "Paid")
    stage.telegram.down = True
    await stage.until(lambda: len(stage.elumenta.charges) == 1)
    await stage.until(lambda: "answer.finished" in bot.output)

    await bot.kill()
    stage.telegram.down = False
    await stage.restart(bot)

    final = await answer(chat, "Paid for in full.")
    assert labels(final) == [REGENERATE]
    assert len(said_by_bot(chat)) == 1
    assert len(posts(stage)) == 1


async def test_polling_comes_back_by_itself_when_telegram_was_gone(stage: Stage) -> None:
    await stage.start_bot()
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    stage.telegram.down = True
    chat.send(chat.members[0], "written while Telegram was away")
    await stage.until(lambda: stage.telegram.refused_connections >= 3)

    stage.telegram.down = False

    await answer(chat)


async def test_a_message_that_is_delivered_twice_is_asked_once(stage: Stage) -> None:
    await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    message = chat.send(ann, "only once, please")
    await answer(chat)

    chat.redeliver(message)
    chat.send(ann, "and this one too")
    await answer(chat, after=chat.messages[-1])

    asked = [r for r in posts(stage) if "only once" in str(stage.elumenta.conversation(r)[-1])]
    assert len(asked) == 1


async def test_a_failure_that_could_not_be_shown_is_told_after_the_restart(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(Reply(status=402, error="insufficient_tokens", first_delay=1))
    chat.send(ann, "will this fail?")
    await stage.until(lambda: len(posts(stage)) == 1)
    stage.telegram.down = True
    await stage.until(lambda: "answer.finished" in bot.output)

    await bot.kill()
    stage.telegram.down = False
    await stage.restart(bot)

    assert labels(await answer(chat, "I could not answer this")) == ["🔁 Try again"]


async def test_a_second_process_waits_for_the_first_to_end(stage: Stage) -> None:
    first = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(Reply(chunks=SLOW.chunks[:30], gap=0.1))
    chat.send(ann, "a long answer, please")
    await growing(chat, "word1")

    second = await stage.launch_bot()
    await stage.until(lambda: "database.awaited" in second.output)
    await answer(chat, "word29")
    await first.terminate()
    after = chat.send(ann, "who is there?")

    await answer(chat, after=after)
    assert second.is_running
    assert not any("interrupted" in message.text for message in said_by_bot(chat))


async def test_sigterm_between_the_start_and_the_first_poll_ends_with_status_zero(
    stage: Stage,
) -> None:
    slow = Fault(kind=FaultKind.DELAY, method="deleteWebhook", seconds=30)
    stage.telegram.fail(slow)
    bot = await stage.launch_bot()
    await stage.until(lambda: "bot.started" in bot.output)

    assert await bot.terminate(within=10) == 0


async def test_sigterm_while_telegram_is_away_ends_with_status_zero(stage: Stage) -> None:
    stage.telegram.down = True
    bot = await stage.launch_bot()
    await stage.until(lambda: stage.telegram.refused_connections >= 1)

    assert await bot.terminate(within=10) == 0


async def test_what_was_taken_back_before_a_sigkill_is_not_asked_after_it(stage: Stage) -> None:
    bot = await stage.start_bot(streaming="off")
    ann, bob = (stage.telegram.person(name) for name in ("Ann", "Bob"))
    group = stage.telegram.group("Hasty", members=[bob, ann])
    stage.elumenta.script(SLOW, contains="endless")
    group.send(bob, "/chat endless")
    await stage.elumenta.wait(lambda: stage.elumenta.open_streams == 1)
    group.send(ann, "/chat regretted")
    await stage.until(lambda: stored_questions(stage) == 2)
    await group.reply_to(group.send(ann, "/stop"))

    await bot.kill()
    await stage.restart(bot)

    await group.reply_to(group.send(ann, "/chat something else"))
    assert asked(stage, "regretted") == []


async def test_a_retry_cut_by_a_sigkill_is_not_repeated_by_itself(stage: Stage) -> None:
    bot = await stage.start_bot(streaming="off")
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    stage.elumenta.script(Reply(status=500, error="provider_error"), contains="unlucky")
    stage.elumenta.script(SLOW, contains="unlucky")
    failed = await answer(chat, after=chat.send(chat.members[0], "unlucky"))
    chat.press(chat.members[0], failed)
    await stage.elumenta.wait(lambda: stage.elumenta.open_streams == 1)

    await bot.kill()
    await stage.restart(bot)

    notice = await answer(chat, "I was interrupted")
    await all_is_done(stage)
    assert labels(notice) == ["🔁 Try again"]
    assert len(asked(stage, "unlucky")) == 2
