"""Conversations as files."""

import re

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Message
from tests.e2e.seeing import answer, file_of, press, result
from tests.e2e.talking import AGAIN, in_every_language, label, newcomer, say, texts, told
from tests.stage import Stage


async def exported(chat: Chat, *, after: Message | None = None) -> str:
    """Ask for the conversation, and read the file."""
    command = after or say(chat, "/export")
    sent = await result(chat, "document", after=command)
    assert sent.reply_to_id == command.id
    assert re.fullmatch(r"conversation-\d{4}-\d\d-\d\d\.md", file_of(sent).name)
    return file_of(sent).path.read_text(encoding="utf-8")


@in_every_language
async def test_the_file_has_the_conversation_in_its_order(town: Stage, language: str) -> None:
    chat = newcomer(town, language)
    code = "It is **bold**:\n\n```python\nprint('hello')\n```\n"
    town.elumenta.script(Reply(chunks=(code,)), contains=f"first in {language}")
    town.elumenta.script(Reply(text="The second answer."), contains=f"second in {language}")
    await told(chat, f"the first in {language}")
    await told(chat, f"the second in {language}")

    text = await exported(chat)

    pieces = [f"the first in {language}", code.strip(), f"the second in {language}", "The second"]
    positions = [text.find(piece) for piece in pieces]
    assert -1 not in positions
    assert positions == sorted(positions)
    assert text.startswith("# ")


@in_every_language
async def test_the_file_has_the_newest_answer_only(town: Stage, language: str) -> None:
    chat, words = newcomer(town, language), f"exported riddle in {language}"
    for text in ("A poor riddle.", "A fine riddle."):
        town.elumenta.script(Reply(text=text), contains=words)
    first = await told(chat, words)
    await press(chat, chat.members[0], first, label(first, AGAIN))
    await answer(chat, "A fine riddle.")

    text = await exported(chat)

    assert "A fine riddle." in text
    assert "A poor riddle." not in text
    assert text.count(words) == 1


@in_every_language
async def test_only_this_conversation_is_in_the_file(town: Stage, language: str) -> None:
    ann = town.telegram.person("Ann", language_code=language)
    chat = town.telegram.private_chat(ann)
    group = town.telegram.group("Exporters", members=[ann])
    await told(chat, f"a private matter in {language}")
    await group.reply_to(group.send(ann, f"/chat a public matter in {language}"))

    text = await exported(group, after=group.send(ann, "/export"))

    assert f"a public matter in {language}" in text
    assert "a private matter" not in text


@in_every_language
async def test_there_is_nothing_to_export_before_the_first_answer_and_after_new(
    town: Stage, language: str
) -> None:
    t = texts(language)
    chat = newcomer(town, language)

    before = await told(chat, "/export")
    await told(chat, f"soon forgotten in {language}")
    await told(chat, "/new")
    after = await told(chat, "/export")

    assert [before.text, after.text] == [t("error-nothing-to-export")] * 2
