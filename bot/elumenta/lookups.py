"""What became of orders: looked up by their id, or found in the account's history."""

from collections.abc import Collection
from datetime import datetime
from urllib.parse import quote

from bot.elumenta.catalog import Category, find_model
from bot.elumenta.connection import Connection
from bot.elumenta.errors import BadRequest, NotFound, ProtocolError
from bot.elumenta.generation import Generation, PastGeneration
from bot.elumenta.media import MediaOrder
from bot.elumenta.wire import HistoryPage, read_generation, read_history

PATH = "/generate/"
LEGACY_PATH = "/generate/status/"
HISTORY_PATH = "/user/history"
PAGE_ITEMS = 50
MAX_PAGES = 5


class LookUps:
    """Asks what became of orders, which costs nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._paths = (PATH, LEGACY_PATH)

    async def get(self, generation_id: str, *, repeats: bool) -> Generation:
        """Look at one of two documented paths; the one that works is kept."""
        path, other = self._paths
        try:
            return await self._look_at(path, generation_id, repeats=repeats)
        except NotFound as error:
            missing = error

        try:
            generation = await self._look_at(other, generation_id, repeats=repeats)
        except (BadRequest, NotFound, ProtocolError):
            # It is no path at all, or knows nothing either: the first word holds.
            raise missing from None
        self._paths = (other, path)
        return generation

    async def find(
        self, order: MediaOrder, *, since: datetime, known: Collection[str]
    ) -> Generation | None:
        """Find the oldest generation of this order in the history, one request per page.

        Where too much was made since, it is looked for among what is of the same category.
        """
        # The service may tell whole seconds only.
        since = since.replace(microsecond=0)
        for category in (None, order.category):
            pages = await self._pages_since(since, category=category)
            mine = [
                past
                for page in pages
                for past in page.items
                if past.created_at >= since
                and past.generation.id not in known
                and _is_made_for(order, past)
            ]
            if mine:
                return min(mine, key=lambda past: past.created_at).generation
            # Where nothing at all is shown, perhaps the category is not understood.
            if _reaches(pages[-1], since) and (category is None or pages[0].items):
                return None

        problem = "a history too long to search"
        raise ProtocolError(problem)

    async def _look_at(self, path: str, generation_id: str, *, repeats: bool) -> Generation:
        body = await self._connection.get(path + quote(generation_id, safe=""), repeats=repeats)
        return read_generation(body)

    async def _pages_since(
        self, since: datetime, *, category: Category | None
    ) -> list[HistoryPage]:
        """Get what was made since then, and perhaps more; not all where that is too much."""
        pages: list[HistoryPage] = []
        for number in range(1, MAX_PAGES + 1):
            pages.append(await self._page(number, category=category))
            if _reaches(pages[-1], since):
                break
        return pages

    async def _page(self, number: int, *, category: Category | None) -> HistoryPage:
        """Get a page; raises ProtocolError where going on would not lead to older ones.

        No page of the documentation says that the newest come first.
        """
        query: dict[str, str | int] = {"page": number, "limit": PAGE_ITEMS}
        if category is not None:
            query["category"] = category.value
        body = await self._connection.get(HISTORY_PATH, query=query, repeats=False)
        page = read_history(body, limit=PAGE_ITEMS)
        if page.is_full and page.items[0].created_at < page.items[-1].created_at:
            problem = "a history that begins with the oldest"
            raise ProtocolError(problem)
        return page


def _reaches(page: HistoryPage, since: datetime) -> bool:
    """Say whether the pages after this one hold nothing that was made since then."""
    return not page.is_full or min(past.created_at for past in page.items) < since


def _is_made_for(order: MediaOrder, past: PastGeneration) -> bool:
    model, prompt = past.generation.model, past.prompt
    return (
        model is not None
        and prompt is not None
        and _slug(model, order.category) == _slug(order.model, order.category)
        and prompt.split() == order.prompt.split()
    )


def _slug(name: str, category: Category) -> str:
    """The name of today for a model that may be called by one of its others."""
    model = find_model(name, category)
    return name.lower() if model is None else model.slug
