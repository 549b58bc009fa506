import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from aiohttp import web

from bot.operating.check import check
from bot.sandbox.telegram import TelegramServer
from bot.settings import Settings
from bot.storage.engine import Database
from bot.storage.upgrade import NEWEST_STEP
from bot.telegram.session import connect
from tests.stage import HOST, Stage, free_port, open_stage

OURS = "http://bot.example:8443/secret-path"
ELSEWHERE = "http://elsewhere.example:8443/secret-path"
UNKNOWN_TOKEN = "123456789:" + "a" * 35
HARMLESS = {"getMe", "getWebhookInfo"}

Checked = Callable[..., Awaitable[dict[str, str]]]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path) as stage:
        yield stage


@pytest.fixture
def checked(
    stage: Stage, settings: Callable[..., Settings], capsys: pytest.CaptureFixture[str]
) -> Checked:
    """Check with some settings; gives what was found by its subject, behind its mark."""

    async def run(**values: str) -> dict[str, str]:
        usual = {
            "bot_token": stage.telegram.token,
            "telegram_api_url": stage.telegram.url,
            "elumenta_api_key": stage.elumenta.api_key,
            "elumenta_base_url": stage.elumenta.url,
            "http_host": HOST,
        }
        status = await check(settings(**usual | values))
        found = parsed(capsys.readouterr().out)
        assert status == int(any(said.startswith("✗") for said in found.values()))
        return found

    return run


def parsed(output: str) -> dict[str, str]:
    return {line[2:12].rstrip(): f"{line[0]} {line[12:]}" for line in output.splitlines()}


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def set_webhook(stage: Stage, url: str) -> None:
    async with connect(stage.telegram.token, api_url=stage.telegram.url).context() as bot:
        await bot.set_webhook(url)


