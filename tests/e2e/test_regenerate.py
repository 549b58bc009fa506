"""The same question once more, for another answer."""

from bot.sandbox.elumenta import Reply
from tests.e2e.seeing import REGENERATE, RETRY, answer, growing, labels, press, said_by_bot
from tests.e2e.talking import (
    AGAIN,
    button,
    conversation,
    has_button,
    in_every_language,
    label,
    newcomer,
    press_old,
    requests,
    say,
    texts,
    told,
    without_buttons,
)
from tests.stage import Stage

FAILURE = Reply(status=500, error="provider_error")


@in_every_language
async def test_another_answer_takes_the_place_of_the_first_in_the_memory(
    town: Stage, language: str
) -> None:
    t = texts(language)
    chat, words = newcomer(town, language), f"limerick in {language}"
    for text in ("The first limerick.", "The second limerick."):
        town.elumenta.script(Reply(text=text), contains=words)
    first = await told(chat, words)

    shown = await press(chat, chat.members[0], first, t("button-regenerate"))
    second = await answer(chat, "The second limerick.", after=first)
    await told(chat, f"and now explain it in {language}")

    assert shown == t("regenerate-pressed")
    await without_buttons(chat, first)
    assert label(second, AGAIN)
    assert len(requests(town, words)) == 2
    assert conversation(town, f"explain it in {language}") == [
        words,
        "The second limerick.",
        f"and now explain it in {language}",
    ]


@in_every_language
async def test_pressing_several_times_at_once_asks_once(town: Stage, language: str) -> None:
    t = texts(language)
    chat, words = newcomer(town, language), f"hasty haiku in {language}"
    first = await told(chat, words)
    (ann,), old = chat.members, button(first, AGAIN)

    at_once = [chat.press_old(ann, first, old) for _ in range(3)]
    shown = [(await one.answer()).text for one in at_once]
    second = await answer(chat, words, after=first)
    late = await press_old(chat, ann, first, old)

    assert sorted(shown) == sorted([t("regenerate-pressed"), t("button-old"), t("button-old")])
    assert late == t("button-old")
    assert said_by_bot(chat, after=second) == []
    assert len(requests(town, words)) == 2


@in_every_language
async def test_the_button_of_an_older_answer_goes_away_or_says_that_it_is_old(
    town: Stage, language: str
) -> None:
    t = texts(language)
    chat, words = newcomer(town, language), f"older sonnet in {language}"
    first = await told(chat, words)
    old = button(first, AGAIN)
    second = await told(chat, f"newer ballad in {language}")

    shown = await press_old(chat, chat.members[0], first, old)

    assert shown == t("button-old")
    await without_buttons(chat, first)
    assert has_button(second, AGAIN)
    assert len(requests(town, words)) == 1


@in_every_language
async def test_only_the_author_and_the_groups_admins_have_a_question_answered_anew(
    town: Stage, language: str
) -> None:
    t = texts(language)
    owner, ann, bob = (
        town.telegram.person(name, language_code=language) for name in ("Olga", "Ann", "Bob")
    )
    group = town.telegram.group("Critics", members=[owner, ann, bob])
    words = f"disputed epic in {language}"
    first = await group.reply_to(group.send(ann, f"/chat {words}"))

    foreign = await press(group, bob, first, label(first, AGAIN))
    is_asked_once = len(requests(town, words)) == 1
    admitted = await press(group, owner, first, label(first, AGAIN))

    await answer(group, words, after=first)
    assert (foreign, admitted) == (t("button-not-yours"), t("regenerate-pressed"))
    assert is_asked_once
    assert len(requests(town, words)) == 2


@in_every_language
async def test_a_failed_attempt_leaves_the_first_answer_in_the_memory(
    town: Stage, language: str
) -> None:
    chat, words = newcomer(town, language), f"fragile ode in {language}"
    town.elumenta.script(Reply(text="The ode that stays."), contains=words)
    town.elumenta.script(FAILURE, contains=words)
    first = await told(chat, words)

    await press(chat, chat.members[0], first, label(first, AGAIN))
    await answer(chat, after=first)
    await told(chat, f"recall it in {language}")

    assert conversation(town, f"recall it in {language}")[:2] == [words, "The ode that stays."]


async def test_an_attempt_cut_by_a_sigkill_is_asked_again_only_on_demand(stage: Stage) -> None:
    bot = await stage.start_bot()
    chat, words = newcomer(stage), "an unlucky fable"
    slow = Reply(chunks=tuple(f"word{n} " for n in range(300)), gap=0.2, finishes=False)
    for reply in (Reply(text="The first fable."), slow, Reply(text="The third fable.")):
        stage.elumenta.script(reply, contains=words)
    first = await answer(chat, "The first fable.", after=say(chat, words))
    await press(chat, chat.members[0], first, label(first, AGAIN))
    await growing(chat, "word3", after=first)

    await bot.kill()
    await stage.restart(bot)
    notice = await answer(chat, "I was interrupted", after=first)
    asked_until_then = len(requests(stage, words))
    await press(chat, chat.members[0], notice, RETRY)
    await answer(chat, "The third fable.", after=first)
    await told(chat, "what was it about?")

    assert asked_until_then == 2
    assert len(requests(stage, words)) == 3
    assert conversation(stage, "what was it about")[:2] == [words, "The third fable."]
    assert labels(first) == []


async def test_a_press_is_not_put_off_by_what_else_the_bot_has_to_say(stage: Stage) -> None:
    await stage.start_bot(streaming="off")
    ann = stage.telegram.person("Ann")
    group = stage.telegram.group("Talkers", members=[ann])
    first = await group.reply_to(group.send(ann, "/chat busy talk"))
    for _ in range(20):
        group.send(ann, "/help")
    await stage.until(lambda: len(stage.telegram.calls) > 15)

    await press(group, ann, first, REGENERATE)

    await stage.elumenta.wait(lambda: len(requests(stage, "busy talk")) == 2)
