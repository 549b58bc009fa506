import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest

from bot.elumenta import Balance, ElumentaClient, Patience, Unauthorized
from bot.services.balance import BalanceService

ONCE = Patience(attempts=1)


@dataclass(kw_only=True)
class Account:
    """Tells the balance when it may, one token less each time."""

    tokens: int = 283
    status: int = 200
    requests: int = 0
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, _: httpx.Request) -> httpx.Response:
        self.requests += 1
        self.tokens -= 1
        self.is_asked.set()
        await self.may_answer.wait()
        return httpx.Response(self.status, json={"token_balance": self.tokens, "plan": "vip"})


@pytest.fixture
def account() -> Account:
    account = Account()
    account.may_answer.set()
    return account


@pytest.fixture
async def client(account: Account) -> AsyncIterator[ElumentaClient]:
    transport = httpx.MockTransport(account)
    async with ElumentaClient(
        "nb_nobody", base_url="https://api.example", patience=ONCE, transport=transport
    ) as client:
        yield client


@pytest.fixture
async def balances(client: ElumentaClient) -> AsyncIterator[BalanceService]:
    balances = BalanceService(client)
    yield balances
    await balances.close()


async def test_many_who_ask_at_once_share_a_request(
    account: Account, balances: BalanceService
) -> None:
    account.may_answer.clear()

    async with asyncio.TaskGroup() as tasks:
        callers = [tasks.create_task(balances.get()) for _ in range(50)]
        await account.is_asked.wait()
        account.may_answer.set()

    assert {caller.result() for caller in callers} == {
        Balance(tokens=282, plan="vip", expires_at=None)
    }
    assert account.requests == 1


async def test_an_answer_is_kept_for_who_asks_later(
    account: Account, balances: BalanceService
) -> None:
    first = await balances.get()

    assert await balances.get() == first
    assert account.requests == 1


async def test_an_answer_is_not_kept_for_ever(account: Account, client: ElumentaClient) -> None:
    balances = BalanceService(client, seconds=0.001)

    async with asyncio.timeout(20):
        while (await balances.get()).tokens == 282:  # noqa: ASYNC110 - nothing tells that it is old
            await asyncio.sleep(0.001)
    await balances.close()

    assert account.requests == 2


async def test_a_failure_reaches_all_who_wait_and_is_not_kept(
    account: Account, balances: BalanceService
) -> None:
    account.status = 401
    failures = await asyncio.gather(balances.get(), balances.get(), return_exceptions=True)
    requests = account.requests

    account.status = 200
    balance = await balances.get()

    assert [type(failure) for failure in failures] == [Unauthorized, Unauthorized]
    assert (requests, balance.tokens) == (1, 281)


async def test_who_gives_up_takes_nothing_from_others(
    account: Account, balances: BalanceService
) -> None:
    account.may_answer.clear()

    async with asyncio.TaskGroup() as tasks:
        impatient, patient = (tasks.create_task(balances.get()) for _ in range(2))
        await account.is_asked.wait()
        impatient.cancel()
        await asyncio.wait({impatient})
        account.may_answer.set()

    assert impatient.cancelled()
    assert patient.result().tokens == 282


async def test_who_comes_after_all_others_gave_up_is_answered(
    account: Account, balances: BalanceService
) -> None:
    account.may_answer.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await balances.get()

    account.may_answer.set()

    assert (await balances.get()).plan == "vip"


def test_the_program_can_end_in_the_middle_of_a_request() -> None:
    account = Account()

    async def ask_and_end() -> None:
        transport = httpx.MockTransport(account)
        async with ElumentaClient(
            "nb_nobody", base_url="https://api.example", patience=ONCE, transport=transport
        ) as client:
            balances = BalanceService(client)
            async with asyncio.TaskGroup() as tasks:
                caller = tasks.create_task(balances.get())
                await account.is_asked.wait()
                await balances.close()
            left = asyncio.all_tasks() - {asyncio.current_task()}

        assert caller.cancelled()
        assert left == set()

    asyncio.run(ask_and_end())
