from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.model import Preference, Preferences
from bot.sandbox.telegram import Button, Chat, Message, Person, TelegramServer
from bot.settings import GroupControl
from bot.storage.engine import Database
from bot.telegram.settings_keyboards import ChoicePress
from tests.telegram.parlour import Parlour, open_parlour
from tests.telegram.seeing import by_bot, labels

NOT_YOURS = "This button is old or belongs to somebody else."
NOT_ALLOWED = "Only the admins of this group can do that; please ask one of them."


@pytest.fixture
async def parlour(bot: Bot, database: Database) -> AsyncIterator[Parlour]:
    async with open_parlour(bot, database) as parlour:
        yield parlour


@pytest.fixture
async def menu(parlour: Parlour, chat: Chat, ann: Person) -> Message:
    """Ann's settings, with everything as the owner wants it."""
    await parlour.ears.hear()
    return await parlour.told(chat, ann, "/settings")


def label(message: Message, words: str) -> str:
    (found,) = [one for one in labels(message) if words in one]
    return found


async def test_one_message_shows_everything_and_what_is_the_owners_choice(menu: Message) -> None:
    assert menu.text.splitlines() == [
        "⚙️ Settings of this chat",
        "",
        "🤖 Chat model: GPT-5 (default)",
        "🎭 Role: Assistant (default)",
        "🌡 Temperature: auto",
        "📏 Longest answer: auto",
        "🎨 Picture model: Flux 1.1 Pro (default)",
        "📐 Picture size: auto",
        "🎬 Video model: Luma Ray 2 Flash (default)",
        "⏱ Video length: auto",
        "🖼 Video shape: auto",
        "🌐 Language: as in Telegram",
        "✍️ Answers appear: when complete (default)",
        "📊 Telegram's own tables and formulas, for new apps: off (default)",
        "🪙 Cost under answers: off (default)",
        "",
        "Press a button to change something.",
    ]


async def test_pages_open_and_close_in_place(
    parlour: Parlour, chat: Chat, ann: Person, menu: Message
) -> None:
    overview = menu.text, labels(menu)

    for opened in labels(menu)[:11]:
        answer = await parlour.press(chat, ann, menu, opened)
        assert answer.text == ""
        assert menu.text != overview[0]
        await parlour.press(chat, ann, menu, "« Back")
        assert (menu.text, labels(menu)) == overview

    assert by_bot(chat)[-1] is menu


async def test_a_choice_is_marked_stored_and_shown_with_the_others(
    parlour: Parlour, chat: Chat, ann: Person, menu: Message
) -> None:
    await parlour.press(chat, ann, menu, "🎨 Flux 1.1 Pro")
    assert label(menu, "✓") == "✓ Flux 1.1 Pro"
    answer = await parlour.press(chat, ann, menu, "DALL-E 3")
    marked = label(menu, "✓")
    await parlour.press(chat, ann, menu, "« Back")

    assert answer.text == "Saved"
    assert marked == "✓ DALL-E 3"
    assert "🎨 Picture model: DALL-E 3\n" in menu.text
    assert await parlour.chosen(chat) == Preferences(image_model="dall-e-3")


async def test_the_default_comes_back_with_a_button(
    parlour: Parlour, chat: Chat, ann: Person, menu: Message
) -> None:
    overview = menu.text
    await parlour.told(chat, ann, "/temperature 0,7")
    await parlour.press(chat, ann, menu, "🌡 Temperature: auto")
    assert label(menu, "✓") == "✓ 0.7"

    await parlour.press(chat, ann, menu, "Default: auto")

    assert label(menu, "✓") == "✓ Default: auto"
    await parlour.press(chat, ann, menu, "« Back")
    assert menu.text == overview
    assert await parlour.chosen(chat) == Preferences()


async def test_a_switch_changes_at_once_and_goes_back_to_the_default(
    parlour: Parlour, chat: Chat, ann: Person, menu: Message
) -> None:
    overview = menu.text

    await parlour.press(chat, ann, menu, "🪙 Cost: off")
    switched = menu.text, await parlour.chosen(chat)
    await parlour.press(chat, ann, menu, "🪙 Cost: on")

    assert switched[0] == overview.replace("answers: off (default)", "answers: on")
    assert switched[1] == Preferences(shows_cost=True)
    assert menu.text == overview
    assert await parlour.chosen(chat) == Preferences()


async def test_sizes_are_those_of_the_chosen_model(
    parlour: Parlour, chat: Chat, ann: Person, menu: Message
) -> None:
    offered = []
    for picture_model in ("Midjourney", "Recraft V3", "DALL-E 3"):
        await parlour.press(chat, ann, menu, label(menu, "🎨"))
        if picture_model not in labels(menu):
            await parlour.press(chat, ann, menu, "▶")
        await parlour.press(chat, ann, menu, picture_model)
        await parlour.press(chat, ann, menu, "« Back")
        await parlour.press(chat, ann, menu, label(menu, "📐"))
        offered.append([one for one in labels(menu) if one[0].isdecimal()])
        await parlour.press(chat, ann, menu, "« Back")

    assert offered == [
        ["1:1", "2:3", "3:2", "9:16", "16:9"],
        [],
        ["1024x1024", "1024x1792", "1792x1024"],
    ]


