"""Texts that are longer than a message, and arrive as several."""

import pytest

from tests.e2e.seeing import answer, begun_updates
from tests.e2e.talking import conversation, in_every_language, is_silent, newcomer, requests, say
from tests.stage import Stage


def essay(words: str, *, paragraphs: int = 200) -> str:
    """Write lines that need three messages."""
    return "\n".join(f"{n}. {words}: {'lorem ipsum ' * 3}dolor" for n in range(paragraphs))


def squeezed(text: str) -> str:
    return "".join(text.split())


@in_every_language
async def test_a_paste_of_several_messages_is_one_question(town: Stage, language: str) -> None:
    chat, words = newcomer(town, language), f"essay in {language}"
    text = essay(words)

    parts = chat.paste(chat.members[0], text)

    await answer(chat, words)
    assert len(parts) >= 3
    assert len(requests(town, words)) == 1
    (seen,) = conversation(town, words)
    assert seen == text
    assert await is_silent(town, chat, after=chat.messages[-1])


@pytest.mark.parametrize("size", [4_096, 9_000, 12_288])
async def test_a_paste_without_any_blank_is_put_together_seamlessly(
    town: Stage, size: int
) -> None:
    chat, words = newcomer(town), f"seamless{size}"
    text = words + "x" * (size - len(words))

    chat.paste(chat.members[0], text)

    await answer(chat)
    assert conversation(town, words) == [text]
    assert len(requests(town, words)) == 1


@in_every_language
async def test_short_messages_do_not_wait_for_pastes(town: Stage, language: str) -> None:
    chats = [newcomer(town, language) for _ in range(2)]
    words = f"patience in {language}"

    say(chats[0], f"long {words} ".ljust(4_090, "x"))
    say(chats[1], f"short {words}")
    for chat in chats:
        await answer(chat, words)

    first, second = requests(town, words)
    assert f"short {words}" in str(first.body)
    assert f"long {words}" in str(second.body)


@in_every_language
async def test_a_long_paste_and_what_is_asked_after_it_keep_their_order(
    town: Stage, language: str
) -> None:
    chat, words = newcomer(town, language), f"ordered in {language}"
    chat.paste(chat.members[0], essay(f"paste {words}"))

    say(chat, f"/chat afterwards {words}")

    await answer(chat, f"afterwards {words}")
    assert f"paste {words}" in conversation(town, f"afterwards {words}")[0]
    assert len(requests(town, words)) == 2


@in_every_language
async def test_the_pastes_of_two_people_in_a_group_do_not_mix(town: Stage, language: str) -> None:
    people = [town.telegram.person(name, language_code=language) for name in ("Ann", "Bob")]
    group = town.telegram.group("Writers", members=people)
    texts = [essay(f"{one.first_name} writes in {language}", paragraphs=100) for one in people]

    pasted = [group.paste(one, f"/chat {text}") for one, text in zip(people, texts, strict=True)]

    for parts in pasted:
        await group.reply_to(parts[0])
    for one, text in zip(people, texts, strict=True):
        asked = requests(town, f"{one.first_name} writes in {language}")
        newest = [town.elumenta.conversation(request)[-1]["content"] for request in asked]
        first = squeezed(text)[:3_000]
        assert len(asked) == 1
        assert first in squeezed(newest[0])
        others = [other.first_name for other in people if other is not one]
        assert f"{others[0]} writes" not in newest[0]


async def test_a_bot_that_reads_a_whole_group_puts_pastes_of_two_people_together(
    stage: Stage,
) -> None:
    stage.telegram.can_read_all_group_messages = True
    await stage.start_bot(streaming="off")
    ann, bob = stage.telegram.person("Ann"), stage.telegram.person("Bob")
    group = stage.telegram.group("Novelists", members=[ann, bob])
    texts = {ann: essay("Ann writes"), bob: essay("Bob writes")}

    pasted = [group.paste(person, f"/chat {text}") for person, text in texts.items()]

    for parts in pasted:
        await group.reply_to(parts[0])
    for person, text in texts.items():
        newest = conversation(stage, f"{person.first_name} writes")[-1]
        assert squeezed(newest).endswith(squeezed(text))
    assert len(requests(stage, "writes")) == 2


async def test_a_paste_survives_a_sigkill_in_its_middle(stage: Stage) -> None:
    bot = await stage.start_bot(streaming="off")
    chat = newcomer(stage)
    text = essay("endangered")
    parts = chat.paste(chat.members[0], text)
    # The last part is long as well, so that the bot waits for more of them.
    await stage.until(lambda: begun_updates(stage) == len(parts))

    await bot.kill()
    await stage.restart(bot)
    say(chat, "/chat that was all")
    await answer(chat, "that was all")

    assert conversation(stage, "that was all")[0] == text
    assert len(requests(stage, "endangered")) == 1
