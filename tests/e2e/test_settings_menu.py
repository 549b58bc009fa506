"""Everything that a chat can decide, in one message."""

import pytest

from bot.i18n import Localizer
from bot.sandbox.elumenta import Making, Reply
from bot.sandbox.telegram import Button, Chat, Message
from tests.e2e.seeing import (
    PATIENCE_SECONDS,
    all_is_done,
    answer,
    bodies,
    growing,
    labels,
    press,
    result,
)
from tests.e2e.talking import (
    changed,
    in_every_language,
    label,
    newcomer,
    press_old,
    say,
    texts,
    told,
)
from tests.stage import Stage

QUICK = Making(takes=0.2, eta_seconds=1)
MODEL, PERSONA, PICTURES, SIZE = "🤖", "🎭", "🎨", "📐"
VIDEOS, SECONDS, ASPECT = "🎬", "⏱", "🖼"
LANGUAGE, STREAMING, RICH, COST = "🌐", "✍️", "📊", "🪙"
EVERYTHING = (
    MODEL,
    PERSONA,
    "🌡",
    "📏",
    PICTURES,
    SIZE,
    VIDEOS,
    SECONDS,
    ASPECT,
    LANGUAGE,
    STREAMING,
    RICH,
    COST,
)


async def pressed(chat: Chat, menu: Message, words: str) -> None:
    """Press a button of the menu, and wait until the menu has changed."""
    before = menu.edited
    await press(chat, chat.members[0], menu, label(menu, words))
    await changed(chat, menu, since=before)


async def choose(chat: Chat, menu: Message, page: str, value: str) -> None:
    """Open a page of the menu, choose a value on it, and come back to where all is shown."""
    await pressed(chat, menu, page)
    await pressed(chat, menu, value)
    await chat.wait(lambda _: f"✓ {value}" in labels(menu))
    await pressed(chat, menu, "«")


@in_every_language
async def test_one_message_shows_everything_and_changes_in_place(
    town: Stage, language: str
) -> None:
    t = texts(language)
    chat = newcomer(town, language)
    menu = await told(chat, "/settings")
    overview, buttons = menu.text, labels(menu)

    for icon in (MODEL, PERSONA, SIZE, LANGUAGE):
        await pressed(chat, menu, icon)
        assert menu.text != overview
        await pressed(chat, menu, t("button-back"))
        assert (menu.text, labels(menu)) == (overview, buttons)
    await press(chat, chat.members[0], menu, t("button-close"))

    await chat.wait(lambda _: labels(menu) == [])
    assert all(icon in overview for icon in EVERYTHING)
    assert len(chat.messages) == 2


@in_every_language
async def test_the_model_and_the_size_of_pictures_are_those_that_were_chosen(
    town: Stage, language: str
) -> None:
    chat, words = newcomer(town, language), f"a chosen cat in {language}"
    town.elumenta.script(QUICK, contains=words)
    menu = await told(chat, "/settings")

    await choose(chat, menu, PICTURES, "DALL-E 3")
    await choose(chat, menu, SIZE, "1024x1792")
    await result(chat, after=say(chat, f"/image {words}"))

    (body,) = bodies(town, words)
    assert isinstance(body, dict)
    assert body["model"] == "dall-e-3"
    assert isinstance(body["params"], dict)
    assert body["params"]["size"] == "1024x1792"
    assert "DALL-E 3" in menu.text
    assert "1024x1792" in menu.text


@in_every_language
async def test_the_model_the_length_and_the_ratio_of_videos_are_those_that_were_chosen(
    town: Stage, language: str
) -> None:
    t = texts(language)
    chat, words = newcomer(town, language), f"a chosen comet in {language}"
    town.elumenta.script(QUICK, contains=words)
    menu = await told(chat, "/settings")

    await choose(chat, menu, VIDEOS, "Luma Ray 2 Flash")
    await choose(chat, menu, SECONDS, t("time-seconds", seconds=10))
    await choose(chat, menu, ASPECT, "9:16")
    await ordered(town, chat, f"/video {words}", t)

    (body,) = bodies(town, words)
    assert isinstance(body, dict)
    assert body["model"] == "luma-ray2-flash"
    assert body["params"] == {"duration": 10, "aspect_ratio": "9:16"}


async def ordered(town: Stage, chat: Chat, order: str, t: Localizer) -> None:
    """Order something, and agree to the price if there is a question about it."""
    command = say(chat, order)

    def offer(chat: Chat) -> Message | None:
        found = [one for one in chat.messages if t("button-agree") in labels(one)]
        return next(iter(found), None)

    words = order.split(maxsplit=1)[1]
    await chat.wait(lambda chat: offer(chat) or town.elumenta.orders(words))
    if (message := offer(chat)) is not None:
        await press(chat, chat.members[0], message, t("button-agree"))
    await result(chat, "video", after=command)


