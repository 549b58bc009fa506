import pytest

from bot.sandbox.elumenta import Reply, Shape
from tests.e2e.seeing import answer, posts, said_by_bot
from tests.stage import Stage


def roles(messages: list[dict[str, str]]) -> list[str]:
    return [message["role"] for message in messages]


def contents(messages: list[dict[str, str]]) -> list[str]:
    return [message["content"] for message in messages]


async def test_a_conversation_goes_on_where_it_was_after_a_sigkill(stage: Stage) -> None:
    bot = await stage.start_bot()
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    stage.elumenta.script(Reply(text="Nice to meet you, Ann."), contains="My name")
    chat.send(chat.members[0], "My name is Ann.")
    await answer(chat, "Nice to meet you")

    await bot.kill()
    await stage.restart(bot)
    stage.elumenta.script(Reply(text="You are Ann."), contains="Who am I")
    chat.send(chat.members[0], "Who am I?")
    await answer(chat, "You are Ann.")

    seen = stage.elumenta.conversation(posts(stage)[-1])
    assert roles(seen) == ["system", "user", "assistant", "user"]
    assert contents(seen)[1:] == ["My name is Ann.", "Nice to meet you, Ann.", "Who am I?"]
    assert len(stage.elumenta.charges) == 2


@pytest.mark.parametrize("style", ["params", "flat"])
@pytest.mark.parametrize("shape", [Shape.A, Shape.B])
async def test_both_request_styles_and_both_answer_shapes_hold_a_conversation(
    stage: Stage, style: str, shape: Shape
) -> None:
    stage.elumenta.shape = shape
    await stage.start_bot(elumenta_request_style=style)
    chat = stage.telegram.private_chat(stage.telegram.person("Bob"))
    stage.elumenta.script(Reply(chunks=("Four", ", of", " course.")), contains="two and two")
    stage.elumenta.script(Reply(text="Five."), contains="one more")

    chat.send(chat.members[0], "How much is two and two?")
    await answer(chat, "Four, of course.")
    chat.send(chat.members[0], "And one more?")
    await answer(chat, "Five.")

    seen = contents(stage.elumenta.conversation(posts(stage)[-1]))
    assert seen[1:] == ["How much is two and two?", "Four, of course.", "And one more?"]


async def test_the_command_asks_as_plain_text_does(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Cid"))
    city.elumenta.script(Reply(text="Blue."), contains="colour of the sky")

    chat.send(chat.members[0], "/chat What is the colour of the sky?")

    await answer(chat, "Blue.")


async def test_new_forgets_what_was_said(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Dot"))
    chat.send(chat.members[0], "The secret of Dot is a walnut.")
    await answer(chat)

    command = chat.send(chat.members[0], "/new")
    await answer(chat, "forgotten", after=command)
    city.elumenta.script(Reply(text="No idea."), contains="What was my secret")
    chat.send(chat.members[0], "What was my secret?")
    await answer(chat, "No idea.")

    asked = [r for r in posts(city) if "What was my secret" in str(r.body)]
    assert "walnut" not in str(city.elumenta.conversation(asked[0]))


async def test_the_oldest_whole_turns_are_dropped_and_the_system_prompt_stays(
    stage: Stage,
) -> None:
    await stage.start_bot(history_chars="100", system_prompt="Be brief.")
    chat = stage.telegram.private_chat(stage.telegram.person("Eve"))
    for number in range(4):
        stage.elumenta.script(Reply(text=f"reply {number} " + "x" * 20), contains=f"ask {number}")
        chat.send(chat.members[0], f"ask {number} " + "y" * 10)
        await answer(chat, f"reply {number}")

    seen = contents(stage.elumenta.conversation(posts(stage)[-1]))

    assert seen == [
        "Be brief.",
        "ask 1 " + "y" * 10,
        "reply 1 " + "x" * 20,
        "ask 2 " + "y" * 10,
        "reply 2 " + "x" * 20,
        "ask 3 " + "y" * 10,
    ]


async def test_quick_messages_are_answered_in_order_and_one_at_a_time(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Fay"))
    for number in range(5):
        reply = Reply(text=f"Answer {number}", first_delay=0.05 * (5 - number))
        city.elumenta.script(reply, contains=f"quick {number}")

    for number in range(5):
        chat.send(chat.members[0], f"quick {number}")
    await answer(chat, "Answer 4")

    assert [m.text for m in said_by_bot(chat)] == [f"Answer {number}" for number in range(5)]
    last = [r for r in posts(city) if "quick 4" in str(r.body)][-1]
    assert contents(city.elumenta.conversation(last))[-3:] == ["quick 3", "Answer 3", "quick 4"]


async def test_more_questions_than_fit_into_the_line_are_refused_in_one_sentence(
    city: Stage,
) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Gus"))
    city.elumenta.script(Reply(text="slow", first_delay=3), contains="flood of questions")

    for _ in range(21):
        chat.send(chat.members[0], "flood of questions")

    await answer(chat, "20 questions are waiting")
    chat.send(chat.members[0], "/stop")
    await answer(chat, "dropped 19 questions")


async def test_a_question_that_is_too_long_is_refused_before_anything_is_spent(
    city: Stage,
) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Hal"))
    before = len(posts(city))

    chat.send(chat.members[0], "x" * 300_001, force=True)

    await answer(chat, "300,001 characters")
    assert len(posts(city)) == before


async def test_a_command_without_a_question_asks_for_one(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ida"))

    chat.send(chat.members[0], "/chat")

    await answer(chat, "What would you like to ask?")


async def test_two_people_never_see_each_others_conversations(city: Stage) -> None:
    first = city.telegram.private_chat(city.telegram.person("Jan"))
    second = city.telegram.private_chat(city.telegram.person("Kim"))
    for number in range(3):
        first.send(first.members[0], f"jan-secret {number}")
        second.send(second.members[0], f"kim-secret {number}")
    await first.wait(lambda chat: len(said_by_bot(chat)) >= 3)
    await second.wait(lambda chat: len(said_by_bot(chat)) >= 3)

    for request in posts(city):
        assert not ("jan-secret" in str(request.body) and "kim-secret" in str(request.body))


async def test_a_stranger_spends_nothing_and_learns_what_to_do(stage: Stage) -> None:
    owner = stage.telegram.person("Owner")
    await stage.start_bot(access="closed", admin_ids=str(owner.id))
    stranger = stage.telegram.private_chat(stage.telegram.person("Lee"))
    home = stage.telegram.private_chat(owner)

    stranger.send(stranger.members[0], "Hello?")
    refusal = await answer(stranger, "private")
    home.send(owner, "Hello!")
    await answer(home)

    assert str(stranger.members[0].id) in refusal.text
    assert len(posts(stage)) == 1
