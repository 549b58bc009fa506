"""What an answer costs, however it ends."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Unpack

import httpx
import pytest

from bot.elumenta import Patience
from bot.errors import (
    AccessDenied,
    AnswerBroken,
    AnswerEmpty,
    AnswerUncertain,
    BotError,
    DailyLimitReached,
    LimitReached,
    LimitUntil,
    ModelMissing,
    OutOfTokens,
    OwnerMustAct,
    RequestRefused,
    ServiceFailed,
    ServiceUnreachable,
)
from bot.model import ExpenseKind, ExpenseOutcome, Question, Turn, TurnState
from bot.services.answer import Answer
from bot.services.asking import Asking
from bot.services.chat import ChatService
from bot.services.gate import MOST_REFUSALS
from bot.services.owning import Owning
from bot.services.turns import TurnQueue
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from tests.choosing import create_choosing
from tests.elumenta.service import (
    COMPLETED,
    FAILED,
    WHOLE_STREAM,
    ScriptedService,
    client_of,
    json_of,
    stream_of,
)
from tests.owning import Limits, create_owning, nobody_waits
from tests.storage.charges import ANN, BOB, GROUP, a_question, begun, entries
from tests.storage.orders import Clock
from tests.storage.questions import FIRST_MOMENT, added

RESERVED, SPENT = 2, 3
"""What an answer of this model may cost, and what the service says that it did."""
ONCE = Patience(attempts=1, poll_after_seconds=(0,))
FREE_OF_CHARGE = (ExpenseOutcome.FREE, 0)
UNCLEAR = (ExpenseOutcome.UNCLEAR, RESERVED)
NUMBERS = count(1)

Asked = asyncio.Task[tuple[Answer | None, Turn]]


def event(kind: str, **fields: object) -> bytes:
    return f"data: {json.dumps({'type': kind, **fields})}\n\n".encode()


BEGIN = event("generation_start", id=18473)
WORDS = event("content_delta", delta="words")
END = event("generation_end", tokens_spent=SPENT)
ERROR = event("error", message="Provider error")
DONE = b"data: [DONE]\n\n"
LIMITED = json_of({"error": "rate_limit_exceeded", "retry_after": 600}, status=429)
WHOLE = stream_of(WHOLE_STREAM)


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A conversation with a service, and the ledger of it."""

    chats: ChatService
    history: HistoryStore
    queue: TurnQueue
    owning: Owning
    database: Database
    clock: Clock
    is_heard: asyncio.Event = field(default_factory=asyncio.Event)
    """Words have come."""
    waits_until: list[str] = field(default_factory=list)
    spent_on: list[Question] = field(default_factory=list)

    async def ask(
        self,
        question: Question | None = None,
        *,
        on_wait: Callable[[], Awaitable[object]] | None = None,
    ) -> tuple[Answer | None, Turn]:
        """Ask something new; *on_wait* does something while the question waits."""

        async def hear(until: str) -> None:
            self.waits_until.append(until)
            if on_wait is not None:
                await on_wait()

        question = replace(question or a_question(ANN, ANN), message_id=next(NUMBERS))
        with self.chats.join(question) as ticket:
            turn = await self.chats.open(question)
            assert turn is not None
            await ticket.wait_for_turn()
            answer = await self.chats.reply(
                turn, ticket, lambda _: self.is_heard.set(), on_wait=hear
            )
        found = await self.history.get(turn.id)
        assert found is not None
        return answer, found

    async def let_time_pass(self) -> None:
        """Let the gate open, and notice it, as it does when anybody comes along."""
        self.clock.tick(timedelta(minutes=10))
        async with self.owning.gate.place(BOB, on_wait=nobody_waits):
            pass

    async def entries(self) -> list[tuple[ExpenseOutcome, int]]:
        return await entries(self.database)


async def wait_in_silence(until: str) -> None:
    del until


