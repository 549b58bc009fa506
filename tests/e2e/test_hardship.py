"""What a hostile tester found, so that it stays mended."""

import sqlite3

import pytest

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Fault, FaultKind, TelegramServer
from tests.e2e.seeing import answer, growing, posts, said_by_bot
from tests.stage import Stage

SLOW = Reply(chunks=tuple(f"word{n} " for n in range(300)), gap=0.2)


async def test_a_paid_answer_outlives_an_outage_of_telegram(stage: Stage) -> None:
    bot = await stage.start_bot()
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    stage.elumenta.script(Reply(text="The paid answer.", first_delay=1))
    chat.send(chat.members[0], "what did I pay for?")
    await stage.until(lambda: len(posts(stage)) == 1)
    stage.telegram.down = True
    await stage.until(lambda: "answer.finished" in bot.output)
    await stage.until(lambda: "answer.delayed" in bot.output)

    stage.telegram.down = False

    await answer(chat, "The paid answer.")


async def test_bad_gateways_do_not_lose_an_answer(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    city.elumenta.script(Reply(text="The paid answer."), contains="bad gateways")
    bad = Fault(kind=FaultKind.SERVER_ERROR, method="sendMessage", chat_id=chat.id, times=3)
    city.telegram.fail(bad)

    chat.send(chat.members[0], "bad gateways")

    await answer(chat, "The paid answer.")


async def test_an_update_of_the_future_does_not_make_the_bot_deaf(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.telegram.push(
        {
            "message": {
                "message_id": 700,
                "date": 1_790_000_000,
                "chat": {"id": ann.id, "type": "private", "first_name": "Ann"},
                "from": {"id": ann.id, "is_bot": False, "first_name": "Ann"},
                "text": "confidential",
                "forward_origin": {"type": "hologram", "date": 1_790_000_000},
            }
        }
    )

    chat.send(ann, "still there?")

    await answer(chat)
    assert "confidential" not in bot.output


async def test_a_retry_at_the_end_of_the_program_pays_nothing(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(Reply(status=500, error="provider_error"))
    stage.elumenta.script(SLOW)
    chat.send(ann, "fail")
    failure = await answer(chat, "nothing was charged")
    stage.telegram.fail(Fault(kind=FaultKind.DELAY, method="editMessageReplyMarkup", seconds=2))

    await chat.press(ann, failure).answer()

    assert await bot.terminate(within=10) == 0
    assert len(posts(stage)) == 1


async def test_new_also_forgets_a_question_about_to_be_asked_again(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Reply(status=500, error="provider_error"), contains="forget this")
    chat.send(ann, "forget this question")
    failure = await answer(chat, "nothing was charged")
    slow = Fault(kind=FaultKind.DELAY, method="editMessageReplyMarkup", chat_id=chat.id, seconds=2)
    city.telegram.fail(slow)
    await chat.press(ann, failure).answer()

    await answer(chat, "forgotten", after=chat.send(ann, "/new"))
    probe = chat.send(ann, "what is left in your memory?")
    await answer(chat, after=probe)

    asked = [r for r in posts(city) if "left in your memory" in str(r.body)]
    assert "forget this" not in str(city.elumenta.conversation(asked[-1]))


async def test_an_answer_arrives_though_its_live_part_failed(stage: Stage) -> None:
    bot = await stage.start_bot()
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    counting = Reply(chunks=("one ", "two ", "three ", "four"), gap=0.8, first_delay=1)
    stage.elumenta.script(counting)
    chat.send(chat.members[0], "count")
    await stage.until(lambda: len(posts(stage)) == 1)
    database = sqlite3.connect(stage.folder / "data/bot.sqlite3", isolation_level=None)
    database.execute(
        "create trigger refusal before insert on turn_messages "
        "begin select raise(abort, 'full'); end"
    )
    await stage.until(lambda: "live.failed" in bot.output)

    database.execute("drop trigger refusal")
    database.close()

    await answer(chat, "four")


async def test_a_stranger_who_floods_a_group_does_not_hold_up_its_answers(stage: Stage) -> None:
    owner, stranger = stage.telegram.person("Owner"), stage.telegram.person("Stranger")
    await stage.start_bot(access="closed", admin_ids=str(owner.id))
    group = stage.telegram.group("Busy", members=[owner, stranger])
    for _ in range(100):
        group.send(stranger, "/chat let me in")

    question = group.send(owner, "/chat can you hear me?")

    await group.reply_to(question)
    assert len(said_by_bot(group)) < 8
    assert len(posts(stage)) == 1


async def test_a_draft_stays_while_the_model_is_silent(stage: Stage) -> None:
    await stage.start_bot(streaming="draft")
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    stage.elumenta.script(Reply(chunks=("first half ", "second half"), gap=40))
    chat.send(chat.members[0], "slowly")
    first = await chat.wait(
        lambda chat: next((d for d in chat.drafts.values() if "first" in d.text), None)
    )

    again = await chat.wait(
        lambda chat: next(
            (d for d in chat.drafts.values() if d.updated_at > first.updated_at + 15), None
        ),
        timeout=40,
    )

    assert again.updated_at - first.updated_at < 30


async def test_another_bot_on_the_same_database_answers(stage: Stage) -> None:
    bot = await stage.start_bot()
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    chat.send(chat.members[0], "hello")
    await answer(chat)
    await bot.terminate()
    other = TelegramServer(token="987654321:" + "B" * 35)
    await other.start()
    ann = other.person("Ann")

    successor = await stage.launch_bot(bot_token=other.token, telegram_api_url=other.url)
    await other.polled(60)
    again = other.private_chat(ann)
    again.send(ann, "hello")

    await answer(again)
    await successor.kill()
    await other.close()


async def test_stop_also_ends_the_showing_of_a_long_answer(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    huge = Reply(text="lorem ipsum dolor " * 6000)
    city.elumenta.script(huge, contains="say something huge")
    chat.send(ann, "say something huge")
    await chat.wait(lambda chat: len(said_by_bot(chat)) >= 3)

    await answer(chat, "Stopped.", after=chat.send(ann, "/stop"))
    probe = chat.send(ann, "what comes next?")
    await answer(chat, "what comes next?", after=probe)

    assert len(said_by_bot(chat)) < 20


@pytest.mark.parametrize("wait", ["1e999", "-5"])
async def test_a_limit_of_an_odd_time_is_waited_for(stage: Stage, wait: str) -> None:
    await stage.start_bot()
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    stage.elumenta.script(limit_for(wait))

    chat.send(chat.members[0], "an odd limit")

    await growing(chat, "⏳")


async def test_a_limit_that_is_over_at_once_holds_nothing_up(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    city.elumenta.script(limit_for("0"), contains="a limit of no time")

    chat.send(chat.members[0], "a limit of no time")

    await answer(chat, "a limit of no time")


def limit_for(seconds: str) -> Reply:
    body = f'{{"error":"rate_limit_exceeded","retry_after":{seconds}}}'
    return Reply(status=429, raw_body=body.encode())


@pytest.mark.parametrize("data", ["retry:99999999999999999999999", "stop:x", "stop:-1", "other"])
async def test_a_forged_press_does_nothing(city: Stage, data: str) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    before = len(posts(city))
    query = {
        "id": f"forged {data}",
        "from": {"id": ann.id, "is_bot": False, "first_name": "Ann"},
        "chat_instance": "1",
        "data": data,
    }

    city.telegram.push({"callback_query": query})

    chat.send(ann, "/help")
    await answer(chat, "/chat")
    assert len(posts(city)) == before
    assert not any("went wrong" in message.text for message in said_by_bot(chat))
