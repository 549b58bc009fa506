import re
from pathlib import Path
from typing import get_args

import pytest

from bot.i18n import Translator
from bot.settings import Access, Settings, SettingsInvalid, Streaming

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "123456789:" + "a" * 35
KEY = "nb_live_example"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("ELUMENTA_API_KEY", KEY)
    monkeypatch.chdir(tmp_path)


def test_two_secrets_are_enough() -> None:
    settings = Settings.load()

    assert settings.access is Access.CLOSED
    assert settings.streaming is Streaming.EDIT
    assert settings.elumenta_base_url == "https://elumenta.ru"
    assert settings.telegram_api_url == "https://api.telegram.org"


@pytest.mark.parametrize("text", ["1,2", "1, 2", "1 2", " 1,,2 "])
def test_ids_are_separated_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ADMIN_IDS", text)

    assert Settings.load().admin_ids == {1, 2}


def test_groups_have_negative_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_IDS", "-1001234567890")

    assert Settings.load().allowed_ids == {-1001234567890}


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEFAULT_CHAT_MODEL", "")

    assert Settings.load().default_chat_model == "gpt-5"


def test_the_file_dot_env_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DEFAULT_CHAT_MODEL=gpt-5-nano\nUNKNOWN=ignored\n")

    assert Settings.load().default_chat_model == "gpt-5-nano"


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("BOT_TOKEN", "", "BOT_TOKEN: is required"),
        ("BOT_TOKEN", "wrong-token", "BOT_TOKEN: is not a token of @BotFather"),
        ("ELUMENTA_API_KEY", "wrong-key", "ELUMENTA_API_KEY: is not an Elumenta key"),
        ("ADMIN_IDS", "1,wrong,bad", "ADMIN_IDS: Input should be a valid integer"),
        ("ACCESS", "wrong", "ACCESS: Input should be 'closed' or 'open'"),
        ("ELUMENTA_BASE_URL", "wrong", "ELUMENTA_BASE_URL: "),
        ("HISTORY_CHARS", "wrong", "HISTORY_CHARS: Input should be a valid integer"),
        ("HISTORY_CHARS", "0", "HISTORY_CHARS: Input should be greater than or equal to 1"),
        ("LOG_LEVEL", "wrong", "LOG_LEVEL: Input should be"),
    ],
)
def test_a_wrong_value_is_one_line_without_the_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsInvalid) as failure:
        Settings.load()

    assert len(failure.value.problems) == 1
    assert failure.value.problems[0].startswith(line)
    assert "wrong" not in str(failure.value)


def test_the_default_language_is_one_that_the_bot_speaks() -> None:
    choices = get_args(Settings.model_fields["default_language"].annotation)

    assert sorted(choices) == Translator.bundled().languages


def test_the_readme_and_the_example_name_all_settings_and_no_others() -> None:
    names = {name.upper() for name in Settings.model_fields}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE)) == names
    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)) == names


def test_secrets_do_not_show_in_the_settings() -> None:
    shown = repr(Settings.load())

    assert TOKEN not in shown
    assert KEY not in shown


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"WEBHOOK_URL": "https://bot.example"}, "HTTP_PORT: is required with WEBHOOK_URL"),
        ({"WEBHOOK_URL": "http://bot.example"}, "WEBHOOK_URL: has to begin with https://"),
        ({"WEBHOOK_URL": "https://bot.example//x"}, "WEBHOOK_URL: has to be a plain address"),
        ({"WEBHOOK_URL": "https://bot.example/x?y"}, "WEBHOOK_URL: has to be a plain address"),
        ({"WEBHOOK_SECRET": "not a secret!"}, "WEBHOOK_SECRET: may have letters"),
    ],
)
def test_a_webhook_has_to_be_within_reach(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], line: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsInvalid) as refused:
        Settings.load()

    assert any(problem.startswith(line) for problem in refused.value.problems)


def test_a_local_bot_api_server_may_post_without_encryption(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", "http://localhost:8081")
    monkeypatch.setenv("WEBHOOK_URL", "http://localhost:8080/updates")
    monkeypatch.setenv("HTTP_PORT", "8080")

    assert Settings.load().webhook_url == "http://localhost:8080/updates"


def test_secrets_are_read_from_files_where_the_container_puts_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ELUMENTA_API_KEY")
    (tmp_path / "elumenta_api_key").write_text("nb_from_a_file\n")

    assert Settings.load(tmp_path).elumenta_api_key.get_secret_value() == "nb_from_a_file"