@asynccontextmanager
async def talking(
    service: httpx.AsyncBaseTransport,
    database: Database,
    clock: Clock,
    **limits: Unpack[Limits],
) -> AsyncIterator[Talk]:
    async with client_of(service, patience=ONCE) as client:
        owning = create_owning(
            database, client, longest_wait=timedelta(hours=2), now=clock, **limits
        )
        history, queue, spent_on = HistoryStore(database, now=clock), TurnQueue(), list[Question]()
        asking = Asking(
            client,
            history,
            owning.gate,
            owning.spending,
            create_choosing(database, client),
            default_model="gpt-5",
            system_prompt="",
            history_chars=1000,
        )
        chats = ChatService(history, queue, asking, on_spent=spent_on.append, longest_prompt=1000)
        yield Talk(
            chats=chats,
            history=history,
            queue=queue,
            owning=owning,
            database=database,
            clock=clock,
            spent_on=spent_on,
        )
        await owning.balance.close()


@pytest.mark.parametrize(
    ("answers", "state", "expense"),
    [
        ([WHOLE], TurnState.ANSWERED, (ExpenseOutcome.SPENT, SPENT)),
        ([json_of(COMPLETED)], TurnState.ANSWERED, (ExpenseOutcome.SPENT, SPENT)),
        ([stream_of(WORDS + DONE)], TurnState.ANSWERED, (ExpenseOutcome.SPENT, RESERVED)),
        ([stream_of(BEGIN + END)], TurnState.FAILED, (ExpenseOutcome.SPENT, SPENT)),
        ([stream_of(BEGIN + DONE)], TurnState.FAILED, UNCLEAR),
        (
            [stream_of(BEGIN + WORDS), json_of(COMPLETED)],
            TurnState.ANSWERED,
            (ExpenseOutcome.SPENT, SPENT),
        ),
        ([stream_of(WORDS)], TurnState.BROKEN, (ExpenseOutcome.SPENT, RESERVED)),
        (
            [stream_of(BEGIN + WORDS), json_of({}, status=404)],
            TurnState.BROKEN,
            (ExpenseOutcome.SPENT, RESERVED),
        ),
        ([stream_of(BEGIN + WORDS), json_of(FAILED)], TurnState.BROKEN, FREE_OF_CHARGE),
        ([stream_of(BEGIN), json_of(FAILED)], TurnState.FAILED, FREE_OF_CHARGE),
        ([stream_of(BEGIN), json_of({}, status=500)], TurnState.FAILED, UNCLEAR),
        ([stream_of(b"")], TurnState.FAILED, UNCLEAR),
        ([stream_of(BEGIN + ERROR)], TurnState.FAILED, FREE_OF_CHARGE),
        ([stream_of(BEGIN + WORDS + ERROR)], TurnState.BROKEN, FREE_OF_CHARGE),
        ([json_of(FAILED)], TurnState.FAILED, FREE_OF_CHARGE),
    ],
    ids=[
        "whole",
        "whole at once",
        "whole, but its price is not told",
        "paid for, but without words",
        "without words and price",
        "broken, and found whole",
        "broken, and nobody knows its id",
        "broken, and not to be found",
        "broken, and found to have failed",
        "broken before its first words, and found to have failed",
        "broken before its first words, and nobody knows",
        "no stream at all",
        "failed before its first words",
        "failed after its first words",
        "failed at once",
    ],
)
async def test_an_answer_costs_what_the_service_says_or_what_it_may(
    database: Database,
    clock: Clock,
    answers: list[httpx.Response],
    state: TurnState,
    expense: tuple[ExpenseOutcome, int],
) -> None:
    async with talking(ScriptedService(*answers), database, clock) as talk:
        _, turn = await talk.ask()

        assert turn.state is state
        assert await talk.entries() == [expense]
        assert [question.person_id for question in talk.spent_on] == [ANN]


