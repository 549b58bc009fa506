"""What the account has left, for many who want to know at once."""

from async_lru import alru_cache

from bot.elumenta import Balance, ElumentaClient

KEPT_SECONDS = 30.0


class BalanceService:
    """Asks for the balance once for all who wait for it, and keeps the answer for a while."""

    def __init__(self, client: ElumentaClient, *, seconds: float = KEPT_SECONDS) -> None:
        self._ask = alru_cache(maxsize=1, ttl=seconds)(client.get_balance)

    async def get(self) -> Balance:
        """Give a balance that was true within the last seconds.

        Raises ElumentaError, which is not kept: who comes next asks again.
        """
        return await self._ask()

    async def close(self) -> None:
        """End what is under way, and forget what is known; nothing can be asked any more."""
        await self._ask.cache_close()
        self._ask.cache_clear()
