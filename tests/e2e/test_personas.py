"""What the model is told to be, and how freely and how long it answers."""

import pytest

from tests.e2e.seeing import all_is_done, answer, labels, press
from tests.e2e.talking import (
    in_every_language,
    newcomer,
    options_of,
    say,
    system_prompt,
    texts,
    told,
)
from tests.stage import Stage

DEFAULT = "You are a helpful assistant in a Telegram chat."


@in_every_language
async def test_a_chat_has_a_system_prompt_of_its_own_until_it_is_switched_off(
    town: Stage, language: str
) -> None:
    chat, other = newcomer(town, language), newcomer(town, language)
    persona = f"You are a pirate who speaks {language}."

    await told(chat, f"/system {persona}")
    shown = await told(chat, "/system")
    await told(chat, f"ahoy in {language}")
    await told(other, f"good day in {language}")
    await told(chat, "/system off")
    await told(chat, f"a quiet sea in {language}")

    assert persona in shown.text
    assert system_prompt(town, f"ahoy in {language}").startswith(persona)
    assert DEFAULT not in system_prompt(town, f"ahoy in {language}")
    assert DEFAULT in system_prompt(town, f"good day in {language}")
    assert DEFAULT in system_prompt(town, f"a quiet sea in {language}")


@in_every_language
async def test_a_ready_persona_is_chosen_by_its_button(town: Stage, language: str) -> None:
    chat = newcomer(town, language)
    menu = await told(chat, "/system")
    persona = labels(menu)[2]

    shown = await press(chat, chat.members[0], menu, persona)
    await told(chat, f"who are you in {language}?")

    assert shown is not None
    assert len(labels(menu)) >= 6
    assert DEFAULT not in system_prompt(town, f"who are you in {language}")
    await chat.wait(lambda _: any("✓" in one or "✅" in one for one in labels(menu)))


@in_every_language
async def test_a_system_prompt_that_is_too_long_is_refused(town: Stage, language: str) -> None:
    t = texts(language)
    chat = newcomer(town, language)

    refused = await answer(
        chat, after=chat.send(chat.members[0], "/system " + "x" * 4_001, force=True)
    )
    await told(chat, f"still yourself in {language}?")

    assert refused.text == t("error-system-too-long", length=4_001, limit=4_000)
    assert DEFAULT in system_prompt(town, f"still yourself in {language}")


@in_every_language
async def test_temperature_and_length_reach_the_model_until_they_are_switched_off(
    town: Stage, language: str
) -> None:
    chat = newcomer(town, language)

    await told(chat, "/temperature 0,7")
    await told(chat, "/max_tokens 1500")
    await told(chat, f"warm in {language}")
    shown = [await told(chat, command) for command in ("/temperature", "/max_tokens")]
    await told(chat, "/temperature off")
    await told(chat, "/max_tokens off")
    await told(chat, f"as usual in {language}")

    assert options_of(town, f"warm in {language}") == {"temperature": 0.7, "max_tokens": 1500}
    assert options_of(town, f"as usual in {language}") == {}
    assert "0" in shown[0].text
    assert "7" in shown[0].text
    assert "500" in shown[1].text


@pytest.mark.parametrize(
    "command",
    [
        "/temperature 2.1",
        "/temperature -1",
        "/temperature hot",
        "/temperature nan",
        "/max_tokens 0",
        "/max_tokens 128001",
        "/max_tokens 1.5",
        "/max_tokens many",
    ],
)
async def test_what_is_out_of_range_is_refused_and_changes_nothing(
    town: Stage, command: str
) -> None:
    chats = [newcomer(town, language) for language in ("en", "ru")]

    refused = [await told(chat, command) for chat in chats]
    for chat in chats:
        await told(chat, f"unchanged by {command.removeprefix('/')}")

    for one in refused:
        assert ("2" if "temperature" in command else "128") in one.text
    assert refused[0].text != refused[1].text
    assert options_of(town, f"unchanged by {command.removeprefix('/')}") == {}


async def test_a_persona_outlives_the_program_and_a_new_conversation(stage: Stage) -> None:
    bot = await stage.start_bot(streaming="off")
    chat = newcomer(stage)
    await told(chat, "/system You are a lighthouse.")
    await told(chat, "/temperature 0.2")
    await all_is_done(stage)

    await bot.kill()
    await stage.restart(bot)
    await told(chat, "/new")
    await answer(chat, after=say(chat, "shine"))

    assert system_prompt(stage, "shine").startswith("You are a lighthouse.")
    assert options_of(stage, "shine") == {"temperature": 0.2}