@pytest.mark.parametrize(
    ("answer", "error", "expense"),
    [
        (httpx.Response(400), RequestRefused, FREE_OF_CHARGE),
        (httpx.Response(401), OwnerMustAct, FREE_OF_CHARGE),
        (httpx.Response(402), OutOfTokens, FREE_OF_CHARGE),
        (httpx.Response(403), OwnerMustAct, FREE_OF_CHARGE),
        (httpx.Response(404), ModelMissing, FREE_OF_CHARGE),
        (httpx.Response(422), RequestRefused, FREE_OF_CHARGE),
        (json_of({"error": "provider_error"}, status=500), ServiceFailed, FREE_OF_CHARGE),
        (httpx.Response(500), AnswerUncertain, UNCLEAR),
        (httpx.Response(502), AnswerUncertain, UNCLEAR),
        (httpx.Response(503), ServiceFailed, FREE_OF_CHARGE),
        (httpx.Response(504), AnswerUncertain, UNCLEAR),
        (httpx.Response(200, html="<html>Welcome"), AnswerUncertain, UNCLEAR),
        (httpx.ConnectError("nobody listens"), ServiceUnreachable, FREE_OF_CHARGE),
        (httpx.ConnectTimeout("nobody listens"), ServiceUnreachable, FREE_OF_CHARGE),
        (httpx.ReadTimeout("nothing came"), AnswerUncertain, UNCLEAR),
        (httpx.ReadError("the line is dead"), AnswerUncertain, UNCLEAR),
    ],
)
async def test_a_refusal_is_free_and_what_nobody_knows_is_not(
    database: Database,
    clock: Clock,
    answer: httpx.Response | httpx.TransportError,
    error: type[BotError],
    expense: tuple[ExpenseOutcome, int],
) -> None:
    async with talking(ScriptedService(answer), database, clock) as talk:
        given, turn = await talk.ask()

        assert given is not None
        assert type(given.error) is error
        assert turn.state is TurnState.FAILED
        assert await talk.entries() == [expense]


@pytest.mark.parametrize(
    ("pieces", "error"), [([BEGIN, END], AnswerEmpty), ([WORDS], AnswerBroken)]
)
async def test_what_is_not_whole_is_said_to_be_so_though_it_is_paid_for(
    database: Database, clock: Clock, pieces: list[bytes], error: type[BotError]
) -> None:
    service = ScriptedService(stream_of(b"".join(pieces)))

    async with talking(service, database, clock) as talk:
        answer, _ = await talk.ask()

    assert answer is not None
    assert type(answer.error) is error


class EndlessService(httpx.AsyncBaseTransport):
    """Begins an answer and never ends it."""

    def __init__(self, *pieces: bytes) -> None:
        self.is_asked = asyncio.Event()
        self._pieces = pieces

    async def handle_async_request(self, _: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, headers={"content-type": "text/event-stream"}, content=self._speak()
        )

    async def _speak(self) -> AsyncIterator[bytes]:
        self.is_asked.set()
        for piece in self._pieces:
            yield piece
        await asyncio.Event().wait()


def stop(talk: Talk) -> None:
    talk.queue.stop(a_question(ANN, ANN).key, person_id=ANN)


def shut_down(talk: Talk) -> None:
    talk.queue.stop_all()


@pytest.mark.parametrize(
    ("end", "state"), [(stop, TurnState.STOPPED), (shut_down, TurnState.INTERRUPTED)]
)
async def test_an_answer_that_is_ended_before_its_first_words_may_be_charged(
    database: Database, clock: Clock, end: Callable[[Talk], None], state: TurnState
) -> None:
    service = EndlessService(BEGIN)
    async with talking(service, database, clock) as talk, asyncio.TaskGroup() as tasks:
        asking = tasks.create_task(talk.ask())
        await service.is_asked.wait()

        end(talk)
        _, turn = await asking

        assert turn.state is state
        assert await talk.entries() == [UNCLEAR]


@pytest.mark.parametrize(
    ("end", "state"), [(stop, TurnState.STOPPED), (shut_down, TurnState.INTERRUPTED)]
)
async def test_an_answer_that_is_ended_after_its_first_words_is_paid_for(
    database: Database, clock: Clock, end: Callable[[Talk], None], state: TurnState
) -> None:
    async with (
        talking(EndlessService(BEGIN, WORDS), database, clock) as talk,
        asyncio.TaskGroup() as tasks,
    ):
        asking = tasks.create_task(talk.ask())
        await talk.is_heard.wait()

        end(talk)
        _, turn = await asking

        assert turn.state is state
        assert await talk.entries() == [(ExpenseOutcome.SPENT, RESERVED)]


