"""Brings orders of pictures and videos to the chats they come from, and says how far they are."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
)
from aiogram.methods import EditMessageText, SendMessage

from bot.i18n import Localizer, Translator
from bot.model import RUNNING, MediaJob
from bot.services.courier import Delivery, Media, Outcome
from bot.telegram.job_keyboards import status_buttons
from bot.telegram.job_texts import status_text
from bot.telegram.sending import NO_PREVIEW, edit, send_in_topic
from bot.telegram.session import LiveEdit, LiveSend, NewMessage, describe, may_have_arrived
from bot.telegram.uploads import as_file, reply_to_order, results

UPLOAD_SECONDS = 600
"""How long one upload may take."""

log = structlog.get_logger(__name__)


class TelegramCourier:
    """One status message for each order, and its result.

    *record* is told of each status message once it is sent, `record(job, message_id)`, and says
    whether what the message tells is still true; if not, it is taken back.
    """

    def __init__(
        self,
        bot: Bot,
        translator: Translator,
        record: Callable[[MediaJob, int], Awaitable[bool]],
    ) -> None:
        self._bot = bot
        self._translator = translator
        self._record = record

    async def show(
        self,
        job: MediaJob,
        *,
        balance: int | None = None,
        allowance: int | None = None,
        waiting_until: str | None = None,
    ) -> Delivery:
        """Let the status message say how far the job is; it is sent if there is none."""
        text = status_text(
            job, self._t(job), balance=balance, allowance=allowance, waiting_until=waiting_until
        )
        return await _attempt("status", job, self._show(job, text))

    async def deliver(self, job: MediaJob, media: Media | None) -> Delivery:
        """Answer the order with its result, in the best form that Telegram takes."""
        forms = results(job, media, self._t(job))
        return await _attempt("result", job, self._send_first_taken(job, forms))

    async def send_file(self, job: MediaJob, media: Media) -> Delivery:
        """Answer the order with its result as a file, exactly as it was made."""
        copy = as_file(job, media, self._t(job), is_copy=True)
        return await _attempt("file", job, self._send(copy))

    async def clear(self, job: MediaJob) -> None:
        """Take the status message away, or what it says if it has to stay."""
        if job.status_message_id is None:
            return
        try:
            await self._take_away(job, job.status_message_id)
        except AiogramError as error:
            log.warning("status.left", job=job.id, failure=describe(error))

    async def _take_away(self, job: MediaJob, message_id: int) -> None:
        try:
            await self._bot.delete_message(job.question.key.chat_id, message_id)
        except TelegramBadRequest:
            await self._edit(job, message_id, status_text(job, self._t(job)))

    async def _show(self, job: MediaJob, text: str) -> int:
        message_id = job.status_message_id
        if message_id is not None and await self._edit(job, message_id, text):
            return message_id

        message_id = await self._send(
            (LiveSend if job.state in RUNNING else SendMessage)(
                chat_id=job.question.key.chat_id,
                message_thread_id=job.question.key.thread_id,
                text=text,
                link_preview_options=NO_PREVIEW,
                reply_parameters=reply_to_order(job),
                reply_markup=status_buttons(job, self._t(job)),
            )
        )
        if not await self._record(job, message_id):
            with suppress(AiogramError):  # nobody misses it, and what is true comes next
                await self._bot.delete_message(job.question.key.chat_id, message_id)
        return message_id

    async def _edit(self, job: MediaJob, message_id: int, text: str) -> bool:
        method = (LiveEdit if job.state in RUNNING else EditMessageText)(
            chat_id=job.question.key.chat_id,
            message_id=message_id,
            text=text,
            link_preview_options=NO_PREVIEW,
            reply_markup=status_buttons(job, self._t(job)),
        )
        return await edit(self._bot, method)

    async def _send_first_taken(self, job: MediaJob, forms: list[NewMessage]) -> int:
        *better, last = forms
        for form in better:
            try:
                return await self._send(form)
            except (TelegramBadRequest, TelegramEntityTooLarge) as error:
                method = form.__api_method__
                log.warning("form.refused", job=job.id, method=method, failure=describe(error))
        return await self._send(last)

    async def _send(self, method: NewMessage) -> int:
        timeout_seconds = None if isinstance(method, SendMessage) else UPLOAD_SECONDS
        sent = await send_in_topic(self._bot, method, timeout_seconds=timeout_seconds)
        return sent.message_id

    def _t(self, job: MediaJob) -> Localizer:
        return self._translator.for_locale(job.question.language)


async def _attempt(what: str, job: MediaJob, sending: Awaitable[int]) -> Delivery:
    """Send something, and say what became of it."""
    try:
        message_id = await sending
    except (TelegramForbiddenError, TelegramBadRequest) as error:
        log.warning("message.refused", what=what, job=job.id, failure=describe(error))
        return Delivery(outcome=Outcome.UNWANTED)
    except AiogramError as error:
        outcome = Outcome.UNSURE if may_have_arrived(error) else Outcome.DELAYED
        log.warning(
            "message.not_sent",
            what=what,
            job=job.id,
            outcome=outcome.value,
            failure=describe(error),
        )
        return Delivery(outcome=outcome)
    return Delivery(outcome=Outcome.DONE, message_id=message_id)
