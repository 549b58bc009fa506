"""Steering a conversation: stop an answer, ask again, start afresh."""

from functools import partial

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message, MessageGenerationStopped

from bot.i18n import Localizer
from bot.model import RETRIABLE, Turn
from bot.services.chat import ChatService
from bot.services.turns import TurnQueue
from bot.telegram.addressing import conversation_of, person_of
from bot.telegram.answers import Answers
from bot.telegram.keyboards import RetryPress, StopPress
from bot.telegram.pacer import Pacer
from bot.telegram.presses import acknowledge, chat_of, is_unhurried, remove_button
from bot.telegram.rights import Rights


def create_router() -> Router:
    """Answer the commands and buttons that steer a conversation."""
    router = Router(name=__name__)
    router.message.register(new, Command("new", ignore_case=True))
    router.message.register(stop, Command("stop", ignore_case=True))
    router.callback_query.register(press_stop, StopPress.filter())
    router.callback_query.register(press_retry, RetryPress.filter())
    router.stopped_message_generation.register(stop_draft)
    return router


async def new(message: Message, t: Localizer, chats: ChatService, rights: Rights) -> None:
    """Forget what was said in this conversation, if whoever wants that may decide for it."""
    permit = partial(rights.require, chat=message.chat, person_id=person_of(message))
    await chats.forget(conversation_of(message), permit=permit)
    await message.reply(t("new-done"))


async def stop(message: Message, t: Localizer, turns: TurnQueue) -> None:
    """End what this person asked here."""
    running, waiting = turns.stop(conversation_of(message), person_id=person_of(message))
    if running or waiting:
        await message.reply(t("stop-done", waiting=waiting))
    else:
        await message.reply(t("stop-nothing"))


async def press_stop(
    query: CallbackQuery,
    *,
    callback_data: StopPress,
    t: Localizer,
    chats: ChatService,
    turns: TurnQueue,
    rights: Rights,
) -> None:
    """End the answer above the button, for the person who asked and for admins of the group."""
    turn_id, chat_id, person_id = callback_data.turn_id, chat_of(query), query.from_user.id
    stopped = turns.stop_turn(turn_id, chat_id=chat_id, person_id=person_id)
    turn = await chats.find(turn_id) if not stopped and turns.has_turn(turn_id) else None
    if turn is not None and turn.question.key.chat_id == chat_id:
        acting_id = await rights.acting_for(turn.question, person_id=person_id)
        stopped = turns.stop_turn(turn_id, chat_id=chat_id, person_id=acting_id)

    await acknowledge(query, t("stop-pressed") if stopped else t("button-not-yours"))
    if not turns.has_turn(turn_id):
        await remove_button(query)


async def press_retry(
    query: CallbackQuery,
    *,
    callback_data: RetryPress,
    t: Localizer,
    chats: ChatService,
    answers: Answers,
    turns: TurnQueue,
    rights: Rights,
    pacer: Pacer,
) -> None:
    """Ask the question again whose answer did not come: once, for those who may stop it."""
    failed = await chats.find(callback_data.turn_id)
    if failed is not None and failed.state in RETRIABLE and not _shows(query, failed):
        # People may be faster than Telegram's word to the bot of where the button is.
        await turns.until_gone(failed.id)
        failed = await chats.find(failed.id)
    if failed is None or not _shows(query, failed):
        await acknowledge(query, t("button-not-yours"))
        return
    person_id = await rights.acting_for(failed.question, person_id=query.from_user.id)

    # The place comes first: what stops the conversation from now on stops this as well.
    with chats.rejoin(failed) as ticket:
        turn = await chats.retry(failed.id, person_id=person_id)
        await acknowledge(query, t("retry-pressed") if turn else t("button-not-yours"))
        if turn is not None:
            if is_unhurried(turn.question.key.chat_id, pacer):
                await remove_button(query)
            await answers.carry_out(turn, ticket)


async def stop_draft(event: MessageGenerationStopped, turns: TurnQueue) -> None:
    """End the answer whose native draft was stopped; only its person sees the draft."""
    turns.stop_turn(event.draft_id, chat_id=event.chat.id, person_id=event.chat.id)


def _shows(query: CallbackQuery, failed: Turn) -> bool:
    """Say whether the button is that of how the turn ended last.

    A press that comes once more after a crash is one of how it had ended before.
    """
    if query.message is None or query.message.chat.id != failed.question.key.chat_id:
        return False
    return query.message.message_id in failed.message_ids
