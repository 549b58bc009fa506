"""The buttons under an answer: another one, or the rest of it."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.i18n import Localizer
from bot.model import is_owned
from bot.services.chat import ChatService
from bot.telegram.answers import Answers
from bot.telegram.keyboards import ContinuePress, RepeatPress
from bot.telegram.pacer import Pacer
from bot.telegram.presses import acknowledge, chat_of, is_unhurried, remove_buttons
from bot.telegram.rights import Rights


def create_router() -> Router:
    """Answer the buttons under answers."""
    router = Router(name=__name__)
    router.callback_query.register(ask_anew, RepeatPress.filter())
    router.callback_query.register(ask_anew, ContinuePress.filter())
    return router


async def ask_anew(
    query: CallbackQuery,
    *,
    callback_data: RepeatPress | ContinuePress,
    t: Localizer,
    chats: ChatService,
    answers: Answers,
    rights: Rights,
    pacer: Pacer,
) -> None:
    """Have a question answered once more, or the rest said, for its person and for group admins.

    All buttons go when one has been pressed; where that would have to wait, they say that they
    are old.
    """
    answered = await chats.find(callback_data.turn_id)
    if answered is None or answered.question.key.chat_id != chat_of(query):
        await acknowledge(query, t("button-not-yours"))
        return
    person_id = await rights.acting_for(answered.question, person_id=query.from_user.id)

    ask, pressed = chats.again, t("regenerate-pressed")
    if isinstance(callback_data, ContinuePress):
        ask, pressed = chats.carry_on, t("continue-pressed")
    # The place comes first: what stops the conversation from now on stops this as well.
    with chats.rejoin(answered) as ticket:
        turn = await ask(answered.id, person_id=person_id)
        if turn is not None:
            await acknowledge(query, pressed)
            if is_unhurried(turn.question.key.chat_id, pacer):
                await remove_buttons(query)
            await answers.carry_out(turn, ticket)
            return

    is_old = is_owned(answered.question.person_id, by=person_id)
    await acknowledge(query, t("button-old") if is_old else t("button-not-yours"))
    if is_old:
        await remove_buttons(query)
