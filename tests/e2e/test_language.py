"""The language of a chat, whoever writes there."""

import asyncio

import pytest

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat
from tests.e2e.house import visitor
from tests.e2e.seeing import PATIENCE_SECONDS, answer, labels, press
from tests.e2e.talking import AGAIN, in_every_language, label, newcomer, say, texts, told
from tests.e2e.team import open_team
from tests.postgresql import Cluster
from tests.stage import Stage

OTHER = {"en": "ru", "ru": "en"}
NAMES = {"en": "English", "ru": "Русский"}


@in_every_language
async def test_the_bot_answers_in_the_new_language_at_once(town: Stage, language: str) -> None:
    chat, new = newcomer(town, language), OTHER[language]

    done = await told(chat, f"/language {new}")
    later = await told(chat, "/max_tokens many")
    failed = f"failing in {language}"
    town.elumenta.script(Reply(status=402, error="insufficient_tokens"), contains=failed)
    refused = await told(chat, failed)

    name = texts(new)("settings-name", setting="language")
    assert done.text.startswith(f"🌐 {name}: {NAMES[new]}")
    assert later.text != (await told(newcomer(town, language), "/max_tokens many")).text
    assert refused.text == texts(new)("error-out-of-tokens")


@in_every_language
async def test_a_language_is_chosen_by_its_button_and_left_to_the_app_again(
    town: Stage, language: str
) -> None:
    chat, new = newcomer(town, language), OTHER[language]
    menu = await told(chat, "/language")
    assert {NAMES["en"], NAMES["ru"]} <= {one.removeprefix("✓ ") for one in labels(menu)}

    await press(chat, chat.members[0], menu, label(menu, NAMES[new]))
    first = await told(chat, f"a word in {language}")
    menu = await told(chat, "/language")
    (automatic,) = [
        one for one in labels(menu) if not any(name in one for name in NAMES.values())
    ][:1]
    await press(chat, chat.members[0], menu, automatic)
    second = await told(chat, f"another word in {language}")

    assert label(first, AGAIN) == texts(new)("button-regenerate")
    assert label(second, AGAIN) == texts(language)("button-regenerate")


@in_every_language
async def test_a_group_has_one_language_for_all_its_people(town: Stage, language: str) -> None:
    t = texts(language)
    owner = town.telegram.person("Olga", language_code=language)
    ann = town.telegram.person("Ann", language_code=OTHER[language])
    group = town.telegram.group("Polyglots", members=[owner, ann])

    await group.reply_to(group.send(owner, f"/language {language}"))
    told_ann = await group.reply_to(group.send(ann, "/new"))
    at_home = await told(town.telegram.private_chat(ann), "/stop")

    assert told_ann.text == t("error-not-allowed-here")
    assert at_home.text == texts(OTHER[language])("stop-nothing")


@in_every_language
async def test_an_unknown_language_is_refused_with_those_there_are(
    town: Stage, language: str
) -> None:
    chat = newcomer(town, language)

    shown = await told(chat, "/language tlh")

    assert set(NAMES.values()) <= {one.removeprefix("✓ ") for one in labels(shown)}
    assert (await told(chat, "/stop")).text == texts(language)("stop-nothing")


async def test_a_language_chosen_at_one_replica_is_soon_used_by_the_other(
    tmp_path_factory: pytest.TempPathFactory, postgresql: Cluster
) -> None:
    async with open_team(tmp_path_factory.mktemp("languages"), postgresql) as team:
        first, second = team.bots
        chat = visitor(team.stage, "Ann")
        team.post_to(first)
        await answer(chat, after=say(chat, "/language ru"))

        team.post_to(second)
        await until_told(chat, "/stop", texts("ru")("stop-nothing"))
        menu = await told(chat, "/settings")
        before = labels(menu)
        pressed = chat.press(chat.members[0], menu, before[0])

        await pressed.answer()
        await chat.wait(lambda _: labels(menu) != before, timeout=PATIENCE_SECONDS)


async def until_told(chat: Chat, command: str, text: str) -> None:
    """Let somebody write this again and again until the answer is right."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await told(chat, command)).text != text:
            pass
