"""Another answer to a question, the rest of one, and a model that is gone."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

import httpx
import pytest

from bot.model import ConversationKey, Preference, PreferenceValue, Turn, TurnState
from bot.services.answer import Answer, looks_cut
from bot.services.asking import Asking
from bot.services.briefing import CARRY_ON
from bot.services.chat import ChatService
from bot.services.choosing import Choosing
from bot.services.directory import ModelDirectory
from bot.services.preferences import PreferenceService
from bot.services.turns import TurnQueue
from bot.storage.engine import Database
from bot.storage.erasing import ErasureStore
from bot.storage.history import HistoryStore
from bot.storage.preferences import PreferenceStore
from tests.choosing import DEFAULTS
from tests.elumenta.service import ScriptedService, client_of, json_of
from tests.owning import create_owning, nobody_waits
from tests.storage.charges import ANN, BOB, a_question

GONE = json_of({"error": "not_found", "message": "no such model"}, status=404)
FAILED = json_of({"id": 1, "status": "failed", "error": "no luck"})
MESSAGE_IDS = count(1)


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A conversation with a service that says what it is told to say."""

    service: ScriptedService
    chats: ChatService
    choosing: Choosing

    async def ask(self, prompt: str, *, by: int = ANN) -> Turn:
        """Ask something new, and give how it ended."""
        question = replace(a_question(by, ANN), message_id=next(MESSAGE_IDS), prompt=prompt)
        turn = await self.chats.open(question)
        assert turn is not None
        await self.answer(turn)
        return await self.found(turn)

    async def ask_of(self, model: str) -> tuple[Turn, Answer | None]:
        """Have the chat choose a model, and ask it something."""
        await self.choosing.preferences.change(ANN, Preference.CHAT_MODEL, model)
        question = replace(a_question(ANN, ANN), message_id=next(MESSAGE_IDS))
        turn = await self.chats.open(question)
        assert turn is not None
        return turn, await self.answer(turn)

    async def answer(self, turn: Turn) -> Answer | None:
        with self.chats.rejoin(turn) as ticket:
            await ticket.wait_for_turn()
            return await self.chats.reply(turn, ticket, lambda _: None, on_wait=nobody_waits)

    async def found(self, turn: Turn) -> Turn:
        found = await self.chats.find(turn.id)
        assert found is not None
        return found

    def last_request(self) -> dict[str, object]:
        return dict(json.loads(self.service.requests[-1].content))

    def told(self) -> list[str]:
        """What the model was told last, but for how to be."""
        request = self.last_request()
        params = request["params"]
        assert isinstance(params, dict)
        earlier = [message["content"] for message in params.get("messages", [])]
        return [*earlier, str(request["prompt"])]

    async def remembered(self) -> list[tuple[str, str]]:
        turns = await self.chats.transcript(ConversationKey(chat_id=ANN))
        return [(turn.question.prompt, turn.answer) for turn in turns]


class Crash(Exception):
    """What may go wrong in a database."""


class BrokenStore(PreferenceStore):
    """Lets go of no choice."""

    async def clear_if(self, chat_id: int, preference: Preference, value: PreferenceValue) -> bool:
        raise Crash(chat_id, preference, value)


class StoppingHistory(HistoryStore):
    """Has somebody press the stop button while a question is put back."""

    def __init__(self, database: Database, queue: TurnQueue) -> None:
        super().__init__(database)
        self._queue = queue

    async def put_back(self, turn_id: int) -> bool:
        self._queue.stop_person(ANN)
        return await super().put_back(turn_id)


