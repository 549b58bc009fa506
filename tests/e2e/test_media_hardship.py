"""What goes wrong at the service, and what a person hears and pays."""

import pytest
from aiohttp import ClientSession

from bot.sandbox.elumenta import Making, Reply
from tests.e2e.seeing import (
    AGAIN,
    LOOK_AGAIN,
    answer,
    labels,
    lose_patience,
    only_this_is_left,
    pass_time,
    result,
    results,
    said_by_bot,
)
from tests.stage import Stage

CHEAP = "--model luma-ray2-flash"
QUICK = Making(takes=0.3, eta_seconds=1)

FAILURES: dict[str, tuple[Making | Reply, str]] = {
    "no paint": (Making(fails="Provider error: out of paint"), "out of paint"),
    "policy": (Making(fails="Provider error: content policy violation"), "content policy"),
    "late policy": (
        Making(fails="Content policy violation: violence", pending=True, takes=0.2, eta_seconds=1),
        "content policy",
    ),
    "no key": (Reply(status=401, error="not_authenticated"), "key or plan"),
    "no tokens": (Reply(status=402, error="insufficient_tokens"), "top up"),
    "low plan": (Reply(status=403, error="insufficient_plan"), "key or plan"),
    "no model": (Reply(status=404, error="not_found"), "no model named flux-1.1-pro"),
    "bad request": (Reply(status=400, error="bad_request", message="Odd prompt"), "Odd prompt"),
    "invalid": (Reply(status=422, error="validation_error", message="Odd size"), "Odd size"),
    "provider": (
        Reply(status=500, error="provider_error", message="Broken brush"),
        "Broken brush",
    ),
    "overload": (Reply(status=503, error="model_unavailable"), "flux-1.1-pro is down"),
}


async def test_a_failure_is_told_with_its_reason_and_costs_nothing(city: Stage) -> None:
    charged = len(city.elumenta.charges)
    orders = {}
    for case, (failing, _) in FAILURES.items():
        ann = city.telegram.person("Ann")
        chat = city.telegram.private_chat(ann)
        city.elumenta.script(failing, contains=f"doomed by {case}", times=10)
        orders[case] = chat, chat.send(ann, f"/image doomed by {case}")

    for case, (_, reason) in FAILURES.items():
        chat, order = orders[case]
        told = await answer(chat, reason)
        assert told.reply_to_id == order.id
        assert "nothing was charged" in told.text
        await only_this_is_left(chat, told)
        posts = len(city.elumenta.orders(f"doomed by {case}"))
        assert 1 < posts <= 5 if case == "overload" else posts == 1
    assert len(city.elumenta.charges) == charged


