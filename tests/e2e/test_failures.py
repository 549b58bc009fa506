import json
from dataclasses import replace

import pytest

from bot.sandbox.elumenta import Reply, Wire
from bot.sandbox.telegram import Fault, FaultKind
from tests.e2e.seeing import REGENERATE, RETRY, answer, labels, said_by_bot
from tests.stage import Stage

REFUSALS = {
    "no key": (Reply(status=401, error="not_authenticated"), "key or plan"),
    "no tokens": (Reply(status=402, error="insufficient_tokens"), "top up"),
    "low plan": (Reply(status=403, error="insufficient_plan"), "key or plan"),
    "no model": (Reply(status=404, error="not_found"), "no model named gpt-5"),
    "bad request": (Reply(status=400, error="bad_request"), "word it differently"),
    "invalid": (Reply(status=422, error="validation_error"), "word it differently"),
    "provider": (Reply(status=500, error="provider_error"), "nothing was charged"),
    "gateway": (Reply(status=502, raw_body=b"<h1>Bad gateway</h1>"), "may have been charged"),
    "html": (Reply(raw_body=b"<html></html>", content_type="text/html"), "may have been charged"),
    "object": (Reply(raw_body=b"{}", content_type="application/json"), "may have been charged"),
    "list": (Reply(raw_body=b"[]", content_type="application/json"), "may have been charged"),
    "nothing said": (Reply(text=""), "said nothing"),
    "blank": (Reply(text=" \n "), "said nothing"),
}


@pytest.mark.parametrize("case", REFUSALS)
async def test_every_failure_is_one_sentence_with_a_button_to_try_again(
    city: Stage, case: str
) -> None:
    reply, sentence = REFUSALS[case]
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    city.elumenta.script(reply, contains=f"fail with {case}", times=2)

    chat.send(chat.members[0], f"fail with {case}")

    message = await answer(chat, sentence)
    assert labels(message) == ["🔁 Try again"]
    assert len(said_by_bot(chat)) == 1
    asked = [r for r in city.elumenta.requests if f"fail with {case}" in json.dumps(r.body)]
    assert len(asked) == (2 if case == "no model" else 1)


