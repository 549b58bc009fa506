"""Tables and formulas as Telegram's own."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Message, TelegramServer
from tests.e2e.seeing import PATIENCE_SECONDS, answer, growing, posts, press, said_by_bot
from tests.e2e.talking import AGAIN, conversation, has_button, label, newcomer, say, told
from tests.stage import Stage, open_stage

TABLE = "| fruit | price |\n|---|--:|\n| **pear** | 5 |\n\n"
FORMULA = "so\n$$e = mc^2$$\n"
ANSWER = Reply(chunks=("Look:\n\n", TABLE, FORMULA, "done."), gap=0.8)
CODE = Reply(text=f"{TABLE}```py\nprint()\n```")
LONG = Reply(chunks=(TABLE, *("many words " * 50 for _ in range(20))), gap=0.4)
CLASSIC = "fruit | price\n------+------\npear  |     5"
RICH_SWITCH, COST_SWITCH = "📊", "🪙"


@pytest.fixture(scope="session")
async def library(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A stage with a running bot whose owner wants rich messages."""
    async with open_stage(tmp_path_factory.mktemp("library")) as stage:
        await stage.start_bot(rich_messages="auto")
        yield stage
        refused = [call.description for call in stage.telegram.calls if call.error_code == 400]
        assert refused == []


def kinds(message: Message) -> list[object]:
    return [block["type"] for block in message.blocks]


def rich_calls(telegram: TelegramServer) -> list[str]:
    return [call.method for call in telegram.calls if "rich_message" in call.parameters]


async def switch(chat: Chat, words: str) -> None:
    """Press a switch in the settings of a chat."""
    menu = await told(chat, "/settings")
    await press(chat, chat.members[0], menu, label(menu, words))
    await chat.wait(lambda _: menu.edited > 0, timeout=PATIENCE_SECONDS)


async def test_a_table_and_a_formula_become_telegrams_own(library: Stage, language: str) -> None:
    chat, words = newcomer(library, language), f"fruit in {language}"
    library.elumenta.script(ANSWER, contains=words)

    question = say(chat, words)
    early = await growing(chat, "Look")
    final = await answer(chat, "done.")

    assert early.id == final.id
    assert said_by_bot(chat, after=question) == [final]
    assert kinds(final) == [
        "paragraph",
        "table",
        "paragraph",
        "mathematical_expression",
        "paragraph",
    ]
    assert final.text == "Look:\nfruit | price\npear | 5\nso\ne = mc^2\ndone."
    assert has_button(final, AGAIN)


async def test_an_answer_with_code_stays_classic(library: Stage) -> None:
    chat = newcomer(library)
    library.elumenta.script(CODE, contains="fruit in code")

    say(chat, "fruit in code")
    final = await answer(chat, "print()")

    assert kinds(final) == []
    assert CLASSIC in final.text


async def test_a_long_rich_answer_ends_as_one_message(library: Stage) -> None:
    chat = newcomer(library)
    library.elumenta.script(LONG, contains="fruit at length")

    question = say(chat, "fruit at length")
    await chat.wait(lambda _: len(said_by_bot(chat)) > 1, timeout=PATIENCE_SECONDS)
    await chat.wait(
        lambda _: [kinds(one) for one in said_by_bot(chat)] == [["table", "paragraph"]],
        timeout=PATIENCE_SECONDS,
    )

    (final,) = said_by_bot(chat, after=question)
    assert final.text.count("many words") == 1000


async def test_a_reply_to_a_rich_message_tells_the_model_what_it_says(library: Stage) -> None:
    ann = library.telegram.person("Ann")
    group = library.telegram.group("Market", members=[ann])
    library.elumenta.script(ANSWER, contains="fruit for all")
    group.send(ann, "/chat fruit for all")
    rich = await answer(group, "done.")

    await answer(group, after=group.send(ann, "why so cheap?", reply_to=rich))

    assert "pear | 5" in conversation(library, "why so cheap?")[-1]


async def test_a_chat_chooses_for_itself(town: Stage, language: str) -> None:
    chat, other = newcomer(town, language), newcomer(town, language)
    words = f"fruit of my own in {language}"
    town.elumenta.script(ANSWER, contains=words, times=3)

    await switch(chat, RICH_SWITCH)
    mine = await told(chat, words)
    theirs = await told(other, words)
    await switch(chat, RICH_SWITCH)
    later = await told(chat, words)

    assert "table" in kinds(mine)
    assert (kinds(theirs), kinds(later)) == ([], [])
    assert CLASSIC in theirs.text


async def test_the_cost_stands_under_a_rich_message_too(library: Stage, language: str) -> None:
    chat, words = newcomer(library, language), f"fruit at a price in {language}"
    library.elumenta.script(ANSWER, contains=words)
    await switch(chat, COST_SWITCH)

    final = await answer(chat, "GPT-5", after=say(chat, words))

    assert kinds(final)[-1] == "footer"


async def test_an_old_server_shows_the_classic_form_and_is_asked_once(
    stage: Stage, language: str
) -> None:
    stage.telegram.supports_rich_messages = False
    bot = await stage.start_bot(rich_messages="auto", streaming="off")
    chat = newcomer(stage, language)
    stage.elumenta.script(ANSWER, contains="fruit", times=3)

    first = await told(chat, "fruit")
    second = await told(chat, "fruit again")
    before_restart = rich_calls(stage.telegram)
    await bot.kill()
    stage.telegram.supports_rich_messages = True
    await stage.restart(bot)
    third = await told(chat, "fruit once more")

    assert before_restart == ["sendRichMessage"]
    assert all(CLASSIC in one.text and kinds(one) == [] for one in (first, second))
    assert "table" in kinds(third)


async def test_a_rich_answer_that_could_not_be_shown_is_shown_after_the_restart(
    stage: Stage,
) -> None:
    bot = await stage.start_bot(rich_messages="auto")
    chat = newcomer(stage)
    stage.elumenta.script(ANSWER, contains="fruit")
    question = say(chat, "fruit")
    early = await growing(chat, "Look")
    stage.telegram.down = True
    await stage.until(lambda: "answer.finished" in bot.output)

    await bot.kill()
    stage.telegram.down = False
    await stage.restart(bot)

    final = await answer(chat, "done.")
    assert said_by_bot(chat, after=question) == [final]
    assert (final.id, kinds(final)[1]) == (early.id, "table")
    assert len(posts(stage)) == 1
