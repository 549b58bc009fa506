"""Two people who write and press at the same time never meet each other's things."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Message, Person, Press
from tests.e2e.seeing import labels, said_by_bot
from tests.e2e.talking import (
    AGAIN,
    GO_ON,
    conversation,
    in_every_language,
    label,
    newcomer,
    options_of,
    requests,
    system_prompt,
    texts,
    told,
)
from tests.stage import Stage

LONG_SECONDS = 90
"""A group may hear a message every three seconds only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Couple:
    """Two people in a group that neither of them owns."""

    stage: Stage
    group: Chat
    people: Sequence[Person]
    language: str

    def words(self, person: Person, about: str) -> str:
        """Give words that only this person says, and about this only."""
        return f"{person.first_name} on {about} in {self.language}"

    async def ask(self, about: str) -> dict[Person, Message]:
        """Let both ask at once, and give the answer of each."""
        asked = [self.group.send(one, f"/chat {self.words(one, about)}") for one in self.people]
        replies = [self.group.reply_to(one, timeout=LONG_SECONDS) for one in asked]
        return dict(zip(self.people, await asyncio.gather(*replies), strict=True))

    async def press_all(self, answers: dict[Person, Message], words: str) -> list[str]:
        """Let everybody press a button under both answers at once, and give what each is shown."""
        presses = [
            self.group.press(person, message, label(message, words))
            for message in answers.values()
            for person in self.people
        ]
        return await shown(presses)

    async def hears(self, count: int, *, after: Message) -> None:
        """Wait until the bot has said so much more."""
        await self.group.wait(
            lambda group: len(said_by_bot(group, after=after)) == count, timeout=LONG_SECONDS
        )


def couple_in(town: Stage, language: str) -> Couple:
    owner, *people = (
        town.telegram.person(name, language_code=language) for name in ("Olga", "Ann", "Bob")
    )
    group = town.telegram.group("Couple", members=[owner, *people], supergroup=True)
    return Couple(stage=town, group=group, people=people, language=language)


async def shown(presses: Sequence[Press]) -> list[str]:
    """Give what everybody who pressed is shown."""
    return [(await one.answer(timeout=LONG_SECONDS)).text for one in presses]


@in_every_language
async def test_each_has_their_own_question_answered_anew(town: Stage, language: str) -> None:
    couple, t = couple_in(town, language), texts(language)
    answers = await couple.ask("wishes")
    last = couple.group.messages[-1]

    told_all = await couple.press_all(answers, AGAIN)
    await couple.hears(2, after=last)

    yes, no = t("regenerate-pressed"), t("button-not-yours")
    assert told_all == [yes, no, no, yes]
    for person in answers:
        asked = requests(town, couple.words(person, "wishes"))
        newest = [town.elumenta.conversation(one)[-1]["content"] for one in asked]
        assert len(asked) == 2
        assert all(text.startswith(f"[{person.first_name}]") for text in newest)


@in_every_language
async def test_each_goes_on_with_their_own_answer(town: Stage, language: str) -> None:
    couple, t = couple_in(town, language), texts(language)
    for person in couple.people:
        half = Reply(text=f"The tale for {person.first_name} of a fox who")
        town.elumenta.script(half, contains=couple.words(person, "tales"))
    await couple.group.reply_to(couple.group.send(couple.group.members[0], "/max_tokens 10"))
    answers = await couple.ask("tales")
    last = couple.group.messages[-1]

    told_all = await couple.press_all(answers, GO_ON)
    await couple.hears(2, after=last)

    yes, no = t("continue-pressed"), t("button-not-yours")
    assert told_all == [yes, no, no, yes]


@in_every_language
async def test_each_edits_their_own_question(town: Stage, language: str) -> None:
    couple = couple_in(town, language)
    await couple.ask("weather")
    questions = [one for one in couple.group.messages if one.text.startswith("/chat")]

    for question in questions:
        words = couple.words(question.sender, "storms")
        couple.group.edit(question.sender, question, f"/chat {words}")
    for question in questions:
        is_asked = partial(requests, town, couple.words(question.sender, "storms"))
        await town.elumenta.wait(is_asked, seconds=LONG_SECONDS)

    for question in questions:
        (asked,) = requests(town, couple.words(question.sender, "storms"))
        newest = town.elumenta.conversation(asked)[-1]["content"]
        assert newest.startswith(f"[{question.sender.first_name}]")


@in_every_language
async def test_two_admins_change_the_settings_at_once_and_both_changes_hold(
    town: Stage, language: str
) -> None:
    couple = couple_in(town, language)
    for person in couple.people:
        couple.group.promote(person)

    changes = zip(couple.people, ("/temperature 0.3", "/max_tokens 700"), strict=True)
    for command in [couple.group.send(person, text) for person, text in changes]:
        await couple.group.reply_to(command, timeout=LONG_SECONDS)
    await couple.ask("settings")

    words = couple.words(couple.people[0], "settings")
    assert options_of(town, words) == {"temperature": 0.3, "max_tokens": 700}


@in_every_language
async def test_the_personas_of_two_people_do_not_mix(town: Stage, language: str) -> None:
    chats = [newcomer(town, language, name=name) for name in ("Ann", "Bob")]
    personas = [f"You are the parrot of {chat.title}." for chat in chats]

    changes = zip(chats, personas, strict=True)
    await asyncio.gather(*(told(chat, f"/system {text}") for chat, text in changes))
    await asyncio.gather(*(told(chat, f"{chat.title} speaks {language}") for chat in chats))

    for chat, persona in zip(chats, personas, strict=True):
        words = f"{chat.title} speaks {language}"
        assert system_prompt(town, words).startswith(persona)
        assert conversation(town, words) == [words]


@in_every_language
async def test_presses_in_the_menus_of_two_people_change_only_their_own(
    town: Stage, language: str
) -> None:
    chats = [newcomer(town, language, name=name) for name in ("Ann", "Bob")]
    menus = await asyncio.gather(*(told(chat, "/model") for chat in chats))
    wanted = ("Gemini 2.5 Flash", "Claude Haiku 4.5")

    await shown(
        [
            chat.press(chat.members[0], menu, label(menu, name))
            for chat, menu, name in zip(chats, menus, wanted, strict=True)
        ]
    )

    for chat, menu, name in zip(chats, menus, wanted, strict=True):
        await chat.wait(partial(shows_as_chosen, menu, name))


def shows_as_chosen(menu: Message, name: str, _: Chat) -> bool:
    return f"✓ {name}" in labels(menu)
