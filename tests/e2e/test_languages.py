import pytest

from bot.sandbox.elumenta import Reply
from tests.e2e.seeing import answer
from tests.stage import Stage


@pytest.mark.parametrize(
    ("language", "greeting", "help_line"),
    [
        ("en", "Hello, Mia!", "forget the conversation"),
        ("ru", "Здравствуйте, Mia!", "забыть разговор"),
        ("ru-RU", "Здравствуйте, Mia!", "забыть разговор"),
        ("xx", "Hello, Mia!", "forget the conversation"),
        (None, "Hello, Mia!", "forget the conversation"),
    ],
)
async def test_start_and_help_speak_the_persons_language(
    city: Stage, language: str | None, greeting: str, help_line: str
) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Mia", language_code=language))

    chat.send(chat.members[0], "/start")
    chat.send(chat.members[0], "/help")

    await answer(chat, greeting)
    await answer(chat, help_line)


async def test_the_command_menu_is_there_in_every_language(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ned"))
    chat.send(chat.members[0], "/help")
    await answer(chat, "/chat")

    menus = city.telegram.commands

    commands = [entry["command"] for entry in menus["default", ""]]
    assert commands == [
        "chat",
        "image",
        "video",
        "jobs",
        "model",
        "settings",
        "system",
        "language",
        "new",
        "stop",
        "balance",
        "export",
        "forget_me",
        "help",
    ]
    assert menus["default", "ru"][0]["description"] == "Задать вопрос"


@pytest.mark.parametrize(
    ("waiting", "sentence"),
    [(1, "1 вопрос из очереди снят."), (2, "2 вопроса из очереди сняты."), (5, "5 вопросов")],
)
async def test_russian_plurals_are_right(city: Stage, waiting: int, sentence: str) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Олег", language_code="ru"))
    city.elumenta.script(Reply(text="долго", first_delay=20), contains=f"очередь {waiting}")
    for _ in range(waiting + 1):
        chat.send(chat.members[0], f"очередь {waiting}")

    chat.send(chat.members[0], "/stop")

    await answer(chat, sentence)
