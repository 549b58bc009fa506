"""The buttons under an answer: another one, or the rest of it."""

from dataclasses import dataclass
from typing import Protocol

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.i18n import Localizer
from bot.model import Turn, is_owned
from bot.services.chat import ChatService
from bot.telegram.answers import Answers
from bot.telegram.keyboards import ContinuePress, RepeatPress
from bot.telegram.presses import acknowledge, chat_of, remove_buttons
from bot.telegram.rights import Rights


class AskAnew(Protocol):
    """A way to ask again what has been answered: once, and for its person alone."""

    async def __call__(self, turn_id: int, *, person_id: int | None) -> Turn | None: ...


def create_router() -> Router:
    """Answer the buttons under answers."""
    router = Router(name=__name__)
    router.callback_query.register(press_repeat, RepeatPress.filter())
    router.callback_query.register(press_continue, ContinuePress.filter())
    return router


async def press_repeat(
    query: CallbackQuery,
    *,
    callback_data: RepeatPress,
    t: Localizer,
    chats: ChatService,
    answers: Answers,
    rights: Rights,
) -> None:
    """Answer the same question once more."""
    press = Press(query=query, t=t, chats=chats, answers=answers, rights=rights)
    await press.ask(callback_data.turn_id, chats.again, t("regenerate-pressed"))


async def press_continue(
    query: CallbackQuery,
    *,
    callback_data: ContinuePress,
    t: Localizer,
    chats: ChatService,
    answers: Answers,
    rights: Rights,
) -> None:
    """Have the rest said of an answer that was cut."""
    press = Press(query=query, t=t, chats=chats, answers=answers, rights=rights)
    await press.ask(callback_data.turn_id, chats.carry_on, t("continue-pressed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A press of such a button; all of them go when one has been pressed."""

    query: CallbackQuery
    t: Localizer
    chats: ChatService
    answers: Answers
    rights: Rights

    async def ask(self, turn_id: int, ask: AskAnew, pressed: str) -> None:
        """Ask anew for the person who did, and for admins of the group."""
        answered = await self.chats.find(turn_id)
        if answered is None or answered.question.key.chat_id != chat_of(self.query):
            await acknowledge(self.query, self.t("button-not-yours"))
            return
        person_id = await self._acting_id(answered)

        # The place comes first: what stops the conversation from now on stops this as well.
        with self.chats.rejoin(answered) as ticket:
            turn = await ask(turn_id, person_id=person_id)
            if turn is not None:
                await acknowledge(self.query, pressed)
                await remove_buttons(self.query)
                await self.answers.carry_out(turn, ticket)
                return
        await self._refuse(is_old=is_owned(answered.question.person_id, by=person_id))

    async def _acting_id(self, answered: Turn) -> int | None:
        question, person_id = answered.question, self.query.from_user.id
        chat_id, owner_id = question.key.chat_id, question.person_id
        return await self.rights.acting_for(owner_id, chat_id=chat_id, person_id=person_id)

    async def _refuse(self, *, is_old: bool) -> None:
        t = self.t
        await acknowledge(self.query, t("button-old") if is_old else t("button-not-yours"))
        if is_old:
            await remove_buttons(self.query)
