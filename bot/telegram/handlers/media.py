"""Pictures and videos: `/image`, `/video`, and replies to the question what they shall show."""

from collections.abc import Mapping

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import ForceReply, Message, User

from bot.i18n import Localizer, Translator
from bot.model import MediaKind, ModelKind
from bot.services.chat_settings import known_name
from bot.services.media import MediaService
from bot.services.media_options import MODEL
from bot.telegram.addressing import exact_question_of, is_reply_to, quoted_text
from bot.telegram.filters import to_prompt_question
from bot.telegram.options import parse
from bot.telegram.prompt_question import asked_kind, asked_options, prompt_question


def create_router() -> Router:
    """Take orders of pictures and videos."""
    router = Router(name=__name__)
    router.message.register(order, Command("image", "video", ignore_case=True))
    router.message.register(answer_question, to_prompt_question)
    return router


async def order(
    message: Message,
    command: CommandObject,
    *,
    me: User,
    t: Localizer,
    translator: Translator,
    media: MediaService,
) -> None:
    """Order what the command says, or else the message that it replies to."""
    kind = MediaKind(command.command.lower())
    request = parse(command.args or "")
    prompt = request.prompt or _quoted_prompt(message, me, translator)
    await _order(message, kind, request.options, prompt, t=t, media=media)


async def answer_question(
    message: Message, kind: MediaKind, t: Localizer, media: MediaService
) -> None:
    """Order what the reply says; options in it come on top of those of the question."""
    if not message.text:
        await message.reply(t("prompt-not-text"))
        return

    asked = message.reply_to_message.text if message.reply_to_message is not None else None
    request = parse(message.text)
    options = {**asked_options(asked or "", kind), **request.options}
    await _order(message, kind, options, request.prompt, t=t, media=media)


async def _order(
    message: Message,
    kind: MediaKind,
    options: Mapping[str, str],
    prompt: str,
    *,
    t: Localizer,
    media: MediaService,
) -> None:
    """Order it if there is a prompt, ask for one if there is none; mistakes are told first."""
    if MODEL not in options:
        await _tell_what_vanished(message, kind, t=t, media=media)
    await media.check(kind, options, message.chat.id)
    if prompt:
        await media.order(exact_question_of(message, prompt, language=t.language), kind, options)
        return

    default_model = await media.default_model(kind, message.chat.id)
    question = prompt_question(kind, options, t, default_model=default_model)
    placeholder = t("prompt-placeholder", kind=kind.value)
    await message.reply(
        question.text,
        entities=list(question.entities),
        reply_markup=ForceReply(selective=True, input_field_placeholder=placeholder),
    )


async def _tell_what_vanished(
    message: Message, kind: MediaKind, *, t: Localizer, media: MediaService
) -> None:
    """Say it once when the model that the chat chose is gone, and which one takes over."""
    vanished = await media.drop_vanished_model(kind, message.chat.id)
    if vanished is None:
        return

    of_kind = ModelKind(kind.value)
    model = known_name(of_kind, vanished)
    default = known_name(of_kind, await media.default_model(kind, message.chat.id))
    await message.reply(t("media-model-vanished", kind=kind.value, model=model, default=default))


def _quoted_prompt(message: Message, me: User, translator: Translator) -> str:
    """Give what is replied to, unless it is a result or the question for a prompt."""
    replied = message.reply_to_message
    if replied is not None and is_reply_to(message, me):
        said = replied.text or ""
        if not said or asked_kind(said, translator) is not None:
            return ""
    return quoted_text(message).strip()
