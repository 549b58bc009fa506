import httpx
import pytest

from bot.elumenta import (
    ElumentaError,
    Finished,
    Generation,
    GenerationStatus,
    NotFound,
    ProtocolError,
    ProviderFailed,
    Started,
    StreamBroken,
    TextDelta,
)
from tests.elumenta.service import (
    COMPLETED,
    FAILED,
    HELLO,
    PENDING,
    ScriptedService,
    client_of,
    json_of,
    listen,
)

ORDER, LOOK = "POST /api/v2/generate", "GET /api/v2/generate/18473"
LEGACY_LOOK = "GET /api/v2/generate/status/18473"


@pytest.mark.parametrize(
    ("body", "generation"),
    [
        pytest.param(
            {
                "id": 18473,
                "status": "completed",
                "model_slug": "gpt-5",
                "result_text": "Hi",
                "result_url": None,
                "error": None,
                "tokens_spent": 3,
                "result_metadata": None,
            },
            Generation(
                id="18473",
                status=GenerationStatus.COMPLETED,
                model="gpt-5",
                text="Hi",
                tokens_spent=3,
            ),
            id="newer",
        ),
        pytest.param(
            {
                "id": "gen_01j9x2abc123",
                "status": "completed",
                "type": "text",
                "model": "gpt-5",
                "content": "Hi",
                "tokens_used": 2,
                "balance_remaining": 298,
            },
            Generation(
                id="gen_01j9x2abc123",
                status=GenerationStatus.COMPLETED,
                model="gpt-5",
                text="Hi",
                tokens_spent=2,
            ),
            id="older",
        ),
        pytest.param(
            {
                "id": 1,
                "status": "completed",
                "model_slug": None,
                "model": "m",
                "result_text": None,
                "content": "",
                "result_url": None,
                "output_url": "https://cdn.elumenta.ru/a.mp3",
                "url": "https://elsewhere.test",
                "tokens_spent": None,
                "tokens_used": 0,
            },
            Generation(
                id="1",
                status=GenerationStatus.COMPLETED,
                model="m",
                text="",
                url="https://cdn.elumenta.ru/a.mp3",
                tokens_spent=0,
            ),
            id="both, the first that is not null",
        ),
        pytest.param(
            {"id": 1, "status": "completed", "tokens_spent": "many", "error": {}, "model": 5},
            Generation(id="1", status=GenerationStatus.COMPLETED),
            id="odd hints",
        ),
        pytest.param(
            {"id": 1, "status": "queued"},
            Generation(id="1", status=GenerationStatus.PENDING),
            id="a state nobody documented",
        ),
        pytest.param(
            FAILED,
            Generation(
                id="18473", status=GenerationStatus.FAILED, error="Content policy violation"
            ),
            id="failed",
        ),
    ],
)
async def test_both_shapes_of_a_generation_are_read(
    body: dict[str, object], generation: Generation
) -> None:
    service = ScriptedService(json_of(body))

    async with client_of(service) as client:
        found = await client.get_generation("18473")

    assert found == generation
    assert service.calls == [LOOK]


async def test_an_id_is_opaque_text_even_in_an_address() -> None:
    service = ScriptedService(json_of(COMPLETED))

    async with client_of(service) as client:
        await client.get_generation("../balance?x=1")

    assert service.requests[0].url.raw_path == b"/api/v2/generate/..%2Fbalance%3Fx%3D1"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        "text",
        {"id": 1},
        {"status": "completed"},
        {"id": "", "status": "completed"},
        {"id": 1, "status": "completed", "result_text": {"text": "Hi"}},
    ],
)
async def test_what_is_no_generation_is_a_protocol_error(body: object) -> None:
    async with client_of(ScriptedService(json_of(body))) as client:
        with pytest.raises(ProtocolError):
            await client.get_generation("18473")


async def test_a_body_without_end_is_given_up() -> None:
    body = b'{"id": 1, "status": "completed", "result_text": "' + b"x" * 9 * 1024 * 1024 + b'"}'

    async with client_of(ScriptedService(httpx.Response(200, content=body))) as client:
        with pytest.raises(ProtocolError, match="more than 8388608 bytes"):
            await client.get_generation("18473")


async def test_an_answer_that_is_not_ready_is_looked_up_until_it_is() -> None:
    service = ScriptedService(json_of(PENDING), json_of(PENDING), json_of(COMPLETED))

    async with client_of(service) as client:
        generation = await client.chat(HELLO, model="gpt-5")

    assert generation.text == "Hi"
    assert service.calls == [ORDER, LOOK, LOOK]


async def test_an_answer_that_is_not_ready_ends_a_stream_too() -> None:
    service = ScriptedService(json_of(PENDING), json_of(COMPLETED))

    async with client_of(service) as client:
        events, error = await listen(client)

    assert events == [
        Started(id="18473"),
        TextDelta(text="Hi"),
        Finished(id="18473", tokens_spent=3),
    ]
    assert error is None


async def test_an_answer_that_never_gets_ready_is_given_up_with_its_id() -> None:
    service = ScriptedService(json_of(PENDING))

    async with client_of(service) as client:
        with pytest.raises(StreamBroken) as caught:
            await client.chat(HELLO, model="gpt-5")

    assert caught.value.generation_id == "18473"
    assert service.calls == [ORDER] + [LOOK] * 5


@pytest.mark.parametrize(
    "trouble",
    [httpx.ConnectError(""), httpx.ReadTimeout(""), httpx.Response(404), httpx.Response(503)],
    ids=["unreachable", "timed out", "not found", "unavailable"],
)
async def test_a_failed_look_up_does_not_speak_for_the_order(
    trouble: httpx.Response | httpx.TransportError,
) -> None:
    service = ScriptedService(json_of(PENDING), trouble)

    async with client_of(service) as client:
        with pytest.raises(StreamBroken) as caught:
            await client.chat(HELLO, model="gpt-5")

    assert caught.value.generation_id == "18473"
    assert service.calls.count(ORDER) == 1


@pytest.mark.parametrize("answers", [[FAILED], [PENDING, FAILED]], ids=["at once", "later"])
async def test_a_failed_generation_is_a_failure_of_the_provider(
    answers: list[dict[str, object]],
) -> None:
    service = ScriptedService(*map(json_of, answers))

    async with client_of(service) as client:
        with pytest.raises(ProviderFailed) as caught:
            await client.chat(HELLO, model="gpt-5")

    assert caught.value.message == "Content policy violation"


async def test_an_unknown_generation_is_not_found() -> None:
    service = ScriptedService(json_of({"error": "not_found"}, status=404))

    async with client_of(service) as client:
        with pytest.raises(NotFound) as caught:
            await client.get_generation("18473")

    assert isinstance(caught.value, ElumentaError)
    assert service.calls == [LOOK, LEGACY_LOOK]
