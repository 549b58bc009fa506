"""Where the prompt comes from when it does not follow the command."""

import pytest

from bot.sandbox.elumenta import Making
from bot.sandbox.telegram import Chat, Message
from tests.e2e.seeing import answer, bodies, labels, result, results
from tests.stage import Stage

PNG = {"format": "png"}


async def test_a_bare_command_draws_the_message_it_replies_to(city: Stage) -> None:
    ann, bob = city.telegram.person("Ann"), city.telegram.person("Bob")
    group = city.telegram.group("Poets", members=[ann, bob])
    poem = group.send(ann, "A raven on a writing desk")

    order = group.send(bob, "/image --seed 6", reply_to=poem)

    assert (await result(group)).reply_to_id == order.id
    ((params, prompt),) = [
        (body["params"], body["prompt"])
        for body in bodies(city, "writing desk")
        if isinstance(body, dict)
    ]
    assert prompt == "A raven on a writing desk"
    assert params == {"seed": 6, **PNG}


async def test_a_bare_command_draws_the_caption_of_a_photo(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Tourists", members=[ann])
    photo = group.send_media(ann, "photo", caption="The tower that leans")

    group.send(ann, "/image", reply_to=photo)

    await result(group)
    expected = {"model": "flux-1.1-pro", "prompt": "The tower that leans", "params": PNG}
    assert bodies(city, "tower that leans") == [expected]


async def test_a_bare_command_draws_the_quote_that_was_picked(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Quoters", members=[ann])
    story = group.send(ann, "We left. The lonely lighthouse stayed. Then came night.")

    group.send(ann, "/image", reply_to=story, quote="The lonely lighthouse stayed.")

    await result(group)
    (body,) = bodies(city, "lonely lighthouse")
    assert isinstance(body, dict)
    assert body["prompt"] == "The lonely lighthouse stayed."


QUESTIONS = {
    "/image": "What should the picture show? Reply to this message with it.",
    "/video": "What should the video show? Reply to this message with it.",
}


async def question(chat: Chat, command: Message) -> Message:
    asked = await chat.reply_to(command)
    assert asked.force_reply
    assert labels(asked) == []
    return asked


@pytest.mark.parametrize("command", ["/image", "/video"])
async def test_a_command_alone_asks_what_to_show_and_tells_the_options(
    city: Stage, command: str
) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)

    asked = await question(chat, chat.send(ann, command))

    assert asked.text.splitlines()[0] == QUESTIONS[command]
    for told in ("--model", "--aspect", "--no", f"{command} --"):
        assert told in asked.text


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_the_answer_to_the_question_is_the_prompt(city: Stage, language: str) -> None:
    ann = city.telegram.person("Ann", language_code=language)
    chat = city.telegram.private_chat(ann)
    asked = await question(chat, chat.send(ann, "/image"))

    order = chat.send(ann, f"a hedgehog in {language}", reply_to=asked)

    assert (await result(chat)).reply_to_id == order.id
    expected = {"model": "flux-1.1-pro", "prompt": f"a hedgehog in {language}", "params": PNG}
    assert bodies(city, f"hedgehog in {language}") == [expected]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_options_wait_for_their_prompt(city: Stage, language: str) -> None:
    ann = city.telegram.person("Ann", language_code=language)
    group = city.telegram.group("Patient", members=[ann])
    words = f"an owl in {language}"
    asked = await question(group, group.send(ann, '/image --size 768x1344 --no "red, blue"'))

    group.send(ann, words, reply_to=asked)

    await result(group)
    params = {"size": "768x1344", "negative_prompt": "red, blue", **PNG}
    assert bodies(city, words) == [{"model": "flux-1.1-pro", "prompt": words, "params": params}]


async def test_options_in_the_answer_come_on_top_of_those_in_the_question(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    asked = await question(chat, chat.send(ann, "/image --size 768x1344 --seed 1"))

    chat.send(ann, "—seed 2 —no fog -- a barn owl", reply_to=asked)

    await result(chat)
    params = {"size": "768x1344", "seed": 2, "negative_prompt": "fog", **PNG}
    expected = {"model": "flux-1.1-pro", "prompt": "a barn owl", "params": params}
    assert bodies(city, "barn owl") == [expected]


async def test_a_wrong_option_is_told_before_the_prompt_is_asked_for(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)

    chat.send(ann, "/image --size 5x5")

    assert not (await answer(chat, "768x1344")).force_reply


async def test_the_question_is_remembered_over_a_restart(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann, olga = (stage.telegram.person("P", language_code=code) for code in ("en", "ru"))
    chats = [stage.telegram.private_chat(person) for person in (ann, olga)]
    stage.elumenta.script(Making(takes=0.3, eta_seconds=1), contains="remembered", times=2)
    asked = [
        await question(chat, chat.send(chat.members[0], "/video --model luma-ray2-flash"))
        for chat in chats
    ]

    await bot.kill()
    await stage.restart(bot)
    for chat, message in zip(chats, asked, strict=True):
        chat.send(chat.members[0], "remembered", reply_to=message)

    for chat in chats:
        await result(chat, "video")
    expected = {"model": "luma-ray2-flash", "prompt": "remembered", "params": {}}
    assert bodies(stage, "remembered") == [expected, expected]


async def test_a_prompt_for_a_conversation_stays_one(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    asked = await question(chat, chat.send(ann, "/image"))

    chat.send(ann, "by the way, good evening")

    await answer(chat, after=asked)
    assert results(chat) == []
    assert city.elumenta.orders("good evening") == []