async def test_a_mistake_of_ours_ends_what_was_asked_for_good(
    database: Database, clock: Clock
) -> None:
    def fail(piece: str) -> None:
        raise ZeroDivisionError(piece)

    async with talking(ScriptedService(stream_of(WORDS + DONE)), database, clock) as talk:
        turn = await added(talk.history, a_question(ANN, ANN))
        with talk.chats.rejoin(turn) as ticket, pytest.raises(ZeroDivisionError):
            await talk.chats.reply(turn, ticket, fail, on_wait=nobody_waits)

        found = await talk.history.get(turn.id)
        assert found is not None
        assert found.state is TurnState.FAILED
        assert await talk.entries() == [UNCLEAR]
        assert await talk.chats.recover([ANN]) == []
        assert talk.spent_on == [turn.question]


async def test_a_mistake_of_ours_ends_what_was_not_asked_yet_for_good(
    database: Database, clock: Clock
) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    async with talking(ScriptedService(LIMITED), database, clock) as talk:
        with pytest.raises(ZeroDivisionError):
            await talk.ask(on_wait=fail)

        assert await talk.chats.recover([ANN]) == []
        assert (await talk.entries(), talk.spent_on) == ([], [])


async def test_an_answer_that_a_dead_program_left_may_be_charged(
    database: Database, clock: Clock
) -> None:
    service = EndlessService(BEGIN)
    async with talking(service, database, clock) as talk:
        async with asyncio.TaskGroup() as tasks:
            asking = tasks.create_task(talk.ask())
            await service.is_asked.wait()
            reserved = await talk.entries()
            asking.cancel()

        (turn,) = await talk.chats.recover([ANN])

        assert reserved == [(ExpenseOutcome.OPEN, RESERVED)]
        assert turn.state is TurnState.INTERRUPTED
        assert await talk.entries() == [UNCLEAR]


async def test_a_limit_refuses_before_anything_is_sent(database: Database, clock: Clock) -> None:
    service = ScriptedService(WHOLE)
    async with talking(service, database, clock, user_daily=RESERVED - 1) as talk:
        answer, turn = await talk.ask()

        assert answer is not None
        assert type(answer.error) is DailyLimitReached
        assert turn.state is TurnState.FAILED
        assert (service.requests, await talk.entries(), talk.spent_on) == ([], [], [])


async def test_a_limit_that_is_used_up_refuses_before_anybody_waits(
    database: Database, clock: Clock
) -> None:
    async with talking(ScriptedService(WHOLE), database, clock, daily=1) as talk:
        talk.owning.gate.close(600)

        async def wait_for_nothing() -> None:
            stop(talk)

        answer, _ = await talk.ask(on_wait=wait_for_nothing)

        assert answer is not None
        assert type(answer.error) is DailyLimitReached
        assert talk.waits_until == []


async def test_a_limit_holds_for_many_questions_at_once(database: Database, clock: Clock) -> None:
    service = ScriptedService(stream_of(WORDS + DONE))
    async with talking(service, database, clock, user_daily=3 * RESERVED + 1) as talk:
        asked = await asyncio.gather(
            *(talk.ask(a_question(ANN, GROUP - number)) for number in range(20))
        )

        states = [turn.state for _, turn in asked]
        assert states.count(TurnState.ANSWERED) == len(service.requests) == 3
        assert await talk.entries() == [(ExpenseOutcome.SPENT, RESERVED)] * 3