@asynccontextmanager
async def answering(status: int) -> AsyncIterator[int]:
    """Answer everything on some port with a status."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status)

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, HOST, port).start()
    try:
        yield port
    finally:
        await runner.cleanup()


async def test_a_bot_that_can_start_is_well_in_all(
    checked: Checked, stage: Stage, tmp_path: Path
) -> None:
    port = free_port()

    found = await checked(http_port=str(port))

    room = found.pop("volume")
    assert room.startswith("✓ ")
    assert room.endswith(f" MB are free in {tmp_path}/data")
    assert found == {
        "Telegram": f"✓ BOT_TOKEN is that of @{stage.telegram.username}",
        "updates": "✓ polling: no webhook is set",
        "modes": "✓ GUEST_MODE and INLINE_MODE are off",
        "Elumenta": (
            "✓ the key works, 1,000,000 tokens are left on the plan elite, "
            "which ends on 2030-01-01"
        ),
        "models": "✓ gpt-5, flux-1.1-pro, kling-v2.1",
        "database": f"✓ the bot makes {tmp_path}/data/bot.sqlite3 when it starts",
        "HTTP port": f"✓ {port} is free for the bot",
    }


async def test_modes_that_telegram_allows_are_well(checked: Checked) -> None:
    found = await checked(guest_mode="true", inline_mode="true")

    assert found["modes"] == "✓ Telegram allows what GUEST_MODE and INLINE_MODE want"


async def test_modes_that_telegram_does_not_allow_are_to_be_switched_on(
    checked: Checked,
) -> None:
    lesser = TelegramServer(supports_guest_queries=False, supports_inline_queries=False)
    await lesser.start()

    found = await checked(
        telegram_api_url=lesser.url, bot_token=lesser.token, guest_mode="true", inline_mode="true"
    )
    await lesser.close()

    assert found["modes"].startswith("✗ GUEST_MODE has no effect yet: ")
    assert "; INLINE_MODE has no effect yet: send /setinline to @BotFather" in found["modes"]


async def test_nothing_is_changed(checked: Checked, stage: Stage, tmp_path: Path) -> None:
    await checked(webhook_url=OURS, http_port=str(free_port()))

    assert {call.method for call in stage.telegram.calls} == HARMLESS
    assert {request.method for request in stage.elumenta.requests} == {"GET"}
    assert names_in(tmp_path / "data") == []


async def test_secrets_are_not_told(checked: Checked, stage: Stage) -> None:
    await set_webhook(stage, ELSEWHERE)

    found = await checked(elumenta_api_key="nb_wrong", bot_token=stage.telegram.token)

    told = "\n".join(found.values())
    assert stage.telegram.token not in told
    assert "nb_wrong" not in told
    assert "secret-path" not in told


async def test_an_unknown_token_is_to_be_copied_again(checked: Checked) -> None:
    found = await checked(bot_token=UNKNOWN_TOKEN)

    remedy = "✗ BOT_TOKEN is not known to Telegram: copy it again from @BotFather"
    assert (found["Telegram"], found["updates"]) == (remedy, remedy)
    assert found["Elumenta"].startswith("✓")


async def test_a_bot_api_that_is_away_is_named(checked: Checked) -> None:
    nowhere = f"http://{HOST}:{free_port()}"

    found = await checked(telegram_api_url=nowhere)

    assert found["Telegram"] == (
        f"✗ nobody answers at {nowhere}: check the network and TELEGRAM_API_URL"
    )


async def test_an_address_that_is_no_bot_api_is_named(checked: Checked) -> None:
    async with answering(200) as port:
        found = await checked(telegram_api_url=f"http://{HOST}:{port}")

    assert found["Telegram"].startswith(f"✗ http://{HOST}:{port} answers oddly (")


async def test_an_unknown_key_is_to_be_copied_again(checked: Checked, stage: Stage) -> None:
    found = await checked(elumenta_api_key="nb_wrong")

    assert found["Elumenta"] == (
        f"✗ ELUMENTA_API_KEY is not known at {stage.elumenta.url}: copy it again from your account"
    )


async def test_a_plan_without_the_api_is_to_be_changed(checked: Checked, stage: Stage) -> None:
    stage.elumenta.plan = "basic"

    found = await checked()

    assert found["Elumenta"] == "✗ the plan does not include the API: change to one that does"


async def test_an_account_without_tokens_is_to_be_topped_up(
    checked: Checked, stage: Stage
) -> None:
    stage.elumenta.balance = 0

    found = await checked()

    assert found["Elumenta"] == "✗ no tokens are left: top up the account"


async def test_a_service_that_is_away_is_named(checked: Checked) -> None:
    nowhere = f"http://{HOST}:{free_port()}"

    found = await checked(elumenta_base_url=nowhere)

    assert found["Elumenta"] == (
        f"✗ nobody answers at {nowhere}: check the network and ELUMENTA_BASE_URL"
    )


async def test_a_webhook_of_somebody_else_is_told_to_a_bot_that_polls(
    checked: Checked, stage: Stage
) -> None:
    await set_webhook(stage, ELSEWHERE)

    found = await checked()

    assert found["updates"].startswith("✗ Telegram posts them to elsewhere.example:8443: stop")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("", "✓ no webhook is set yet: the bot sets it when it starts"),
        (OURS, "✓ Telegram posts them to bot.example:8443"),
        (ELSEWHERE, "✗ Telegram posts them to elsewhere.example:8443: start the bot, which sets"),
    ],
)
async def test_the_webhook_is_compared(
    checked: Checked, stage: Stage, known: str, said: str
) -> None:
    await set_webhook(stage, known)

    found = await checked(webhook_url=OURS, http_port=str(free_port()))

    assert found["updates"].startswith(said)


async def test_a_webhook_that_nobody_answers_is_told_with_what_waits(
    checked: Checked, stage: Stage
) -> None:
    ours = f"http://{HOST}:{free_port()}/hook"
    await set_webhook(stage, ours)
    person = stage.telegram.person("Ann")
    stage.telegram.private_chat(person).send(person, "Hello")
    await stage.until(lambda: any(one.error for one in stage.telegram.webhook_deliveries))

    found = await checked(webhook_url=ours, http_port=str(free_port()))

    assert found["updates"].startswith("✗ 1 wait, since Telegram could not post at ")
    assert found["updates"].endswith(f"see that {ours[7:-5]} leads to the bot")


async def test_a_model_that_is_not_there_is_named_with_its_setting(checked: Checked) -> None:
    found = await checked(default_image_model="nonsense", default_chat_model="gpt-9")

    assert found["models"].startswith("✗ DEFAULT_IMAGE_MODEL: is no image model")


async def test_a_model_for_chats_may_be_newer_than_the_catalogue(checked: Checked) -> None:
    found = await checked(default_chat_model="gpt-9")

    assert found["models"] == "✓ gpt-9 (not in the catalogue), flux-1.1-pro, kling-v2.1"


async def test_a_database_is_opened_and_its_migration_told(
    checked: Checked, sqlite_database: Database
) -> None:
    found = await checked(database_url=f"sqlite+aiosqlite:///{sqlite_database.file}")

    assert found["database"] == f"✓ it answers, and is at the newest migration ({NEWEST_STEP})"


async def test_postgresql_is_opened_too(checked: Checked, postgresql_url: str) -> None:
    found = await checked(database_url=postgresql_url)

    assert found["database"] == f"✓ it answers, and is at the newest migration ({NEWEST_STEP})"
    assert found["volume"] == "✓ nothing is kept on this machine"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("0001", f"✓ it answers; the bot takes it from 0001 to {NEWEST_STEP} when it starts"),
        ("9999", "✗ it is of a newer version of the bot (migration 9999): install that version"),
    ],
)
async def test_a_migration_of_another_version_is_told_and_not_taken(
    checked: Checked, sqlite_database: Database, step: str, said: str
) -> None:
    await sqlite_database.close()
    file = sqlite_database.file
    assert file is not None
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [step])
        connection.commit()

    found = await checked(database_url=f"sqlite+aiosqlite:///{file}")

    assert found["database"].startswith(said)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (step,)
        ]


async def test_a_database_that_nobody_serves_is_told_without_its_password(
    checked: Checked,
) -> None:
    port = free_port()

    found = await checked(database_url=f"postgresql+asyncpg://bot:hidden@{HOST}:{port}/name")

    assert found["database"].startswith(f"✗ cannot use postgresql+asyncpg://bot:***@{HOST}:{port}")
    assert "hidden" not in found["database"]


async def test_a_place_that_cannot_be_written_is_told_with_its_remedy(
    checked: Checked, tmp_path: Path
) -> None:
    (tmp_path / "data").touch()

    found = await checked()

    remedy = f"✗ {tmp_path}/data is not a folder: run `mv {tmp_path}/data {tmp_path}/data.old`"
    assert (found["database"], found["volume"]) == (remedy, remedy)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, "✓ a bot serves {port}, and is well"),
        (503, "✗ a bot serves {port}, and is not well: look into /healthz and its log"),
        (404, "✗ another program holds {port}: set another HTTP_PORT"),
    ],
)
async def test_whoever_holds_the_port_is_asked(checked: Checked, status: int, said: str) -> None:
    async with answering(status) as port:
        found = await checked(http_port=str(port))

    assert found["HTTP port"] == said.format(port=port)


async def test_an_address_of_another_machine_cannot_be_served(checked: Checked) -> None:
    found = await checked(http_host="192.0.2.1", http_port="8080")

    assert found["HTTP port"].startswith("✗ 192.0.2.1:8080 cannot be served (")