async def test_a_model_that_is_overloaded_is_asked_again_by_itself(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    overloaded = Reply(status=503, error="model_unavailable")
    city.elumenta.script(overloaded, contains="try the overloaded", times=2)

    chat.send(chat.members[0], "try the overloaded")

    message = await answer(chat)
    assert labels(message) == [REGENERATE]


async def test_a_short_wait_that_the_service_asks_for_is_waited(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    busy = Reply(status=429, error="rate_limit_exceeded", retry_after=1)
    city.elumenta.script(busy, contains="wait a second")

    chat.send(chat.members[0], "wait a second")

    assert labels(await answer(chat)) == [REGENERATE]


async def test_an_unreachable_service_is_said_to_be_so(stage: Stage) -> None:
    await stage.start_bot()
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    await stage.elumenta.close()

    chat.send(chat.members[0], "anybody there?")

    await answer(chat, "cannot reach Elumenta")


async def test_a_lost_answer_is_not_asked_for_again_by_itself(stage: Stage) -> None:
    await stage.start_bot()
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    stage.elumenta.script(Reply(chunks=("lost",), cut_after=0, finishes=False))

    chat.send(chat.members[0], "will this be lost?")

    message = await answer(chat)
    assert labels(message) == ["🔁 Try again"]
    posts = [request for request in stage.elumenta.requests if request.method == "POST"]
    assert len(posts) == 1


STORY = Reply(chunks=("Once upon ", "a time ", "there was ", "nothing."), finishes=False)
BREAKS = {
    "with an error": replace(STORY, fail_after=3),
    "by a cut": replace(STORY, cut_after=3),
    "without a word": replace(STORY, end_after=3),
}


@pytest.mark.parametrize("how", BREAKS)
async def test_a_stream_that_breaks_keeps_what_came_and_offers_to_ask_again(
    city: Stage, how: str
) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    city.elumenta.script(BREAKS[how], contains=f"tell a story, {how}")

    chat.send(chat.members[0], f"tell a story, {how}")
    told = await answer(chat, "Once upon a time there was")
    notice = await answer(chat, "to ask again")

    assert labels(notice) == ["🔁 Try again"]
    assert told.id <= notice.id


async def test_a_broken_stream_that_was_finished_and_paid_for_arrives_whole(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    pieces = ("Half of it ", "and the other half.")
    city.elumenta.script(Reply(chunks=pieces, cut_after=1), contains="heal the stream")

    chat.send(chat.members[0], "heal the stream")

    message = await answer(chat, "Half of it and the other half.")
    assert labels(message) == [REGENERATE]
    posts = [r for r in city.elumenta.requests if "heal the stream" in str(r.body)]
    assert len(posts) == 1


async def test_the_button_asks_again_once_and_only_for_its_person(city: Stage) -> None:
    ann, bob = city.telegram.person("Ann"), city.telegram.person("Bob")
    group = city.telegram.group("Two", members=[ann, bob])
    city.elumenta.script(Reply(status=500, error="provider_error"), contains="second chance")
    group.send(ann, "/chat second chance")
    failure = await answer(group, "nothing was charged")

    strange = await group.press(bob, failure).answer()
    first = await group.press(ann, failure).answer()
    second = await group.press(ann, failure, "🔁 Try again").answer()

    assert "somebody else" in (strange.text or "")
    assert first.text == "Asking again"
    assert "old" in (second.text or "")
    await answer(group, after=failure)
    asked = [r for r in city.elumenta.requests if "second chance" in str(r.body)]
    assert len(asked) == 2


async def test_a_press_counts_though_telegram_has_not_told_yet_that_the_button_is_there(
    city: Stage,
) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Reply(status=500, error="provider_error"), contains="press at once")
    late = Fault(kind=FaultKind.LATE_ANSWER, method="sendMessage", chat_id=chat.id, seconds=2)
    city.telegram.fail(late)
    chat.send(ann, "press at once")
    failure = await answer(chat, "nothing was charged")

    press = await chat.press(ann, failure, RETRY).answer()

    assert press.text == "Asking again"
    await answer(chat, after=failure)


async def test_the_button_asks_again_even_when_the_line_is_full(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Reply(status=500, error="provider_error"), contains="press me later")
    chat.send(ann, "press me later")
    failure = await answer(chat, "nothing was charged")
    city.elumenta.script(Reply(text="Slow.", first_delay=2), contains="hold the line")
    for _ in range(20):
        chat.send(ann, "hold the line")
    await chat.wait(lambda chat: len(chat.messages) > 21)

    press = await chat.press(ann, failure, "🔁 Try again").answer()

    assert press.text == "Asking again"
    chat.send(ann, "/stop")
    await answer(chat, after=failure)
    await city.elumenta.wait(lambda: city.elumenta.open_streams == 0)


@pytest.mark.parametrize("nothing", ["<think>\n</think>", "&nbsp;", "#", "\u200b"])
async def test_an_answer_of_which_nothing_can_be_seen_is_said_to_be_empty(
    city: Stage, nothing: str
) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    question = f"say nothing {nothing!r}"
    city.elumenta.script(Reply(text=nothing), contains=question)

    chat.send(chat.members[0], question)

    await answer(chat, "The model said nothing")


@pytest.mark.parametrize("wire", list(Wire))
@pytest.mark.parametrize(("done", "end"), [(True, True), (False, True), (True, False)])
async def test_streams_are_understood_however_they_are_written(
    city: Stage, wire: Wire, *, done: bool, end: bool
) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    question = f"write it as {wire} {done} {end}"
    reply = Reply(chunks=("Добрый ", "день, ", "мир 🌍!"), wire=wire, done=done, end=end)
    city.elumenta.script(reply, contains=question)

    chat.send(chat.members[0], question)

    assert (await answer(chat)).text == "Добрый день, мир 🌍!"


async def test_a_whole_answer_instead_of_a_stream_is_taken(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    city.elumenta.script(Reply(text="Not streamed.", as_json=True), contains="no stream please")

    chat.send(chat.members[0], "no stream please")

    await answer(chat, "Not streamed.")