@asynccontextmanager
async def talking(
    service: ScriptedService,
    database: Database,
    *,
    preferences: type[PreferenceStore] = PreferenceStore,
    is_stopped: bool = False,
) -> AsyncIterator[Talk]:
    async with client_of(service) as client:
        owning, queue = create_owning(database, client), TurnQueue()
        choosing = Choosing(
            preferences=PreferenceService(preferences(database), defaults=DEFAULTS),
            directory=ModelDirectory(client),
        )
        history = StoppingHistory(database, queue) if is_stopped else HistoryStore(database)
        asking = Asking(
            client,
            history,
            owning.gate,
            owning.spending,
            choosing,
            default_model="gpt-5",
            system_prompt="Be kind.",
            history_chars=1000,
        )
        chats = ChatService(history, queue, asking, on_spent=lambda _: None, longest_prompt=1000)
        yield Talk(service=service, chats=chats, choosing=choosing)
        await choosing.directory.close()
        await owning.balance.close()


def said(text: str) -> httpx.Response:
    return json_of({"id": 1, "status": "completed", "result_text": text, "tokens_spent": 2})


async def test_another_answer_takes_the_place_of_the_first(database: Database) -> None:
    async with talking(ScriptedService(said("one"), said("two"), said("three")), database) as talk:
        first = await talk.ask("a number")

        again = await talk.chats.again(first.id, person_id=ANN)
        assert again is not None
        await talk.answer(again)

        assert talk.told() == ["a number"]
        assert await talk.remembered() == [("a number", "two")]
        await talk.ask("and then")
        assert talk.told() == ["a number", "two", "and then"]


async def test_only_the_first_of_two_presses_asks_again(database: Database) -> None:
    async with talking(ScriptedService(said("one")), database) as talk:
        first = await talk.ask("a number")

        presses = [await talk.chats.again(first.id, person_id=ANN) for _ in range(2)]
        other = await talk.chats.carry_on(first.id, person_id=ANN)

        assert [press is None for press in presses] == [False, True]
        assert other is None


async def test_another_answer_that_fails_leaves_the_first_in_memory(database: Database) -> None:
    async with talking(ScriptedService(said("one"), FAILED, said("three")), database) as talk:
        first = await talk.ask("a number")

        again = await talk.chats.again(first.id, person_id=ANN)
        assert again is not None
        await talk.answer(again)

        assert (await talk.found(again)).state is TurnState.FAILED
        assert await talk.remembered() == [("a number", "one")]


async def test_nobody_else_and_nothing_old_is_asked_again(database: Database) -> None:
    async with talking(ScriptedService(said("one")), database) as talk:
        old = await talk.ask("a number")
        await talk.ask("and then")

        assert await talk.chats.again(old.id, person_id=ANN) is None
        newest = await talk.chats.newest(ConversationKey(chat_id=ANN), person_id=ANN)
        assert newest is not None
        assert await talk.chats.again(newest.id, person_id=BOB) is None
        assert await talk.chats.again(10_000, person_id=ANN) is None


async def test_the_rest_of_an_answer_is_joined_to_it(database: Database) -> None:
    async with talking(
        ScriptedService(said("one, "), said("two, "), said("three")), database
    ) as talk:
        turn = await talk.ask("count")

        for _ in range(2):
            rest = await talk.chats.carry_on(turn.id, person_id=ANN)
            assert rest is not None
            await talk.answer(rest)
            turn = await talk.found(rest)

        assert talk.told() == ["count", "one, two, ", CARRY_ON]
        assert (turn.earlier_answer, turn.own_answer) == ("one, two, ", "three")
        assert await talk.remembered() == [("count", "one, two, three")]


async def test_the_owners_model_answers_in_place_of_one_that_is_gone(database: Database) -> None:
    async with talking(ScriptedService(GONE, GONE, said("here I am")), database) as talk:
        _, answer = await talk.ask_of("gone-1")

        assert answer is not None
        assert (answer.text, answer.vanished, answer.model) == ("here I am", "gone-1", "gpt-5")
        assert (await talk.choosing.preferences.of(ANN)).chat_model is None
        assert talk.last_request()["model"] == "gpt-5"


@pytest.mark.parametrize("answers", [[GONE], [GONE, GONE, said("")]], ids=["none", "empty"])
async def test_a_choice_outlives_a_service_that_answers_nothing_at_all(
    database: Database, answers: list[httpx.Response]
) -> None:
    async with talking(ScriptedService(*answers), database) as talk:
        _, answer = await talk.ask_of("gpt-5.2")

        assert answer is not None
        assert (answer.state, answer.vanished) == (TurnState.FAILED, None)
        assert (await talk.choosing.preferences.of(ANN)).chat_model == "gpt-5.2"