@in_every_language
async def test_what_a_person_writes_wins_over_what_the_chat_chose(
    town: Stage, language: str
) -> None:
    chat, words = newcomer(town, language), f"a written cat in {language}"
    town.elumenta.script(QUICK, contains=words)
    menu = await told(chat, "/settings")
    await choose(chat, menu, PICTURES, "DALL-E 3")
    await choose(chat, menu, SIZE, "1024x1792")

    await result(chat, after=say(chat, f"/image --size 1792x1024 {words}"))

    (body,) = bodies(town, words)
    assert isinstance(body, dict)
    assert isinstance(body["params"], dict)
    assert body["params"]["size"] == "1792x1024"


@in_every_language
async def test_the_footer_tells_the_cost_as_long_as_it_is_on(town: Stage, language: str) -> None:
    t = texts(language)
    chat = newcomer(town, language)
    footer = t("answer-cost", model="GPT-5", tokens=2)
    menu = await told(chat, "/settings")

    await pressed(chat, menu, COST)
    first = await told(chat, f"with a footer in {language}")
    await pressed(chat, menu, COST)
    second = await told(chat, f"without a footer in {language}")

    assert first.text.endswith(footer)
    assert footer not in second.text


async def test_streaming_is_switched_on_and_off_for_one_chat(
    city: Stage, language: str, t: Localizer
) -> None:
    chat, words = newcomer(city, language), f"in one piece in {language}"
    slowly = Reply(chunks=("Slowly ", "and ", "surely."), gap=0.6)
    city.elumenta.script(slowly, contains=words, times=2)
    streamed = await growing(chat, "Slowly", after=say(chat, f"not {words}"))
    await answer(chat, "Slowly and surely.")
    menu = await told(chat, "/settings")

    await choose(chat, menu, STREAMING, t("settings-streaming", mode="off"))
    whole = await answer(chat, "Slowly and surely.", after=say(chat, words))

    assert streamed.edited > 0
    versions = [seen.text for seen in chat.history if seen.message_id == whole.id]
    assert set(versions) == {"Slowly and surely."}


@in_every_language
async def test_a_default_is_chosen_again(town: Stage, language: str) -> None:
    t = texts(language)
    chat = newcomer(town, language)
    menu = await told(chat, "/settings")
    overview = menu.text
    await choose(chat, menu, PICTURES, "DALL-E 3")
    changed_overview = menu.text

    await pressed(chat, menu, PICTURES)
    await pressed(chat, menu, t("button-default", value="Flux 1.1 Pro"))
    await pressed(chat, menu, t("button-back"))

    assert changed_overview != overview
    assert menu.text == overview


async def test_choices_outlive_the_program(stage: Stage) -> None:
    bot = await stage.start_bot(streaming="off")
    chat = newcomer(stage)
    menu = await told(chat, "/settings")
    await choose(chat, menu, PICTURES, "DALL-E 3")
    await pressed(chat, menu, COST)
    overview = menu.text
    await all_is_done(stage)

    await bot.kill()
    await stage.restart(bot)

    assert (await told(chat, "/settings")).text == overview


@pytest.mark.parametrize(
    "data",
    [
        "pick|chat_model|gpt-2",
        "pick|chat_model|" + "x" * 40,
        "pick|image_size|1x1",
        "pick|temperature|nan",
        "pick|temperature|9",
        "pick|max_tokens|-5",
        "pick|streaming|loudly",
        "pick|language|tlh",
        "pick|shows_cost|maybe",
        "pick|nothing|1",
        "set:nothing:",
        "set:chat_model:100000",
        "again_:0",
        "go_on:-1",
        "erase:1",
    ],
)
async def test_a_forged_press_is_answered_and_changes_nothing(town: Stage, data: str) -> None:
    chats = [newcomer(town, language) for language in ("en", "ru")]
    menus = [await told(chat, "/settings") for chat in chats]
    before = [(menu.text, labels(menu)) for menu in menus]
    forged = Button(text="forged", callback_data=data)

    shown = [
        await press_old(chat, chat.members[0], menu, forged)
        for chat, menu in zip(chats, menus, strict=True)
    ]

    assert all(shown)
    assert [(menu.text, labels(menu)) for menu in menus] == before
    again = [await told(chat, "/settings") for chat in chats]
    assert [menu.text for menu in again] == [text for text, _ in before]


@in_every_language
async def test_an_old_menu_still_shows_what_holds(town: Stage, language: str) -> None:
    chat = newcomer(town, language)
    first = await told(chat, "/settings")
    second = await told(chat, "/settings")
    await choose(chat, second, PICTURES, "DALL-E 3")

    await pressed(chat, first, VIDEOS)
    await pressed(chat, first, "«")

    await chat.wait(lambda _: first.text == second.text, timeout=PATIENCE_SECONDS)
