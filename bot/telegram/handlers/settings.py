"""What a chat decides: `/settings`, `/system`, `/temperature`, `/max_tokens`, `/language`."""

from collections.abc import Callable, Mapping

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.i18n import Localizer, Translator
from bot.model import Preference
from bot.services.chat_settings import SWITCHES
from bot.services.preferences import PreferenceService
from bot.services.written_values import is_off, read_max_tokens, read_persona, read_temperature
from bot.telegram.addressing import person_of
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.presses import acknowledge, remove_buttons
from bot.telegram.rights import Rights
from bot.telegram.settings_keyboards import ChoicePress, ClosePress, PagePress
from bot.telegram.settings_menu import SettingsMenu
from bot.telegram.settings_texts import find_language

READERS: Mapping[Preference, Callable[[str], float]] = {
    Preference.TEMPERATURE: read_temperature,
    Preference.MAX_TOKENS: read_max_tokens,
}
"""What is written after the command of the same name."""


def create_router() -> Router:
    """Answer the commands and the buttons by which a chat chooses."""
    router = Router(name=__name__)
    router.message.register(settings, Command("settings", ignore_case=True))
    router.message.register(system, Command("system", ignore_case=True))
    router.message.register(number, Command(*READERS, ignore_case=True))
    router.message.register(language, Command("language", ignore_case=True))
    router.callback_query.register(press_page, PagePress.filter())
    router.callback_query.register(press_choice, ChoicePress.filter())
    router.callback_query.register(press_close, ClosePress.filter())
    return router


async def settings(message: Message, rights: Rights, menu: SettingsMenu) -> None:
    """Show everything that this chat can decide."""
    await rights.require(chat=message.chat, person_id=person_of(message))
    await menu.open(message)


async def system(
    message: Message,
    command: CommandObject,
    *,
    t: Localizer,
    rights: Rights,
    menu: SettingsMenu,
    preferences: PreferenceService,
) -> None:
    """Show what the model is told about itself here, or have it told something else."""
    await rights.require(chat=message.chat, person_id=person_of(message))
    prompt = read_persona(command.args or "")
    if not prompt:
        await menu.open(message, Preference.SYSTEM_PROMPT)
    elif is_off(prompt):
        await preferences.change(message.chat.id, Preference.SYSTEM_PROMPT, None)
        await message.reply(t("system-reset"))
    else:
        await preferences.change(message.chat.id, Preference.SYSTEM_PROMPT, prompt)
        await message.reply(t("system-set"))


async def number(
    message: Message,
    command: CommandObject,
    *,
    rights: Rights,
    menu: SettingsMenu,
    preferences: PreferenceService,
) -> None:
    """Show or choose how inventive answers are, or how long they may become."""
    await rights.require(chat=message.chat, person_id=person_of(message))
    preference = Preference(command.command.lower())
    if written := command.args:
        value = None if is_off(written) else READERS[preference](written)
        await preferences.change(message.chat.id, preference, value)
    await menu.open(message, preference)


async def language(
    message: Message,
    command: CommandObject,
    *,
    t: Localizer,
    rights: Rights,
    menu: SettingsMenu,
    preferences: PreferenceService,
    translator: Translator,
) -> None:
    """Show or choose the language of this chat, by its own name or by its code."""
    await rights.require(chat=message.chat, person_id=person_of(message))
    written, notice = command.args or "", ""
    chosen = find_language(written, translator)
    if chosen is not None or is_off(written):
        await preferences.change(message.chat.id, Preference.LANGUAGE, chosen)
    elif written:
        notice = t("language-unknown")
    await menu.open(message, Preference.LANGUAGE, notice=notice)


async def press_page(
    query: CallbackQuery,
    callback_data: PagePress,
    t: Localizer,
    rights: Rights,
    menu: SettingsMenu,
) -> None:
    """Show another page of the menu in place."""
    message = await _menu_of(query, t, rights)
    if message is not None:
        await acknowledge(query, "")
        await menu.redraw(message, query.from_user, callback_data.page, part=callback_data.part)


async def press_choice(
    query: CallbackQuery,
    callback_data: ChoicePress,
    *,
    t: Localizer,
    rights: Rights,
    menu: SettingsMenu,
    languages: ChatLanguages,
) -> None:
    """Choose a value, and show the page with it, in the language that holds then."""
    message = await _menu_of(query, t, rights)
    if message is None:
        return

    preference, person = callback_data.preference, query.from_user
    if not await menu.choose(message.chat.id, preference, callback_data.value, person=person):
        await acknowledge(query, t("button-not-yours"))
        return

    t = languages.localizer(message.chat.id, person)
    await acknowledge(query, t("settings-saved"))
    await menu.redraw(message, person, None if preference in SWITCHES else preference)


async def press_close(query: CallbackQuery, t: Localizer, rights: Rights) -> None:
    """Take the buttons away, and leave what they say."""
    message = await _menu_of(query, t, rights)
    if message is not None:
        await acknowledge(query, "")
        await remove_buttons(query)


async def _menu_of(query: CallbackQuery, t: Localizer, rights: Rights) -> Message | None:
    """Find the menu whose button was pressed; raises NotAllowedHere to those it does not obey."""
    if not isinstance(query.message, Message):
        await acknowledge(query, t("button-not-yours"))
        return None
    await rights.require(chat=query.message.chat, person_id=query.from_user.id)
    return query.message
