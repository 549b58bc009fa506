"""What people ask in any language, what the model was told, and the buttons under an answer."""

import asyncio
from collections.abc import Callable, Coroutine

from bot.i18n import Localizer, Translator
from bot.sandbox.elumenta import Request
from bot.sandbox.telegram import Button, Chat, Message, Person
from tests.e2e.seeing import PATIENCE_SECONDS, answer, asked, labels, said_by_bot
from tests.stage import Stage

AGAIN, GO_ON = "🔄", "➡️"
"""How the buttons under an answer begin, whatever the language."""

LANGUAGES = ("en", "ru")
TRANSLATOR = Translator.bundled()


def in_every_language(
    play: Callable[[Stage, str], Coroutine[None, None, None]],
) -> Callable[[Stage], Coroutine[None, None, None]]:
    """Make a test of a scenario, which people of every language play at the same time."""

    async def test(town: Stage) -> None:
        async with asyncio.TaskGroup() as tasks:
            for language in LANGUAGES:
                tasks.create_task(play(town, language))

    return test


def texts(language: str) -> Localizer:
    """Give the texts of the bot in one language."""
    return TRANSLATOR.for_locale(language)


def newcomer(stage: Stage, language: str = "en", *, name: str = "Ann") -> Chat:
    """Bring somebody who speaks this language, in a private chat with the bot."""
    return stage.telegram.private_chat(stage.telegram.person(name, language_code=language))


def say(chat: Chat, text: str) -> Message:
    """Let the first member of a chat write."""
    return chat.send(chat.members[0], text)


async def told(chat: Chat, text: str) -> Message:
    """Let the first member of a chat write, and wait for what the bot says to it."""
    return await answer(chat, after=say(chat, text))


def requests(stage: Stage, words: str) -> list[Request]:
    """List the requests for an answer whose newest text contains these words, failed ones too."""
    return [
        request
        for request in asked(stage, words)
        if words in stage.elumenta.conversation(request)[-1]["content"]
    ]


def conversation(stage: Stage, words: str) -> list[str]:
    """What the model was told, but for the system prompt, when it was asked this last."""
    seen = stage.elumenta.conversation(requests(stage, words)[-1])
    return [message["content"] for message in seen if message["role"] != "system"]


def system_prompt(stage: Stage, words: str) -> str:
    """What the model was told to be when it was asked this last."""
    seen = stage.elumenta.conversation(requests(stage, words)[-1])
    return "\n".join(message["content"] for message in seen if message["role"] == "system")


def model_of(stage: Stage, words: str) -> object:
    """Name the model that was asked this last."""
    body = requests(stage, words)[-1].body
    assert isinstance(body, dict)
    return body["model"]


def options_of(stage: Stage, words: str) -> dict[str, object]:
    """Give the options of the last request, but for the conversation."""
    body = requests(stage, words)[-1].body
    assert isinstance(body, dict)
    params = body["params"]
    assert isinstance(params, dict)
    return {name: params[name] for name in ("temperature", "max_tokens") if name in params}


def label(message: Message, words: str) -> str:
    """Find the one button whose label contains these words."""
    found = [label for label in labels(message) if words in label]
    assert len(found) == 1, f"{words!r} in {labels(message)}"
    return found[0]


def button(message: Message, words: str) -> Button:
    """Find a button by its label, to be pressed also when it is gone."""
    name = label(message, words)
    return next(one for row in message.buttons for one in row if one.text == name)


async def press_old(chat: Chat, person: Person, message: Message, old: Button) -> str:
    """Press a button that a message may no longer have, and tell what the person is shown."""
    return (await chat.press_old(person, message, old).answer()).text


def has_button(message: Message, words: str) -> bool:
    return any(words in label for label in labels(message))


async def without_buttons(chat: Chat, message: Message) -> None:
    """Wait until a message has no buttons any more."""
    await chat.wait(lambda _: labels(message) == [], timeout=PATIENCE_SECONDS)


async def changed(chat: Chat, message: Message, *, since: int) -> Message:
    """Wait until the bot has edited a message that had been edited so often before."""
    await chat.wait(lambda _: message.edited > since, timeout=PATIENCE_SECONDS)
    return message


async def is_silent(stage: Stage, chat: Chat, *, after: Message) -> bool:
    """Say whether the bot says nothing here until it has answered somebody who came later."""
    other = newcomer(stage, name="Passer-by")
    await answer(other, after=say(other, "/help"))
    return said_by_bot(chat, after=after) == []
