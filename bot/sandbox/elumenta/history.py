"""Past generations: what a caller may ask of them, and the page that answers."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from bot.sandbox.elumenta.envelope import broken
from bot.sandbox.elumenta.generation import Generation, Status
from bot.sandbox.elumenta.service import Service
from bot.sandbox.elumenta.shapes import history_body


def history_page(service: Service, query: dict[str, str]) -> dict[str, JsonValue]:
    """Find a page of the history, the newest first; a wrong query is refused with 422."""
    try:
        wanted = _Query.model_validate(query)
    except ValidationError as error:
        raise broken(error) from None

    found = [one for one in service.newest_first() if wanted.matches(one)]
    first = (wanted.page - 1) * wanted.limit
    return history_body(
        service.shape,
        found[first : first + wanted.limit],
        total=len(found),
        page=wanted.page,
        limit=wanted.limit,
    )


class _Query(BaseModel):
    """The filters of both documented pages."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=())

    page: int = Field(default=1, ge=1)
    limit: int = Field(default=20, ge=1, le=100)
    status: Status | None = None
    category: str | None = None
    type: str | None = None
    model_slug: str | None = None
    model: str | None = None
    favorites_only: Literal["false"] | None = None

    def matches(self, one: Generation) -> bool:
        wanted = (
            (self.status, one.status),
            (self.category or self.type, one.order.model.category),
            (self.model_slug or self.model, one.order.model.slug),
        )
        return all(want is None or want == have for want, have in wanted)
