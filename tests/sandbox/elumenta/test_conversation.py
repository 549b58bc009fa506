import pytest
from aiohttp import ClientSession
from pydantic import JsonValue

from bot.sandbox.elumenta import ElumentaServer

EARLIER: list[JsonValue] = [
    {"role": "user", "content": "I am Anna"},
    {"role": "assistant", "content": "Hello, Anna"},
]
NEWEST: JsonValue = {"role": "user", "content": "Who am I?"}
PINNED: JsonValue = {"role": "system", "content": "Be brief"}


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": "Who am I?", "params": {"messages": EARLIER, "system_prompt": "Be brief"}},
        {"messages": [*EARLIER, NEWEST], "system": "Be brief"},
        {"messages": [PINNED, *EARLIER, NEWEST]},
        {
            "prompt": "Who am I?",
            "messages": [],
            "system_prompt": "Be long",
            "params": {"messages": EARLIER, "system_prompt": "Be brief"},
        },
    ],
)
async def test_both_request_styles_show_the_model_the_same(
    server: ElumentaServer, caller: ClientSession, body: dict[str, JsonValue]
) -> None:
    await caller.post("generate", json={"model": "gpt-5", **body})

    seen = server.conversation(server.requests[0])

    assert seen == [PINNED, *EARLIER, NEWEST]


async def test_the_parrot_remembers(caller: ClientSession) -> None:
    body = {"model": "gpt-5", "prompt": "Who am I?", "params": {"messages": EARLIER}}

    answer = await (await caller.post("generate", json=body)).json()

    assert "Who am I?" in answer["result_text"]
    assert "I am Anna" in answer["result_text"]
    assert "2 messages" in answer["result_text"]


@pytest.mark.parametrize(
    ("question", "mark"),
    [
        ("Show me a table", "| --- |"),
        ("Покажи таблицу", "| --- |"),
        ("some code, please", "```python"),
        ("немного кода", "```python"),
        ("a list", "1. **Boil**"),
        ("список", "1. **Вскипятите**"),
        ("a formula", r"\frac"),
        ("формулу", r"\frac"),
        ("a long story", "## Chapter 5"),
        ("длинную историю", "## Глава 5"),
        ("hello", "Ask me for"),
        ("привет", "Попросите"),
    ],
)
async def test_the_parrot_shows_off_in_the_language_of_the_question(
    caller: ClientSession, question: str, mark: str
) -> None:
    body = {"model": "gpt-5", "prompt": question}

    answer = await (await caller.post("generate", json=body)).json()

    assert mark in answer["result_text"]


async def test_the_parrot_is_brief_when_told_so(caller: ClientSession) -> None:
    body = {"model": "gpt-5", "prompt": "hello", "params": {"max_tokens": 3}}

    answer = await (await caller.post("generate", json=body)).json()

    assert len(answer["result_text"].split()) == 3


async def test_braces_and_markdown_in_a_question_are_harmless(caller: ClientSession) -> None:
    body = {"model": "gpt-5", "prompt": "{now} **{before}** ```{}"}

    answer = await (await caller.post("generate", json=body)).json()

    assert "**{now} {before} {}**" in answer["result_text"]