async def test_a_failed_video_is_told_with_its_reason_and_costs_nothing(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    failing = Making(fails="The camera jammed", takes=0.2, eta_seconds=1)
    city.elumenta.script(failing, contains="jammed camera")
    charged = len(city.elumenta.charges)

    chat.send(ann, f"/video {CHEAP} a jammed camera")

    told = await answer(chat, "The camera jammed")
    await only_this_is_left(chat, told)
    assert "nothing was charged" in told.text.lower()
    assert len(city.elumenta.charges) == charged


@pytest.mark.parametrize(
    "busy",
    [
        Reply(status=503, error="model_unavailable"),
        Reply(status=429, error="rate_limit_exceeded", retry_after=1),
    ],
)
async def test_a_rush_that_passes_is_waited_for(city: Stage, busy: Reply) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    words = f"atelier busy with {busy.status}"
    city.elumenta.script(busy, contains=words, times=2)

    chat.send(ann, f"/image {words}")

    await result(chat)
    assert len(city.elumenta.orders(words)) == 3


async def test_a_failure_is_told_in_russian(city: Stage) -> None:
    olga = city.telegram.person("Ольга", language_code="ru")
    chat = city.telegram.private_chat(olga)
    city.elumenta.script(Reply(status=402, error="insufficient_tokens"), contains="пустой кошелёк")

    chat.send(olga, "/image пустой кошелёк")

    told = await answer(chat, "ничего не списано")
    assert "Elumenta" in told.text


async def test_a_service_that_cannot_be_reached_is_said_to_be_so(stage: Stage) -> None:
    await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    await stage.elumenta.close()

    chat.send(ann, "/image a desert island")

    told = await answer(chat, "cannot reach Elumenta")
    assert "nothing was charged" in told.text.lower()


async def test_orders_whose_answer_got_lost_are_found_and_paid_once(stage: Stage) -> None:
    await stage.start_bot()
    ann, bob, cid, dot = (stage.telegram.person(name) for name in ("Ann", "Bob", "Cid", "Dot"))
    chats = {person: stage.telegram.private_chat(person) for person in (ann, bob, cid, dot)}
    stage.elumenta.script(Making(lost_answer=True, seed=1), contains="lost picture")
    stage.elumenta.script(Making(lost_answer=True, takes=1, eta_seconds=1), contains="lost film")
    stage.elumenta.script(Making(lost_answer=True, seed=2), contains="twins")
    stage.elumenta.script(Making(seed=3), contains="twins")

    chats[ann].send(ann, "/image a lost picture")
    chats[bob].send(bob, f"/video {CHEAP} a lost film")
    chats[cid].send(cid, "/image the twins")
    await stage.until(lambda: len(stage.elumenta.orders("twins")) == 1)
    chats[dot].send(dot, "/image the twins")

    assert "seed 1" in (await result(chats[ann])).text
    await result(chats[bob], "video")
    for person in (ann, bob):
        assert any("looking it up" in one.text for one in chats[person].history)
    seeds = {(await result(chats[person])).text.split(" · ")[2] for person in (cid, dot)}
    assert seeds == {"seed 2", "seed 3"}
    assert len(stage.elumenta.charges) == 4
    assert len(stage.elumenta.orders()) == 4
    for chat in chats.values():
        await only_this_is_left(chat, results(chat)[0])


async def test_a_lost_order_is_found_though_hundreds_of_answers_were_given_since(
    stage: Stage,
) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(Making(lost_answer=True, takes=1, eta_seconds=1), contains="needle")
    chat.send(ann, f"/video {CHEAP} a needle")
    await stage.until(lambda: "order.failed" in bot.output)
    await bot.kill()

    await make_hay(stage)
    await stage.restart(bot)

    await result(chat, "video")
    assert len(stage.elumenta.orders("needle")) == 1


async def make_hay(stage: Stage) -> None:
    """Have more answered than is looked through for an order, over the same account."""
    headers = {"Authorization": f"Bearer {stage.elumenta.api_key}"}
    async with ClientSession(headers=headers) as session:
        for _ in range(300):
            question = {"model": "gpt-5-nano", "prompt": "hay"}
            async with session.post(
                f"{stage.elumenta.url}/api/v2/generate", json=question
            ) as answer:
                answer.raise_for_status()


async def test_orders_that_left_no_trace_are_told_and_made_again_on_demand(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann, bob = stage.telegram.person("Ann"), stage.telegram.person("Bob")
    chats = {person: stage.telegram.private_chat(person) for person in (ann, bob)}
    stage.elumenta.script(Reply(cut_after=0, finishes=False), contains="vanished ship")
    stage.elumenta.script(Reply(status=502, raw_body=b"<html></html>"), contains="vanished ship")
    for person, chat in chats.items():
        chat.send(person, "/image a vanished ship")
    await stage.until(lambda: bot.output.count("order.failed") == 2)

    await bot.terminate()
    pass_time(stage, minutes=10)
    lose_patience(stage)
    await stage.restart(bot)

    for chat in chats.values():
        told = await answer(chat, "no trace")
        assert "nothing was charged" in told.text
        assert labels(told) == [LOOK_AGAIN, AGAIN]
    assert stage.elumenta.charges == []
    assert len(stage.elumenta.orders("vanished ship")) == 2
    for person, chat in chats.items():
        for one in [chat.press(person, said_by_bot(chat)[0], AGAIN) for _ in range(2)]:
            await one.answer()
        await result(chat)
    assert len(stage.elumenta.orders("vanished ship")) == 4
    assert len(stage.elumenta.charges) == 2


async def test_thirty_people_get_their_own_pictures_and_videos(stage: Stage) -> None:
    await stage.start_bot()
    chats = [stage.telegram.private_chat(stage.telegram.person(f"P{n}")) for n in range(30)]
    for n, chat in enumerate(chats):
        making = Making(size_bytes=300_000 + n, takes=0.5, eta_seconds=1)
        stage.elumenta.script(making, contains=f"job {n} of many")
        command = f"/video {CHEAP}" if n % 2 else "/image"
        chat.send(chat.members[0], f"{command} job {n} of many")

    for n, chat in enumerate(chats):
        sent = await result(chat, "video" if n % 2 else "photo")
        assert sent.file is not None
        assert sent.file.size == 300_000 + n
        await only_this_is_left(chat, sent)

    assert len(stage.elumenta.orders()) == 30
    assert len({charge.generation_id for charge in stage.elumenta.charges}) == 30
    assert len(stage.elumenta.charges) == 30


async def test_nothing_private_is_logged(stage: Stage) -> None:
    bot = await stage.start_bot(log_level="DEBUG")
    chats = [stage.telegram.private_chat(stage.telegram.person(f"P{n}")) for n in range(5)]
    stage.elumenta.script(Making(lost_answer=True), contains="confidential loss")
    stage.elumenta.script(Making(file_status=503, file_failures=1), contains="confidential file")
    stage.elumenta.script(Making(fails="too confidential"), contains="confidential plan")
    refusal = Reply(status=422, error="validation_error", message="no confidential words")
    stage.elumenta.script(refusal, contains="confidential word")

    for chat, what in zip(chats, ("loss", "file", "plan", "word", "view"), strict=True):
        chat.send(chat.members[0], f"/image --no confidential -- a confidential {what}")
        chat.send(chat.members[0], "/image --size confidential")
    for chat in (*chats[:2], chats[4]):
        await result(chat)
    for chat in chats[2:4]:
        await answer(chat, "nothing was charged")
    await bot.terminate()

    secrets = (stage.telegram.token, stage.elumenta.api_key, "confidential", "/files/")
    assert [secret for secret in secrets if secret in bot.output] == []
    assert "Traceback" not in bot.output
