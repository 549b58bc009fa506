"""Settings of the bot: flat environment names, also read from a file `.env`."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TELEGRAM = "https://api.telegram.org"

SECRETS = Path("/run/secrets")
"""Where Docker puts secrets: files named like the settings."""


class Access(StrEnum):
    """Who may use the bot."""

    CLOSED = "closed"
    OPEN = "open"


class Streaming(StrEnum):
    """How an answer appears while it is generated."""

    EDIT = "edit"
    DRAFT = "draft"
    OFF = "off"


class GroupControl(StrEnum):
    """Who decides for a group: its settings, and when its memory is emptied."""

    ADMINS = "admins"
    EVERYBODY = "everybody"


class RichMessages(StrEnum):
    """Whether tables and formulas are sent as Telegram's own."""

    OFF = "off"
    AUTO = "auto"


class SettingsInvalid(Exception):
    """Some settings are missing or wrong; `problems` has one line for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _split(value: object) -> object:
    return (
        [part for part in re.split(r"[\s,]+", value) if part] if isinstance(value, str) else value
    )


def _address(value: object) -> str:
    return str(HttpUrl(str(value))).rstrip("/")


Ids = Annotated[frozenset[int], NoDecode, BeforeValidator(_split)]
Address = Annotated[str, BeforeValidator(_address)]


class Settings(BaseSettings):
    """What the operator decides; each field is an environment variable of the same name."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    bot_token: SecretStr
    elumenta_api_key: SecretStr
    admin_ids: Ids = frozenset()
    access: Access = Access.CLOSED
    allowed_ids: Ids = frozenset()
    database_url: str = "sqlite+aiosqlite:///data/bot.sqlite3"
    elumenta_base_url: Address = "https://elumenta.ru"
    elumenta_request_style: Literal["params", "flat"] = "params"
    telegram_api_url: Address = TELEGRAM
    default_chat_model: str = "gpt-5"
    default_image_model: str = "flux-1.1-pro"
    default_video_model: str = "kling-v2.1"
    confirm_above: int = Field(default=20, ge=0)
    system_prompt: str = (
        "You are a helpful assistant in a Telegram chat. "
        "Answer in the language of the question, briefly unless asked for more."
    )
    history_chars: int = Field(default=24_000, ge=1)
    streaming: Streaming = Streaming.EDIT
    rich_messages: RichMessages = RichMessages.OFF
    group_control: GroupControl = GroupControl.ADMINS
    guest_mode: bool = False
    inline_mode: bool = False
    retention_days: int = Field(default=0, ge=0, le=36_500)
    default_language: Literal["en", "ru"] = "en"
    user_daily_tokens: int = Field(default=0, ge=0)
    chat_daily_tokens: int = Field(default=0, ge=0)
    daily_tokens: int = Field(default=0, ge=0)
    low_balance: int = Field(default=100, ge=0)
    timezone: ZoneInfo = ZoneInfo("UTC")
    webhook_url: Address | None = None
    webhook_secret: SecretStr | None = None
    http_host: str = "0.0.0.0"  # noqa: S104 - in a container, others are outside of it
    http_port: int | None = Field(default=None, ge=1, le=65_535, validate_default=True)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @field_validator("bot_token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"\d+:[\w-]{30,}", value.get_secret_value()):
            message = "is not a token of @BotFather (it looks like 123456789:AA...)"
            raise ValueError(message)
        return value

    @field_validator("elumenta_api_key")
    @classmethod
    def _looks_like_a_key(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"nb_[\x21-\x7e]+", value.get_secret_value()):
            message = "is not an Elumenta key (it starts with nb_)"
            raise ValueError(message)
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _may_be_a_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[\w-]{1,256}", value.get_secret_value(), re.ASCII):
            message = "may have letters, digits, _ and - only, at most 256"
            raise ValueError(message)
        return value

    @field_validator("webhook_url")
    @classmethod
    def _can_be_reached(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and re.search(r"//.*//|[?#]", value):
            message = "has to be a plain address such as https://bot.example/telegram"
            raise ValueError(message)
        if value and info.data.get("telegram_api_url") == TELEGRAM and value.startswith("http:"):
            message = "has to begin with https://"
            raise ValueError(message)
        return value

    @field_validator("http_port")
    @classmethod
    def _serves_the_webhook(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is None and info.data.get("webhook_url"):
            message = "is required with WEBHOOK_URL"
            raise ValueError(message)
        return value

    @classmethod
    def load(cls, secrets: Path = SECRETS) -> Self:
        """Read the environment, `.env`, and the secrets of the container.

        Raises SettingsInvalid with one line per problem, without any value.
        """
        try:
            return cls(_secrets_dir=secrets if secrets.is_dir() else None)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            problems = (_problem(str(one["loc"][0]), one["type"], one["msg"]) for one in found)
            raise SettingsInvalid(list(dict.fromkeys(problems))) from None


def _problem(name: str, kind: str, message: str) -> str:
    if kind == "missing":
        return f"{name.upper()}: is required"
    return f"{name.upper()}: {message.removeprefix('Value error, ')}"
