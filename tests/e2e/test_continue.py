"""Answers that were cut by their length, and how they go on."""

from bot.i18n import Localizer
from bot.sandbox.elumenta import Reply
from tests.e2e.seeing import answer, growing, posts, press, said_by_bot
from tests.e2e.talking import (
    AGAIN,
    GO_ON,
    button,
    conversation,
    has_button,
    in_every_language,
    label,
    newcomer,
    press_old,
    requests,
    say,
    told,
    without_buttons,
)
from tests.stage import Stage

CUT, REST = "Once upon a time there was a fox who", " lived happily ever after."


async def test_a_cut_answer_goes_on_and_is_one_answer_in_the_memory(
    town: Stage, language: str, t: Localizer
) -> None:
    chat, words = newcomer(town, language), f"tale of a fox in {language}"
    town.elumenta.script(Reply(text=CUT), contains=words)
    await told(chat, "/max_tokens 20")
    first = await told(chat, words)
    town.elumenta.script(Reply(chunks=(REST,)))

    shown = await press(chat, chat.members[0], first, t("button-continue"))
    rest = await answer(chat, REST.strip(), after=first)
    asked = newest_conversation(town)
    await told(chat, f"the moral in {language}")

    assert shown == t("continue-pressed")
    await without_buttons(chat, first)
    assert not has_button(rest, GO_ON)
    assert [words, CUT] == asked[:2]
    assert len(asked) == 3
    assert conversation(town, f"the moral in {language}") == [
        words,
        CUT + REST,
        f"the moral in {language}",
    ]


def newest_conversation(stage: Stage) -> list[str]:
    """What the model was told last of all, but for the system prompt."""
    seen = stage.elumenta.conversation(posts(stage)[-1])
    return [message["content"] for message in seen if message["role"] != "system"]


@in_every_language
async def test_an_answer_that_ends_by_itself_offers_no_more(town: Stage, language: str) -> None:
    chat, words = newcomer(town, language), f"whole tale in {language}"
    town.elumenta.script(Reply(text=f"{CUT} slept."), contains=words)
    await told(chat, "/max_tokens 20")

    whole = await told(chat, words)

    assert has_button(whole, AGAIN)
    assert not has_button(whole, GO_ON)


async def test_pressing_several_times_at_once_goes_on_once(
    town: Stage, language: str, t: Localizer
) -> None:
    chat, words = newcomer(town, language), f"hasty tale in {language}"
    town.elumenta.script(Reply(text=CUT), contains=words)
    await told(chat, "/max_tokens 20")
    first = await told(chat, words)
    (ann,), go_on, again = chat.members, button(first, GO_ON), button(first, AGAIN)
    charged = len(town.elumenta.charges)
    town.elumenta.script(Reply(text="The hasty end."))

    at_once = [chat.press_old(ann, first, go_on) for _ in range(3)]
    shown = [(await one.answer()).text for one in at_once]
    end = await answer(chat, "The hasty end.", after=first)
    late = [await press_old(chat, ann, first, one) for one in (go_on, again)]

    assert sorted(shown) == sorted([t("continue-pressed"), t("button-old"), t("button-old")])
    assert late == [t("button-old")] * 2
    assert said_by_bot(chat, after=end) == []
    assert len(town.elumenta.charges) == charged + 1


async def test_only_the_author_and_the_groups_admins_go_on(
    town: Stage, language: str, t: Localizer
) -> None:
    owner, ann, bob = (
        town.telegram.person(name, language_code=language) for name in ("Olga", "Ann", "Bob")
    )
    group = town.telegram.group("Listeners", members=[owner, ann, bob])
    words = f"shared tale in {language}"
    town.elumenta.script(Reply(text=CUT), contains=words)
    await group.reply_to(group.send(owner, "/max_tokens 20"))
    first = await group.reply_to(group.send(ann, f"/chat {words}"))

    foreign = await press(group, bob, first, label(first, GO_ON))
    asked_by_then = len(requests(town, words))
    town.elumenta.script(Reply(text="The end that was shared."))
    own = await press(group, ann, first, label(first, GO_ON))

    await answer(group, "The end that was shared.", after=first)
    assert (foreign, own) == (t("button-not-yours"), t("continue-pressed"))
    assert asked_by_then == 1


async def test_a_sigkill_while_it_goes_on_keeps_what_was_said_before(stage: Stage) -> None:
    bot = await stage.start_bot()
    chat, words = newcomer(stage), "an endangered tale"
    stage.elumenta.script(Reply(text=CUT), contains=words)
    await told(chat, "/max_tokens 20")
    first = await answer(chat, CUT, after=say(chat, words))
    stage.elumenta.script(
        Reply(chunks=tuple(f"word{n} " for n in range(300)), gap=0.2, finishes=False)
    )
    await press(chat, chat.members[0], first, label(first, GO_ON))
    await growing(chat, "word3", after=first)
    asked = len(posts(stage))

    await bot.kill()
    await stage.restart(bot)
    await answer(chat, "I was interrupted", after=first)
    asked_after_it = len(posts(stage))
    await told(chat, "how did it begin?")

    assert asked_after_it == asked
    begun = conversation(stage, "how did it begin")
    assert begun[0] == words
    assert begun[1].startswith(CUT)
