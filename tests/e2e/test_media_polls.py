"""How the service is asked whether a video is ready."""

from bot.sandbox.elumenta import Making, Reply
from tests.e2e.seeing import result
from tests.stage import Stage

CHEAP = "--model luma-ray2-flash"
QUICK = Making(takes=0.3, eta_seconds=1)

FAILURES = {
    "of status 500": Reply(status=500, error="provider_error"),
    "of status 503": Reply(status=503, error="model_unavailable"),
    "of html": Reply(raw_body=b"<html></html>", content_type="text/html"),
    "of no shape": Reply(raw_body=b"[]"),
    "cut short": Reply(cut_after=0),
    "not found": Reply(status=404, error="not_found"),
}


async def test_failing_polls_of_every_kind_are_ridden_out(city: Stage) -> None:
    chats = {}
    for case, reply in FAILURES.items():
        ann = city.telegram.person("Ann")
        chats[case] = city.telegram.private_chat(ann)
        city.elumenta.script(QUICK, contains=f"a poll {case}")
        # What is not found is looked for under the older address as well.
        times = 2 if case == "not found" else 1
        city.elumenta.script_polls(reply, contains=f"a poll {case}", times=times)
        chats[case].send(ann, f"/video {CHEAP} a poll {case}")

    for case, chat in chats.items():
        await result(chat, "video")
        assert len(city.elumenta.orders(f"a poll {case}")) == 1
        assert len(city.elumenta.polls(f"a poll {case}")) == (3 if case == "not found" else 2)


async def test_a_rate_limit_pauses_all_polls(stage: Stage) -> None:
    await stage.start_bot()
    people = [stage.telegram.person(f"P{n}") for n in range(3)]
    chats = [stage.telegram.private_chat(person) for person in people]
    limit = Reply(status=429, error="rate_limit_exceeded", retry_after=2)
    stage.elumenta.script_polls(limit, times=1)
    for n, chat in enumerate(chats):
        stage.elumenta.script(Making(takes=0.2, eta_seconds=1 + n), contains=f"queue {n}")
        chat.send(chat.members[0], f"/video {CHEAP} queue {n}")

    for chat in chats:
        await result(chat, "video")

    limited, *others = stage.elumenta.polls()
    assert limited.status == 429
    assert len(others) == len(chats)
    assert min(poll.at for poll in others) >= limited.at + 2


async def test_polls_are_few(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Making(takes=4, eta_seconds=8), contains="patient oak")

    chat.send(ann, f"/video {CHEAP} a patient oak")
    await result(chat, "video")

    (ordered,) = city.elumenta.orders("patient oak")
    polls = city.elumenta.polls("patient oak")
    assert len(polls) <= 2
    assert polls[0].at - ordered.at >= 0.6 * 8
