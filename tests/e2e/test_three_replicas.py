"""The whole of it: three bots, a crowd, one bot killed and one restarted."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.sandbox.elumenta import Making, Reply
from bot.sandbox.telegram import Chat, FloodLimits, Message, TelegramServer
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.telegram.keyboards import RetryPress
from tests.e2e.house import say, visitor
from tests.e2e.seeing import RETRY, asked_prompts, labels, results, said_by_bot
from tests.e2e.team import Team, open_team
from tests.postgresql import Cluster
from tests.stage import Stage

CHATS, MESSAGES = 100, 10
FILMERS = 20
"""Every fifth person also orders a video, in the middle of the conversation."""
MOST_UNDER_WAY = CHATS // 3
"""One answer in each chat that a bot has when it is killed."""
CHEAP = "--model luma-ray2-flash"
LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 900
"""Far longer than it takes: a busy machine may need long, and so does the search for an order."""
GENEROUS = FloodLimits(overall_burst=300, overall_refill_seconds=1 / 300)


@dataclass(slots=True, kw_only=True, eq=False)
class Talk:
    """One person's questions, and what was pressed to have answers that were cut off."""

    chat: Chat
    name: str
    retried: dict[tuple[int, int], int] = field(default_factory=dict)
    """The notices that were pressed, as they were then, and the turns that they are about."""

    def question(self, number: int) -> str:
        return f"{self.name} asks no. {number}."

    def answer(self, number: int) -> str:
        return f"{self.name} hears no. {number}."

    @property
    def film(self) -> str:
        return f"a film for {self.name}"

    @property
    def has_all(self) -> bool:
        texts = {message.text for message in said_by_bot(self.chat)}
        return texts >= {self.answer(number) for number in range(MESSAGES)}

    async def go_on_to_the_end(self) -> None:
        """Have what was cut off asked again, until there are all answers."""
        while not self.has_all:
            # A hundred who look at every change of the chats would keep the machine busy.
            await asyncio.sleep(LOOK_SECONDS)
            for notice in self._cut:
                self.retried[notice.id, notice.edited] = turn_of(notice)
                self.chat.press(self.chat.members[0], notice, RETRY)

    @property
    def _cut(self) -> list[Message]:
        return [
            message
            for message in said_by_bot(self.chat)
            if labels(message) == [RETRY] and (message.id, message.edited) not in self.retried
        ]


def turn_of(notice: Message) -> int:
    """Tell which turn a notice is about: not all of them reply to a question."""
    [[button]] = notice.buttons
    return RetryPress.unpack(button.callback_data or "").turn_id


def bring(team: Team, number: int) -> Talk:
    """Bring a person whose questions have answers of their own."""
    name = f"P{number:03}"
    talk = Talk(chat=visitor(team.stage, name), name=name)
    for n in range(MESSAGES):
        team.stage.elumenta.script(
            Reply(chunks=(talk.answer(n),), first_delay=0.1), contains=talk.question(n), times=2
        )
    team.stage.elumenta.script(Making(takes=1, eta_seconds=2), contains=talk.film)
    return talk


async def converse(team: Team, talks: list[Talk]) -> None:
    """Let everybody write, the next message as soon as the bot has all of the last ones."""
    for number in range(MESSAGES):
        for talk in talks:
            say(talk.chat, talk.question(number))
        if number == MESSAGES // 2:
            for talk in talks[:FILMERS]:
                say(talk.chat, f"/video {CHEAP} {talk.film}")
        await team.stage.until(
            lambda: team.stage.telegram.waiting_updates == 0, within=PATIENCE_SECONDS
        )


async def meet_misfortune(team: Team) -> None:
    """Kill one bot and restart another while they work."""
    stage, (killed, restarted, _) = team.stage, team.bots
    for end, asked in (
        (killed.kill, CHATS),
        (partial(restarted.terminate, within=PATIENCE_SECONDS), 5 * CHATS),
    ):
        await stage.until(partial(has_asked, stage, asked), within=PATIENCE_SECONDS)
        await end()
    await stage.restart(restarted)


def has_asked(stage: Stage, count: int) -> bool:
    return len(stage.elumenta.newest_first()) >= count


async def test_a_crowd_is_answered_once_and_in_order_whatever_becomes_of_a_bot(
    tmp_path: Path, postgresql: Cluster
) -> None:
    telegram = TelegramServer(limits=GENEROUS)
    async with open_team(tmp_path, postgresql, size=3, telegram=telegram) as team:
        talks = [bring(team, number) for number in range(CHATS)]

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(converse(team, talks))
            tasks.create_task(meet_misfortune(team))
            for talk in talks:
                tasks.create_task(asyncio.wait_for(talk.go_on_to_the_end(), PATIENCE_SECONDS))
        for talk in talks[:FILMERS]:
            await talk.chat.wait(about_a_film, timeout=PATIENCE_SECONDS)

        asked = asked_prompts(team.stage)
        for talk in talks[:FILMERS]:
            # As an answer, it may be shown twice by a bot that was cut off, but is paid once.
            ends = {end.kind for end in about_a_film(talk.chat)}
            assert asked[talk.film] == (1 if "video" in ends else 0)
        assert sum(bool(results(talk.chat)) for talk in talks[:FILMERS]) >= FILMERS // 2
        retried = await questions_retried(team, talks)
        assert sum(check(talk, asked, retried) for talk in talks) <= MOST_UNDER_WAY
        assert telegram.waiting_updates == 0


def about_a_film(chat: Chat) -> list[Message]:
    """List what the bot has made, and what it says of an order that never arrived."""
    return results(chat) + [one for one in said_by_bot(chat) if "no trace" in one.text]


async def questions_retried(team: Team, talks: list[Talk]) -> Counter[str]:
    """Count how often each question was to be asked again."""
    turn_ids = Counter(turn_id for talk in talks for turn_id in talk.retried.values())
    questions = Counter[str]()
    async with Database(team.settings["database_url"]) as database:
        history = HistoryStore(database)
        for turn_id, times in turn_ids.items():
            turn = await history.get(turn_id)
            assert turn is not None
            questions[turn.question.prompt] = times
    return questions


def check(talk: Talk, asked: Counter[str], retried: Counter[str]) -> int:
    """See that each question was asked once and answered in order, but for those asked again.

    Gives how many answers were shown twice: a bot that is killed between sending a message and
    noting that it did cannot know.
    """
    cut = [retried[talk.question(number)] for number in range(MESSAGES)]
    for number in range(MESSAGES):
        assert asked[talk.question(number)] <= 1 + cut[number]

    texts = [one.text for one in said_by_bot(talk.chat) if " hears no. " in one.text]
    seen = list(dict.fromkeys(texts))
    in_time = [talk.answer(number) for number in range(MESSAGES) if not cut[number]]
    assert [text for text in seen if text in in_time] == in_time, talk.chat.transcript()
    assert len(seen) == MESSAGES
    return len(texts) - len(seen)
