"""Text files, which become part of a question, and other files, which do not."""

import pytest

from bot.sandbox.telegram import Fault, FaultKind
from bot.sandbox.telegram.faults import DOWNLOAD
from tests.e2e.house import secrets_in
from tests.e2e.seeing import answer, posts
from tests.e2e.talking import (
    LANGUAGES,
    conversation,
    in_every_language,
    newcomer,
    requests,
    texts,
)
from tests.stage import Stage

POEM = (
    "Мороз и солнце; день чудесный!\n"
    "Ещё ты дремлешь, друг прелестный —\n"
    "Пора, красавица, проснись:\n"
    "Открой сомкнуты негой взоры\n"
    "Навстречу северной Авроры,\n"
    "Звездою севера явись!\n"
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
LARGE = b"A line of plain text.\n" * 14_000


@in_every_language
async def test_a_text_file_becomes_part_of_the_question(town: Stage, language: str) -> None:
    chat, words = newcomer(town, language), f"summary in {language}"

    chat.send_document(
        chat.members[0], "notes.md", b"# Notes\n\n```\ncode\n```\n", caption=f"a {words}, please"
    )

    await answer(chat)
    (asked,) = conversation(town, words)
    assert "notes.md" in asked
    assert "# Notes\n\n```\ncode\n```" in asked
    assert asked.endswith(f"a {words}, please")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
async def test_the_encoding_is_told_from_the_text(town: Stage, encoding: str) -> None:
    chat, words = newcomer(town, "ru"), f"стихи в {encoding}"
    data = POEM.replace("—", "-").encode(encoding)

    chat.send_document(chat.members[0], "стихи.txt", data, caption=words)

    await answer(chat)
    (asked,) = conversation(town, words)
    assert POEM.replace("—", "-").strip() in asked
    assert "\ufeff" not in asked


@in_every_language
async def test_a_file_without_a_word_about_it_is_a_question_too(
    town: Stage, language: str
) -> None:
    chat, words = newcomer(town, language), f"wordless in {language}"

    chat.send_document(chat.members[0], "question.txt", f"{words}: what is it?".encode())

    await answer(chat)
    assert len(requests(town, words)) == 1


@in_every_language
async def test_a_file_that_is_too_large_gets_a_friendly_no(town: Stage, language: str) -> None:
    t = texts(language)
    chat, words = newcomer(town, language), f"too large in {language}"

    chat.send_document(chat.members[0], "large.txt", LARGE, caption=words)
    told = await answer(chat)
    hidden = chat.send_document(
        chat.members[0], "large.txt", LARGE, caption=words, is_size_told=False
    )
    told_after_a_look = await answer(chat, after=hidden)

    assert [told.text, told_after_a_look.text] == [t("error-file-too-large", limit=256)] * 2
    assert requests(town, words) == []


@in_every_language
async def test_a_file_without_text_gets_a_friendly_no(town: Stage, language: str) -> None:
    t = texts(language)
    chat, words = newcomer(town, language), f"no text in {language}"

    chat.send_document(chat.members[0], "photo.txt", PNG, caption=words)

    assert (await answer(chat)).text == t("error-file-not-text")
    assert requests(town, words) == []


@in_every_language
async def test_in_a_group_a_file_is_read_when_it_is_meant_for_the_bot(
    town: Stage, language: str
) -> None:
    ann, bob = (town.telegram.person(name, language_code=language) for name in ("Ann", "Bob"))
    group = town.telegram.group("Archivists", members=[ann, bob])
    words = f"archive in {language}"

    file = group.send_document(bob, "mine.txt", f"Bob's {words}".encode())
    meant = f"@{town.telegram.username} read mine"
    captioned = group.send_document(ann, "yours.txt", f"Ann's {words}".encode(), caption=meant)
    await group.reply_to(captioned)
    replied = group.send(ann, "/chat and this one", reply_to=file)
    await group.reply_to(replied)

    assert len(requests(town, f"Ann's {words}")) == 1
    assert len(requests(town, f"Bob's {words}")) == 1
    assert "and this one" in conversation(town, f"Bob's {words}")[-1]


@pytest.mark.parametrize(
    ("method", "kind"),
    [(DOWNLOAD, FaultKind.LOST_ANSWER), ("getFile", FaultKind.SERVER_ERROR)],
)
async def test_a_file_that_telegram_does_not_give_is_told_in_one_sentence(
    stage: Stage, method: str, kind: FaultKind
) -> None:
    bot = await stage.start_bot(streaming="off")
    stage.telegram.fail(Fault(kind=kind, method=method, times=1_000))
    chats = {language: newcomer(stage, language) for language in LANGUAGES}

    for chat in chats.values():
        chat.send_document(chat.members[0], "lost.txt", b"confidential", caption="read it")

    for language, chat in chats.items():
        assert (await answer(chat)).text == texts(language)("error-file-unavailable")
    assert posts(stage) == []
    assert secrets_in(bot.output, stage) == []
    assert stage.telegram.downloads == 0 or method == DOWNLOAD


@in_every_language
async def test_other_kinds_of_messages_get_a_friendly_no(town: Stage, language: str) -> None:
    t = texts(language)
    chat = newcomer(town, language)

    chat.send_media(chat.members[0], "sticker")

    assert (await answer(chat)).text == t("unsupported")