async def test_a_choice_outlives_a_question_that_is_taken_back_before_another_model_is_asked(
    database: Database,
) -> None:
    async with talking(ScriptedService(GONE), database, is_stopped=True) as talk:
        turn, answer = await talk.ask_of("gpt-5.2")

        assert answer is None
        assert (await talk.found(turn)).state is TurnState.DROPPED
        assert (await talk.choosing.preferences.of(ANN)).chat_model == "gpt-5.2"


async def test_an_answer_arrives_though_the_choice_cannot_be_let_go(database: Database) -> None:
    service = ScriptedService(GONE, GONE, said("here I am"))
    async with talking(service, database, preferences=BrokenStore) as talk:
        turn, answer = await talk.ask_of("gone-1")

        assert answer is not None
        assert (answer.state, answer.text) == (TurnState.ANSWERED, "here I am")
        assert (await talk.found(turn)).answer == "here I am"


async def test_what_a_chat_chose_is_what_the_model_is_told(database: Database) -> None:
    async with talking(ScriptedService(said("arr")), database) as talk:
        choose = talk.choosing.preferences.change
        await choose(ANN, Preference.CHAT_MODEL, "gpt-5.2")
        await choose(ANN, Preference.SYSTEM_PROMPT, "Be a pirate.")
        await choose(ANN, Preference.TEMPERATURE, 1.5)
        await choose(ANN, Preference.MAX_TOKENS, 50)

        await talk.ask("hello")

        request = talk.last_request()
        assert request["model"] == "gpt-5.2"
        assert request["params"] == {
            "system_prompt": "Be a pirate.",
            "temperature": 1.5,
            "max_tokens": 50,
        }


async def test_what_others_can_read_tells_nothing_of_the_chat(database: Database) -> None:
    async with talking(ScriptedService(said("secret")), database) as talk:
        await talk.choosing.preferences.change(ANN, Preference.SYSTEM_PROMPT, "I live in Rome.")
        await talk.ask("where do I live")
        question = replace(a_question(ANN, ANN), prompt="who am I", inline_message_id="BAAA1")
        turn = await talk.chats.open(question)
        assert turn is not None

        await talk.answer(turn)

        assert talk.told() == ["who am I"]
        assert "Be kind." in str(talk.last_request())
        assert "Rome" not in str(talk.last_request())
        assert await talk.remembered() == [("where do I live", "secret")]


@pytest.mark.parametrize(
    ("text", "max_tokens"),
    [
        ("and so it goes on and", 10),
        ("и так далее до самого", 10),
        ("word " * 1000, None),
        ("word " * 1000, 100_000),
        ("```python\nprint(1)\n", 10),
    ],
)
def test_an_answer_that_ends_in_mid_sentence_seems_cut(text: str, max_tokens: int | None) -> None:
    assert looks_cut(text, max_tokens=max_tokens)


@pytest.mark.parametrize(
    ("text", "max_tokens"),
    [
        ("and so it goes.", 10),
        ("short", 10),
        ("word " * 999 + "end.", None),
        ("word " * 100, None),
        ("```python\nprint(1)\n```", 10),
    ],
)
def test_an_answer_that_has_an_end_or_is_short_seems_whole(
    text: str, max_tokens: int | None
) -> None:
    assert not looks_cut(text, max_tokens=max_tokens)


async def test_a_question_that_was_taken_back_elsewhere_is_not_asked_and_nothing_is_told(
    database: Database,
) -> None:
    async with talking(ScriptedService(said("one")), database) as talk:
        turn = await talk.chats.open(a_question(ANN, ANN))
        assert turn is not None
        await ErasureStore(database).erase(ANN, before_day=date(2026, 11, 21))

        answer = await talk.answer(turn)

        assert answer is None
        assert talk.service.requests == []