async def test_what_failed_for_free_makes_room_for_the_next_question(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(httpx.Response(503), WHOLE)
    async with talking(service, database, clock, user_daily=RESERVED) as talk:
        await talk.ask()

        _, turn = await talk.ask()

        assert turn.state is TurnState.ANSWERED


async def test_a_question_that_the_service_puts_off_is_asked_again_and_charged_once(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(LIMITED, WHOLE)
    reserved = []
    async with talking(service, database, clock) as talk:

        async def look_and_wait() -> None:
            reserved.append(await talk.entries())
            await talk.let_time_pass()

        _, turn = await talk.ask(on_wait=look_and_wait)

        assert turn.state is TurnState.ANSWERED
        assert len(service.requests) == 2
        assert talk.waits_until == ["09:10 UTC"]
        assert reserved == [[]]
        assert await talk.entries() == [(ExpenseOutcome.SPENT, SPENT)]


async def test_the_first_words_open_the_gate_for_all_again(
    database: Database, clock: Clock
) -> None:
    async with (
        talking(EndlessService(WORDS), database, clock) as talk,
        asyncio.TaskGroup() as tasks,
    ):
        gate = talk.owning.gate
        gate.close(600)
        clock.tick(timedelta(minutes=10))
        asking = tasks.create_task(talk.ask())
        await talk.is_heard.wait()

        async with gate.place(ANN, on_wait=nobody_waits), gate.place(BOB, on_wait=nobody_waits):
            stop(talk)
        _, turn = await asking

        assert turn.state is TurnState.STOPPED


async def test_a_question_is_put_off_a_few_times_only(database: Database, clock: Clock) -> None:
    service = ScriptedService(LIMITED)
    async with talking(service, database, clock) as talk:
        answer, turn = await talk.ask(on_wait=talk.let_time_pass)

        assert answer is not None
        assert type(answer.error) is LimitReached
        assert turn.state is TurnState.FAILED
        assert len(service.requests) == MOST_REFUSALS + 1
        assert await talk.entries() == [FREE_OF_CHARGE]


async def test_nobody_asks_for_who_may_not_any_more_when_the_wait_is_over(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(LIMITED, WHOLE)
    async with talking(service, database, clock) as talk:

        async def deny_and_wait() -> None:
            await talk.owning.access.deny(ANN)
            await talk.let_time_pass()

        answer, turn = await talk.ask(on_wait=deny_and_wait)

        assert answer is not None
        assert type(answer.error) is AccessDenied
        assert turn.state is TurnState.FAILED
        assert len(service.requests) == 1
        assert await talk.entries() == []


async def test_what_is_spent_while_a_question_waits_counts_when_its_turn_comes(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(LIMITED, WHOLE)
    async with talking(service, database, clock, chat_daily=2 * RESERVED - 1) as talk:

        async def let_another_ask() -> None:
            other = a_question(BOB, GROUP)
            charge = talk.owning.spending.charge_for(
                other, ExpenseKind.ANSWER, model="gpt-5", tokens=RESERVED
            )
            await begun(talk.history, charge, other)
            await talk.let_time_pass()

        answer, _ = await talk.ask(a_question(ANN, GROUP), on_wait=let_another_ask)

        assert answer is not None
        assert type(answer.error) is DailyLimitReached
        assert answer.error.arguments["scope"] == "chat"
        assert len(service.requests) == 1
        assert await talk.entries() == [(ExpenseOutcome.OPEN, RESERVED)]


@pytest.mark.parametrize("is_put_off", [False, True])
async def test_a_question_that_is_taken_back_while_it_waits_costs_nothing(
    database: Database,
    clock: Clock,
    is_put_off: bool,  # noqa: FBT001 - pytest names it
) -> None:
    service = ScriptedService(LIMITED)
    async with talking(service, database, clock) as talk:
        if not is_put_off:
            talk.owning.gate.close(600)

        async def take_back() -> None:
            stop(talk)

        answer, turn = await talk.ask(on_wait=take_back)

        assert answer is None
        assert turn.state is TurnState.DROPPED
        assert len(service.requests) == is_put_off
        assert (await talk.entries(), talk.spent_on) == ([], [])


@pytest.mark.parametrize("is_put_off", [False, True])
async def test_a_question_that_waits_when_the_program_ends_stays_open_and_costs_nothing(
    database: Database,
    clock: Clock,
    is_put_off: bool,  # noqa: FBT001 - pytest names it
) -> None:
    async with talking(ScriptedService(LIMITED), database, clock) as talk:
        if not is_put_off:
            talk.owning.gate.close(600)

        async def end() -> None:
            shut_down(talk)

        answer, turn = await talk.ask(on_wait=end)
        (recovered,) = await talk.chats.recover([ANN])

        assert answer is None
        assert turn.state is TurnState.WAITING
        assert recovered.state is TurnState.WAITING
        assert (await talk.entries(), talk.spent_on) == ([], [])


async def test_nobody_waits_for_hours(database: Database, clock: Clock) -> None:
    service = ScriptedService(WHOLE)
    async with talking(service, database, clock) as talk:
        talk.owning.gate.close(3 * 3600)

        answer, turn = await talk.ask()

        assert answer is not None
        assert type(answer.error) is LimitUntil
        assert turn.state is TurnState.FAILED
        assert (service.requests, talk.waits_until, await talk.entries()) == ([], [], [])


async def test_a_question_that_is_asked_again_after_a_failure_is_charged_anew(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(httpx.Response(502), WHOLE)
    async with talking(service, database, clock) as talk:
        _, failed = await talk.ask()
        turn = await talk.chats.retry(failed.id, person_id=ANN)
        assert turn is not None

        with talk.chats.rejoin(turn) as ticket:
            await talk.chats.reply(turn, ticket, lambda _: None, on_wait=nobody_waits)

        assert await talk.entries() == [UNCLEAR, (ExpenseOutcome.SPENT, SPENT)]


def told(answer: httpx.Response, *, left: int, hour: int = 10) -> httpx.Response:
    """Let an answer tell how many requests are left of the hour that ends at *hour*."""
    ends_at = FIRST_MOMENT.replace(hour=hour)
    headers = {
        "X-RateLimit-Limit-Hour": "100",
        "X-RateLimit-Remaining-Hour": f"{left}",
        "X-RateLimit-Reset-Hour": f"{ends_at.timestamp():.0f}",
    }
    return httpx.Response(
        answer.status_code, headers={**answer.headers, **headers}, content=answer.content
    )


async def make_busy(talk: Talk) -> None:
    """Let Ann use up her share of an hour of which others have something left."""
    await talk.ask(a_question(BOB, BOB))
    for _ in range(20):
        async with talk.owning.gate.place(ANN, on_wait=nobody_waits):
            pass


async def begin_new_hour(talk: Talk) -> None:
    """Let the hour end, and whoever waits go."""
    talk.clock.tick(timedelta(hours=1, minutes=1))
    await come_by(talk)


async def come_by(talk: Talk) -> None:
    """Make the gate see what time it is."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0), talk.owning.gate.place(BOB, on_wait=wait_in_silence):
            pass


async def waiting_of(talk: Talk, tasks: asyncio.TaskGroup, question: Question) -> Asked:
    """Ask something, and come back when it waits for the rate limit."""
    is_waiting = asyncio.Event()

    async def note() -> None:
        is_waiting.set()

    asked = tasks.create_task(talk.ask(question, on_wait=note))
    await is_waiting.wait()
    return asked


async def test_the_waiting_questions_of_a_busy_one_hold_nobody_up_in_their_group(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(told(WHOLE, left=30))
    async with (
        talking(service, database, clock) as talk,
        asyncio.timeout(20),
        asyncio.TaskGroup() as tasks,
    ):
        await make_busy(talk)
        first = await waiting_of(talk, tasks, a_question(ANN, GROUP))
        second = tasks.create_task(talk.ask(a_question(ANN, GROUP)))
        await asyncio.sleep(0)

        others = [await talk.ask(a_question(BOB, GROUP)) for _ in range(2)]
        is_anything_of_hers_done = first.done() or second.done()
        shut_down(talk)

    assert [turn.state for _, turn in others] == [TurnState.ANSWERED] * 2
    assert not is_anything_of_hers_done
    assert [(await one)[1].state for one in (first, second)] == [TurnState.WAITING] * 2


async def test_what_a_busy_one_asked_is_answered_in_order_when_the_hour_is_over(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(told(WHOLE, left=30), told(WHOLE, left=90, hour=11))
    async with talking(service, database, clock) as talk, asyncio.TaskGroup() as tasks:
        await make_busy(talk)
        prompts = ["first", "second", "third"]
        questions = [replace(a_question(ANN, GROUP), prompt=prompt) for prompt in prompts]
        asked = [await waiting_of(talk, tasks, questions[0])]
        asked += [tasks.create_task(talk.ask(question)) for question in questions[1:]]
        await asyncio.sleep(0)

        await begin_new_hour(talk)
        states = [(await one)[1].state for one in asked]

    assert states == [TurnState.ANSWERED] * 3
    asked_for = [json.loads(request.content)["prompt"] for request in service.requests]
    assert asked_for[1:] == prompts


class HeldService(ScriptedService):
    """Goes on with its second answer when it is told to, and sees how many are under way."""

    def __init__(self, *answers: httpx.Response) -> None:
        super().__init__(*answers)
        self.may_go_on = asyncio.Event()
        self.is_held = asyncio.Event()
        self.under_way = 0
        self.most = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        whole = await super().handle_async_request(request)
        is_second = len(self.requests) == 2
        content = self._speak(whole.content, is_held=is_second)
        return httpx.Response(200, headers=whole.headers, content=content)

    async def _speak(self, content: bytes, *, is_held: bool) -> AsyncIterator[bytes]:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        words, start_of_end, end = content.rpartition(b'data: {"type": "generation_end"')
        yield words
        if is_held:
            self.is_held.set()
            await self.may_go_on.wait()
        self.under_way -= 1
        yield start_of_end + end


async def test_no_two_answers_of_a_conversation_run_at_once_whoever_waited(
    database: Database, clock: Clock
) -> None:
    service = HeldService(told(WHOLE, left=30), told(WHOLE, left=90, hour=11))
    async with (
        talking(service, database, clock) as talk,
        asyncio.timeout(20),
        asyncio.TaskGroup() as tasks,
    ):
        await make_busy(talk)
        waiting = await waiting_of(talk, tasks, a_question(ANN, GROUP))
        other = tasks.create_task(talk.ask(a_question(BOB, GROUP)))
        await service.is_held.wait()

        await begin_new_hour(talk)
        for _ in range(20):
            await talk.entries()  # long enough for a question that does not wait
        service.may_go_on.set()
        asked = [await one for one in (other, waiting)]

    assert [turn.state for _, turn in asked] == [TurnState.ANSWERED] * 2
    assert service.most == 1


@pytest.mark.parametrize(
    ("end", "state"), [(stop, TurnState.DROPPED), (shut_down, TurnState.WAITING)]
)
async def test_a_question_that_let_others_go_first_can_be_ended(
    database: Database, clock: Clock, end: Callable[[Talk], None], state: TurnState
) -> None:
    service = ScriptedService(told(WHOLE, left=30))
    async with talking(service, database, clock) as talk, asyncio.TaskGroup() as tasks:
        await make_busy(talk)
        waiting = await waiting_of(talk, tasks, a_question(ANN, ANN))

        end(talk)
        answer, turn = await waiting

    assert answer is None
    assert turn.state is state
    assert len(service.requests) == 1


async def test_a_question_whose_turn_has_not_come_when_it_may_be_asked_can_be_stopped(
    database: Database, clock: Clock
) -> None:
    service = EndlessService(WORDS)
    async with talking(service, database, clock) as talk, asyncio.TaskGroup() as tasks:
        group = a_question(ANN, GROUP).key
        talk.owning.gate.close(600)
        waiting = await waiting_of(talk, tasks, a_question(ANN, GROUP))
        with talk.queue.join(group, person_id=BOB):
            clock.tick(timedelta(minutes=10))
            await come_by(talk)

            talk.queue.stop(group, person_id=ANN)
            answer, turn = await waiting

    assert answer is None
    assert turn.state is TurnState.DROPPED
    assert not service.is_asked.is_set()
