"""The one message that shows an answer in a chat that the bot does not belong to."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from aiogram import Bot
from aiogram.methods import EditMessageText
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import Localizer
from bot.model import Question
from bot.telegram.formatted import GAP, Content, FormattedText, stack, utf16_length
from bot.telegram.sending import NO_PREVIEW, edit
from bot.telegram.split import MAX_ENTITIES, MAX_MESSAGE_LENGTH, split


def heading_of(prompt: str) -> FormattedText:
    """Show above an answer what was asked, where no other message does."""
    return _plain(f"❓ {prompt}")


def in_one_message(parts: Sequence[FormattedText], *, note: str) -> FormattedText:
    """Put parts one below the other; what is too long is cut, and the note follows.

    No words are given up for the formatting that is too much for a message.
    """
    joined = stack(parts)
    whole = replace(joined, entities=joined.entities[:MAX_ENTITIES])
    if len(pieces := split(whole)) == 1:
        return pieces[0]
    room = MAX_MESSAGE_LENGTH - utf16_length(f"…{GAP}{note}")
    first = split(whole, room)[0]
    return stack([FormattedText(text=f"{first.text}…", entities=first.entities), _plain(note)])


class InlineMessage:
    """An answer that has no more than one message, which was sent before it was known.

    Nothing can follow it, so what is too long for it is cut, and says so.
    """

    def __init__(self, bot: Bot, question: Question, t: Localizer) -> None:
        self._bot = bot
        self._question = question
        self._t = t

    async def say(self, text: str) -> None:
        """Show a sentence in place of an answer."""
        await self._show([_plain(text)])

    async def show(
        self,
        parts: Sequence[FormattedText],
        *,
        keyboard: InlineKeyboardMarkup | None,  # noqa: ARG002 - there is room for none here
        is_enough: Callable[[], bool],  # noqa: ARG002 - one call is never too many
        rich: Sequence[Content] = (),  # noqa: ARG002 - what may be cut had better be classic
    ) -> None:
        """Make the message show these parts; it stays when there are none, as it cannot go."""
        t = self._t
        await self._show(parts or [_plain(t("aside-dropped"))])

    async def keep(self) -> None:
        """Leave what is shown as it is, until the next show."""

    async def _show(self, parts: Sequence[FormattedText]) -> None:
        t = self._t
        content = in_one_message([*self._heading(), *parts], note=t("aside-cut"))
        method = EditMessageText(
            inline_message_id=self._question.inline_message_id,
            text=content.text,
            entities=list(content.entities),
            link_preview_options=NO_PREVIEW,
        )
        await edit(self._bot, method)

    def _heading(self) -> list[FormattedText]:
        """A guest's answer replies to the message that asks; what was typed inline is nowhere."""
        is_guest = self._question.message_id is not None
        return [] if is_guest else [heading_of(self._question.prompt)]


def _plain(text: str) -> FormattedText:
    return FormattedText(text=text, entities=())
