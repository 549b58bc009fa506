import pytest

from bot.elumenta import ChatMessage, ChatOptions, ElumentaClient, RequestStyle, Role
from tests.elumenta.service import (
    COMPLETED,
    HELLO,
    KEY,
    ScriptedService,
    client_of,
    events_of,
    json_of,
)

CONVERSATION = [
    ChatMessage(role=Role.SYSTEM, content="Be brief."),
    ChatMessage(role=Role.USER, content="Capital of France?"),
    ChatMessage(role=Role.ASSISTANT, content="Paris."),
    ChatMessage(role=Role.USER, content="And its population?"),
]
ROOT = "https://elumenta.test"


def client_in(style: RequestStyle, service: ScriptedService) -> ElumentaClient:
    return ElumentaClient(KEY, base_url=ROOT, style=style, transport=service)


async def test_the_params_style_asks_the_newest_message_and_sends_the_rest_as_options() -> None:
    service = ScriptedService(json_of(COMPLETED))
    options = ChatOptions(temperature=0.0, max_tokens=500)

    async with client_in(RequestStyle.PARAMS, service) as client:
        await client.chat(CONVERSATION, model="gpt-5", options=options)

    assert service.bodies == [
        {
            "model": "gpt-5",
            "prompt": "And its population?",
            "params": {
                "system_prompt": "Be brief.",
                "messages": [
                    {"role": "user", "content": "Capital of France?"},
                    {"role": "assistant", "content": "Paris."},
                ],
                "temperature": 0.0,
                "max_tokens": 500,
            },
        }
    ]


async def test_the_flat_style_sends_the_conversation_as_it_is() -> None:
    service = ScriptedService(json_of(COMPLETED))

    async with client_in(RequestStyle.FLAT, service) as client:
        await client.chat(CONVERSATION, model="gpt-5", options=ChatOptions(temperature=1.5))

    assert service.bodies == [
        {
            "model": "gpt-5",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Capital of France?"},
                {"role": "assistant", "content": "Paris."},
                {"role": "user", "content": "And its population?"},
            ],
            "temperature": 1.5,
        }
    ]


@pytest.mark.parametrize("style", RequestStyle)
async def test_a_stream_is_asked_for_in_the_path_and_in_the_body(style: RequestStyle) -> None:
    service = ScriptedService(json_of(COMPLETED))

    async with client_in(style, service) as client:
        await events_of(client)

    [request], [body] = service.requests, service.bodies
    assert request.url.path == "/api/v2/generate/stream"
    assert request.headers["accept"] == "text/event-stream, application/json"
    assert isinstance(body, dict)
    assert body["stream"] is True


async def test_options_nobody_chose_are_not_sent() -> None:
    service = ScriptedService(json_of(COMPLETED))

    async with client_of(service) as client:
        await client.chat(HELLO, model="gpt-5")

    assert service.bodies == [{"model": "gpt-5", "prompt": "Hello", "params": {}}]


@pytest.mark.parametrize("ending", ["", "/", "/api/v2", "/api/v2/"])
async def test_the_address_may_be_written_in_any_usual_way(ending: str) -> None:
    service = ScriptedService(json_of(COMPLETED))

    async with ElumentaClient(KEY, base_url=ROOT + ending, transport=service) as client:
        await client.chat(HELLO, model="gpt-5")

    assert str(service.requests[0].url) == "https://elumenta.test/api/v2/generate"


async def test_the_key_travels_as_a_header_and_nowhere_else() -> None:
    service = ScriptedService(json_of(COMPLETED))

    async with client_of(service) as client:
        await client.chat(HELLO, model="gpt-5")

    [request] = service.requests
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in str(request.url)
    assert KEY.encode() not in request.content


@pytest.mark.parametrize("messages", [[], CONVERSATION[:3]], ids=["nothing", "no question"])
async def test_a_conversation_without_a_question_is_not_sent(messages: list[ChatMessage]) -> None:
    service = ScriptedService(json_of(COMPLETED))

    async with client_of(service) as client:
        with pytest.raises(ValueError, match="ends with a message of the user"):
            await client.chat(messages, model="gpt-5")

    assert service.calls == []
