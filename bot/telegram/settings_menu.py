"""The menu in which a chat chooses: one message, changed in place."""

from collections.abc import Iterable
from dataclasses import dataclass

from aiogram.methods import EditMessageText
from aiogram.types import InlineKeyboardMarkup, Message, User

from bot.i18n import Translator
from bot.model import ModelChoice, Preference
from bot.services.chat_settings import MODEL_KINDS, let_go, look_up_settings
from bot.services.directory import ModelDirectory
from bot.services.preferences import PreferenceService
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.formatted import FormattedText
from bot.telegram.sending import NO_PREVIEW, edit
from bot.telegram.settings_keyboards import (
    IN_A_PART,
    overview_buttons,
    page_buttons,
    part_of,
)
from bot.telegram.settings_options import SettingsOptions
from bot.telegram.settings_texts import SettingsTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the menu shows."""

    text: FormattedText
    keyboard: InlineKeyboardMarkup


class SettingsMenu:
    """Shows what a chat has chosen, and takes what it chooses; who may is for others to know."""

    def __init__(
        self,
        preferences: PreferenceService,
        directory: ModelDirectory,
        languages: ChatLanguages,
        translator: Translator,
    ) -> None:
        self._preferences = preferences
        self._directory = directory
        self._languages = languages
        self._translator = translator

    async def open(
        self, message: Message, page: Preference | None = None, *, notice: str = ""
    ) -> None:
        """Reply to a command with a page of the menu, or with all settings."""
        chat_id = message.chat.id
        vanished = await let_go(chat_id, self._preferences, self._directory)
        texts = await self._texts(chat_id, message.from_user)

        notices = [*texts.vanished(vanished), notice]
        view = _view(texts, page, notices)
        await message.reply(
            view.text.text,
            entities=list(view.text.entities),
            reply_markup=view.keyboard,
            link_preview_options=NO_PREVIEW,
        )

    async def redraw(
        self,
        message: Message,
        person: User,
        page: Preference | None = None,
        *,
        part: int | None = None,
    ) -> None:
        """Show a page in place, until it says what holds: others may press at the same time."""
        chat_id, shown = message.chat.id, None
        vanished = await let_go(chat_id, self._preferences, self._directory)
        while shown != (texts := await self._texts(chat_id, person)).settings.chosen:
            view = _view(texts, page, texts.vanished(vanished), part=part)
            if not await _change(message, view):
                return
            shown = texts.settings.chosen

    async def choose(
        self, chat_id: int, preference: Preference, key: str, *, person: User
    ) -> bool:
        """Have the value of a button hold from now on; False when there is no such button."""
        option = SettingsOptions(await self._texts(chat_id, person)).find(preference, key)
        if option is None:
            return False
        await self._preferences.change(chat_id, preference, option.value)
        return True

    async def find_text_model(self, chat_id: int, name: str) -> ModelChoice | None:
        """Find the model that somebody calls by its slug or its name."""
        settings = await look_up_settings(chat_id, self._preferences, self._directory)
        return settings.find_text_model(name)

    async def _texts(self, chat_id: int, person: User | None) -> SettingsTexts:
        settings = await look_up_settings(chat_id, self._preferences, self._directory)
        t = self._languages.localizer(chat_id, person)
        return SettingsTexts(settings, t, self._translator)


def _view(
    texts: SettingsTexts,
    page: Preference | None,
    notices: Iterable[str],
    *,
    part: int | None = None,
) -> View:
    if page is None:
        return View(text=texts.overview(notices), keyboard=overview_buttons(texts))

    offered = SettingsOptions(texts)
    options, default = offered.all(page), offered.default(page)
    part = part_of(options, part)
    models = texts.settings.models[MODEL_KINDS[page]] if page in MODEL_KINDS else ()
    shown = models[part * IN_A_PART : (part + 1) * IN_A_PART]
    return View(
        text=texts.page(page, shown, notices),
        keyboard=page_buttons(page, options, default=default, part=part, t=texts.t),
    )


async def _change(message: Message, view: View) -> bool:
    """Change a message; False when it is gone."""
    method = EditMessageText(
        chat_id=message.chat.id,
        message_id=message.message_id,
        text=view.text.text,
        entities=list(view.text.entities),
        reply_markup=view.keyboard,
        link_preview_options=NO_PREVIEW,
    )
    return message.bot is not None and await edit(message.bot, method)