async def test_a_size_that_the_model_does_not_take_is_not_shown_as_if_it_held(
    parlour: Parlour, chat: Chat, ann: Person, menu: Message
) -> None:
    await parlour.press(chat, ann, menu, label(menu, "📐"))
    await parlour.press(chat, ann, menu, "768x1344")
    await parlour.press(chat, ann, menu, "« Back")
    taken = "📐 Picture size: 768x1344\n" in menu.text

    await parlour.press(chat, ann, menu, label(menu, "🎨"))
    await parlour.press(chat, ann, menu, "DALL-E 3")
    await parlour.press(chat, ann, menu, "« Back")

    assert taken
    assert "📐 Picture size: auto\n" in menu.text


async def test_drafts_are_offered_in_private_only(
    parlour: Parlour, chat: Chat, square: Chat, zoe: Person, menu: Message
) -> None:
    ann = chat.members[0]
    await parlour.press(chat, ann, menu, label(menu, "✍️"))
    shared = await parlour.told(square, zoe, "/settings")
    await parlour.press(square, zoe, shared, label(shared, "✍️"))

    assert "as a draft" in labels(menu)
    assert "as a draft" not in labels(shared)


async def test_closing_leaves_the_text_alone(
    parlour: Parlour, chat: Chat, ann: Person, menu: Message
) -> None:
    overview, button = menu.text, menu.buttons[-1][0]

    presses = [chat.press_old(ann, menu, button) for _ in range(2)]
    await parlour.ears.hear()

    assert [(await press.answer()).text for press in presses] == ["", ""]
    assert (menu.text, labels(menu)) == (overview, [])


FORGED = [
    "pick chat_model gpt-2",
    "pick chat_model " + "x" * 40,
    "pick image_size 1x1",
    "pick temperature nan",
    "pick temperature 0.70",
    "pick max_tokens -5",
    "pick streaming loudly",
    "pick language tlh",
    "pick shows_cost maybe",
    "pick system_prompt pirate",
    "pick nothing 1",
    "pick chat_model",
    "set:nothing:",
    "set:chat_model:-1",
    "set:chat_model:100000",
    "close:now",
]


@pytest.mark.parametrize("data", FORGED)
async def test_a_press_that_no_menu_offers_changes_nothing(
    parlour: Parlour, chat: Chat, ann: Person, menu: Message, data: str
) -> None:
    before = menu.text, labels(menu)

    press = chat.press_old(ann, menu, Button(text="…", callback_data=data))
    await parlour.ears.hear()

    assert (await press.answer()).text == NOT_YOURS
    assert (menu.text, labels(menu)) == before
    assert await parlour.chosen(chat) == Preferences()


async def test_a_draft_cannot_be_smuggled_into_a_group(
    parlour: Parlour, square: Chat, zoe: Person
) -> None:
    shared = await parlour.told(square, zoe, "/settings")

    forged = Button(text="…", callback_data="pick streaming draft")
    press = square.press_old(zoe, shared, forged)
    await parlour.ears.hear()

    assert (await press.answer()).text == NOT_YOURS
    assert await parlour.chosen(square) == Preferences()


async def test_a_part_that_has_come_to_an_end_shows_the_last_one(
    parlour: Parlour, chat: Chat, ann: Person, menu: Message
) -> None:
    press = chat.press_old(ann, menu, Button(text="▶", callback_data="set:chat_model:9"))
    await parlour.ears.hear()

    assert (await press.answer()).text == ""
    assert "Claude Opus 4.5" in labels(menu)


async def test_members_of_a_group_neither_open_its_settings_nor_press_there(
    parlour: Parlour, square: Chat, zoe: Person, ann: Person
) -> None:
    square.members.append(ann)
    shared = await parlour.told(square, zoe, "/settings")
    before = shared.text, labels(shared)

    refused = [
        (await parlour.told(square, ann, text)).text
        for text in ("/settings", "/model gpt-5.2", "/system Be rude", "/temperature 2", "/new")
    ]
    answers = [
        await parlour.press(square, ann, shared, pressed)
        for pressed in ("🪙 Cost: off", "🤖 GPT-5", "✖ Close")
    ]

    assert refused == [NOT_ALLOWED] * 5
    assert [(one.text, one.show_alert) for one in answers] == [(NOT_ALLOWED, True)] * 3
    assert (shared.text, labels(shared)) == before
    assert await parlour.chosen(square) == Preferences()


