"""Which model answers in a chat."""

from tests.e2e.seeing import all_is_done, answer, labels, press
from tests.e2e.talking import (
    TRANSLATOR,
    button,
    changed,
    has_button,
    in_every_language,
    label,
    model_of,
    newcomer,
    press_old,
    requests,
    say,
    texts,
    told,
)
from tests.stage import Stage

LIST = "/api/v2/models"
DEFAULT, DEFAULT_NAME = "gpt-5", "GPT-5"


@in_every_language
async def test_a_model_is_chosen_in_place_from_a_list_with_prices(
    town: Stage, language: str
) -> None:
    t = texts(language)
    chat, other = newcomer(town, language), newcomer(town, language)
    menu = await told(chat, "/model")
    listed, before = menu.text, labels(menu)

    await press(chat, chat.members[0], menu, "Claude Haiku 4.5")
    await changed(chat, menu, since=0)
    await told(chat, f"a haiku in {language}")
    await told(other, f"a tanka in {language}")

    assert "✓ GPT-5" in before
    assert f"Claude Haiku 4.5 – {t('tokens', count=1)} – " in listed
    assert "✓ Claude Haiku 4.5" in labels(menu)
    assert "GPT-5" in labels(menu)
    assert model_of(town, f"a haiku in {language}") == "claude-haiku-4.5"
    assert model_of(town, f"a tanka in {language}") == DEFAULT


@in_every_language
async def test_the_list_is_turned_by_pages(town: Stage, language: str) -> None:
    chat = newcomer(town, language)
    menu = await told(chat, "/model")
    first = labels(menu)

    await press(chat, chat.members[0], menu, "▶")
    await changed(chat, menu, since=0)
    second = labels(menu)
    await press(chat, chat.members[0], menu, "◀")
    await changed(chat, menu, since=1)

    assert "GPT-5.2 Pro" not in first
    assert "GPT-5.2 Pro" in second
    assert labels(menu) == first


@in_every_language
async def test_a_model_is_chosen_by_its_name(town: Stage, language: str) -> None:
    chat = newcomer(town, language)
    chosen = {"gemini-3-pro": "gemini-3-pro", "Claude Opus 4.5": "claude-opus-4.5"}
    for written, slug in chosen.items():
        await told(chat, f"/model {written}")
        await told(chat, f"asked of {slug} in {language}")

        assert model_of(town, f"asked of {slug} in {language}") == slug


@in_every_language
async def test_an_unknown_model_is_refused_and_the_others_are_shown(
    town: Stage, language: str
) -> None:
    chat = newcomer(town, language)

    refused = await told(chat, "/model gpt-2")
    await told(chat, f"still there in {language}?")

    assert "gpt-2" in refused.text
    assert label(refused, "✓") == f"✓ {DEFAULT_NAME}"
    assert model_of(town, f"still there in {language}") == DEFAULT


@in_every_language
async def test_the_default_is_chosen_again(town: Stage, language: str) -> None:
    t = texts(language)
    chat = newcomer(town, language)
    await told(chat, "/model gpt-5-nano")
    menu = await told(chat, "/model")

    await press(chat, chat.members[0], menu, t("button-default", value=DEFAULT_NAME))
    await told(chat, f"as before in {language}")

    assert model_of(town, f"as before in {language}") == DEFAULT


@in_every_language
async def test_pressing_several_times_at_once_chooses_once(town: Stage, language: str) -> None:
    chat = newcomer(town, language)
    menu = await told(chat, "/model")
    old = [button(menu, name) for name in ("Claude Haiku", "Gemini 2.5 Flash")]

    at_once = [chat.press_old(chat.members[0], menu, one) for one in old for _ in range(3)]
    for one in at_once:
        await one.answer()
    await press_old(chat, chat.members[0], menu, old[0])
    await told(chat, f"whoever it is in {language}")

    await chat.wait(lambda _: "✓ Claude Haiku 4.5" in labels(menu))
    assert model_of(town, f"whoever it is in {language}") == "claude-haiku-4.5"


async def test_the_list_is_the_live_one(stage: Stage) -> None:
    stage.elumenta.add_text_model("oracle-1", "Oracle One", 1)
    stage.elumenta.withdraw("grok-4-fast")
    await stage.start_bot(streaming="off")
    for language in ("en", "ru"):
        chat = newcomer(stage, language)

        menu = await told(chat, "/model")
        await press(chat, chat.members[0], menu, "Oracle One")
        await told(chat, f"an oracle in {language}")

        assert not has_button(menu, "Grok")
        assert model_of(stage, f"an oracle in {language}") == "oracle-1"


async def test_the_catalogue_is_shown_where_the_list_cannot_be_had(stage: Stage) -> None:
    stage.elumenta.missing.add(LIST)
    await stage.start_bot(streaming="off")
    for language in ("en", "ru"):
        chat = newcomer(stage, language)

        menu = await told(chat, "/model")
        await press(chat, chat.members[0], menu, "Claude Haiku 4.5")
        await told(chat, f"no list in {language}")

        assert "✓ GPT-5" not in labels(menu)
        assert model_of(stage, f"no list in {language}") == "claude-haiku-4.5"


async def test_a_model_that_vanished_is_said_to_have_and_the_default_answers(
    stage: Stage,
) -> None:
    await stage.start_bot(streaming="off")
    chats = {language: newcomer(stage, language) for language in ("en", "ru")}
    for chat in chats.values():
        await told(chat, "/model grok-4-fast")
    stage.elumenta.withdraw("grok-4-fast")

    for language, chat in chats.items():
        t = TRANSLATOR.for_locale(language)
        first = await told(chat, f"is anybody there in {language}?")
        second = await told(chat, f"and now in {language}?")

        vanished = t("model-vanished", model="Grok 4 Fast", default=DEFAULT_NAME)
        assert first.text.endswith(vanished)
        assert f"is anybody there in {language}?" in first.text
        assert vanished not in second.text
        assert model_of(stage, f"and now in {language}") == DEFAULT
    assert len(stage.elumenta.charges) == 4
    assert len(requests(stage, "and now in")) == 2


async def test_the_menu_tells_of_a_model_that_vanished_while_nobody_asked(stage: Stage) -> None:
    bot = await stage.start_bot(streaming="off")
    chats = [newcomer(stage, language) for language in ("en", "ru")]
    for chat in chats:
        await answer(chat, after=say(chat, "/model grok-4-fast"))
    await all_is_done(stage)
    await bot.kill()
    stage.elumenta.withdraw("grok-4-fast")
    await stage.restart(bot)

    shown = [await told(chat, "/model") for chat in chats]

    for menu in shown:
        assert "Grok 4 Fast" in menu.text.splitlines()[0]
        assert label(menu, "✓") == f"✓ {DEFAULT_NAME}"
