"""A question on its way from a message: its text, the parts that follow, and its file."""

from dataclasses import dataclass, replace

from aiogram import Bot
from aiogram.filters import CommandObject
from aiogram.types import Document, Message, User

from bot.model import Question
from bot.services.prompt import without_quotation
from bot.telegram.addressing import (
    exact_question_of,
    prompt_of,
    question_of,
    text_without_mention,
)
from bot.telegram.documents import document_of, read_document
from bot.telegram.formatted import utf16_length
from bot.telegram.pastes import Paste
from bot.telegram.split import MAX_MESSAGE_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What a message asks, as far as it is known, and what is still to be fetched."""

    message: Message
    text: str
    """Without the command or the mention that called the bot."""
    document: Document | None
    paste: Paste | None

    @property
    def subject(self) -> str:
        """What it is about, for those who read it in passing."""
        file_name = self.document.file_name if self.document is not None else None
        return self.text.strip() or file_name or ""

    def begin(self, language: str) -> Question:
        """Give the question as it is known at once; it takes its place in line with that.

        Raises PromptMissing when nothing is asked.
        """
        if self.document is not None:
            return exact_question_of(self.message, self.text, language=language)
        return question_of(self.message, self.text, language=language)

    async def complete(self, question: Question, *, bot: Bot) -> Question:
        """Add what is missing, which takes no time where nothing is.

        Raises FileTooLarge, FileNotText and FileUnavailable.
        """
        if self.document is None and self.paste is None:
            return question
        text = self.text if self.paste is None else await self.paste.complete(self.text)
        file = None if self.document is None else await read_document(bot, self.document)
        return replace(question, prompt=prompt_of(self.message, text, file=file))

    def is_part_of(self, prompt: str) -> bool:
        """Say whether a prompt came in several messages, of which this can be no more than one."""
        if self.document is not None or not self.text:
            return False
        around = utf16_length(prompt_of(self.message, self.text)) - utf16_length(self.text)
        return utf16_length(prompt) - around > MAX_MESSAGE_LENGTH

    def is_caption_of(self, prompt: str) -> bool:
        """Say whether a prompt asks the same about a file, which need not be fetched again."""
        if self.document is None:
            return False
        if not self.text.strip():
            return prompt.endswith("```")
        said = without_quotation(prompt_of(self.message, self.text))
        return prompt.endswith(f"\n\n{said}")


def inquire(
    message: Message, command: CommandObject | None, me: User, *, paste: Paste | None = None
) -> Inquiry:
    """Read what a message asks: after a command, or without one."""
    text = text_without_mention(message, me) if command is None else command.args or ""
    return Inquiry(message=message, text=text, document=document_of(message, me), paste=paste)
