"""A closed bot, the two people who own it, and a guest whom its settings let in."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.sandbox.telegram import Chat, Message
from tests.e2e.seeing import PATIENCE_SECONDS
from tests.stage import BotProcess, Stage, open_stage

SURNAME = "Quillfeather"
NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everybody has a private chat with the bot, named after them."""

    stage: Stage
    bot: BotProcess
    owner: Chat
    deputy: Chat
    guest: Chat

    def visitor(self, name: str, *, language: str = "en") -> Chat:
        """Bring somebody whom nobody has let in."""
        return visitor(self.stage, name, language=language)

    async def admit(self, name: str, *, language: str = "en") -> Chat:
        """Bring somebody whom the owner lets in."""
        chat = self.visitor(name, language=language)
        await tell(self.owner, f"/allow {chat.id}")
        return chat


@asynccontextmanager
async def open_house(
    folder: Path, prepare: Callable[[Stage], object] = id, **settings: str
) -> AsyncIterator[House]:
    """Start a bot whose owners have written to it, so that it may write to them.

    *prepare* sees the stage before the bot does.
    """
    async with open_stage(folder) as stage:
        prepare(stage)
        owner, deputy = visitor(stage, "Olympia"), visitor(stage, "Dagobert")
        guest = visitor(stage, "Annegret")
        defaults = {
            "access": "closed",
            "admin_ids": f"{owner.id},{deputy.id}",
            "allowed_ids": str(guest.id),
            "streaming": "off",
        }
        for chat in (owner, deputy):
            say(chat, "/help")

        bot = await stage.start_bot(**{**defaults, **settings})
        house = House(stage=stage, bot=bot, owner=owner, deputy=deputy, guest=guest)
        for chat in (owner, deputy):
            await chat.reply_to(chat.messages[0])
        yield house
        assert secrets_in(bot.output, stage) == []
        assert "Traceback" not in bot.output


def visitor(stage: Stage, name: str, *, language: str = "en") -> Chat:
    person = stage.telegram.person(name, last_name=SURNAME, language_code=language)
    return stage.telegram.private_chat(person)


def say(chat: Chat, text: str) -> Message:
    """Let the first member of a chat write."""
    return chat.send(chat.members[0], text)


async def tell(chat: Chat, text: str) -> str:
    """Let the first member of a chat write, and give what the bot says to it."""
    return (await chat.next_from_bot(after=say(chat, text), timeout=PATIENCE_SECONDS)).text


def secrets_in(output: str, stage: Stage) -> list[str]:
    """List what an output should not show; what people write there is confidential."""
    secrets = (stage.telegram.token, stage.elumenta.api_key, SURNAME, "confidential")
    return [secret for secret in secrets if secret in output]


def zone_of_noon() -> str:
    """Name a zone where it is about noon, so that no day ends while it is watched."""
    ahead = NOON - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}"