async def test_everybody_in_a_group_decides_where_the_owner_wants_it(
    bot: Bot, database: Database, square: Chat, zoe: Person, ann: Person
) -> None:
    square.members.append(ann)
    async with open_parlour(bot, database, control=GroupControl.EVERYBODY) as parlour:
        shared = await parlour.told(square, ann, "/settings")
        await parlour.press(square, ann, shared, "🪙 Cost: off")

        assert "it holds for everybody here" in shared.text
        assert await parlour.chosen(square) == Preferences(shows_cost=True)
        assert (await parlour.told(square, zoe, "/help")).text.endswith(
            "Everybody there may change the settings and use /new."
        )


async def test_two_admins_who_press_at_once_both_get_what_they_chose(
    parlour: Parlour, square: Chat, zoe: Person, ann: Person
) -> None:
    square.members.append(ann)
    square.promote(ann)
    shared = await parlour.told(square, zoe, "/settings")

    answers = await parlour.press_at_once(
        square.press(zoe, shared, "🪙 Cost: off"), square.press(ann, shared, "📊 Tables: off")
    )

    assert [one.text for one in answers] == ["Saved", "Saved"]
    assert await parlour.chosen(square) == Preferences(shows_cost=True, rich_messages=True)
    assert {"🪙 Cost: on", "📊 Tables: on"} <= set(labels(shared))


async def test_two_admins_who_press_the_same_switch_at_once_do_not_undo_each_other(
    parlour: Parlour, square: Chat, zoe: Person, ann: Person
) -> None:
    square.members.append(ann)
    square.promote(ann)
    shared = await parlour.told(square, zoe, "/settings")

    await parlour.press_at_once(
        *(square.press(one, shared, "🪙 Cost: off") for one in (zoe, ann, zoe))
    )

    assert await parlour.chosen(square) == Preferences(shows_cost=True)
    assert "🪙 Cost: on" in labels(shared)


async def test_choices_of_one_chat_are_no_other_chats(
    parlour: Parlour, chat: Chat, square: Chat, zoe: Person, menu: Message
) -> None:
    ann, overview = chat.members[0], menu.text
    shared = await parlour.told(square, zoe, "/settings")

    await parlour.press(square, zoe, shared, "🪙 Cost: off")
    await parlour.told(square, zoe, "/system You are a pirate")

    assert (await parlour.told(chat, ann, "/settings")).text == overview


async def test_choices_follow_a_group_that_becomes_a_supergroup(
    parlour: Parlour, server: TelegramServer, zoe: Person
) -> None:
    group = server.group("Growing", members=[zoe], announce=False)
    await parlour.told(group, zoe, "/language ru")
    await parlour.told(group, zoe, "/max_tokens 50")
    chosen = await parlour.chosen(group)

    successor = group.migrate()
    await parlour.ears.hear()

    assert chosen == Preferences(language="ru", max_tokens=50)
    assert await parlour.chosen(successor) == chosen
    told = await parlour.told(successor, zoe, "/max_tokens")
    assert told.text.startswith("📏 Предел длины ответа: 50 токенов")


async def test_a_menu_that_is_gone_is_not_missed(
    parlour: Parlour, chat: Chat, ann: Person, menu: Message
) -> None:
    press = chat.press(ann, menu, "🪙 Cost: off")
    chat.delete(menu)
    await parlour.ears.hear()

    assert (await press.answer()).text == "Saved"
    assert await parlour.chosen(chat) == Preferences(shows_cost=True)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("/temperature", "🌡 Temperature: auto"),
        ("/temperature 0,7", "🌡 Temperature: 0.7"),
        ("/temperature off", "🌡 Temperature: auto"),
        ("/TEMPERATURE 2", "🌡 Temperature: 2.0"),
        ("/max_tokens", "📏 Longest answer: auto"),
        ("/max_tokens 1", "📏 Longest answer: 1 token"),
        ("/max_tokens 128 000", "📏 Longest answer: 128,000 tokens"),
    ],
)
async def test_a_number_is_shown_as_it_was_written(
    parlour: Parlour, chat: Chat, ann: Person, command: str, told: str
) -> None:
    await parlour.ears.hear()

    assert (await parlour.told(chat, ann, command)).text.splitlines()[0] == told


async def test_a_number_out_of_range_is_refused_with_the_range(
    parlour: Parlour, chat: Chat, ann: Person
) -> None:
    await parlour.ears.hear()

    hot = await parlour.told(chat, ann, "/temperature 2.1")
    long = await parlour.told(chat, ann, "/max_tokens 0")

    assert hot.text.startswith("The temperature has to be a number from 0.0 to 2.0;")
    assert long.text.startswith("The length of answers has to be a number from 1 to 128000;")
    assert await parlour.chosen(chat) == Preferences()


@pytest.mark.parametrize("preference", Preference)
def test_the_longest_slug_that_is_offered_fits_into_a_button(preference: Preference) -> None:
    press = ChoicePress(preference=preference, value="x" * 40)

    assert ChoicePress.unpack(press.pack()) == press
