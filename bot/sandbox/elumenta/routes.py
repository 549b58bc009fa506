"""The documented paths."""

from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.sandbox.elumenta.catalogue import CATALOGUE, find_model
from bot.sandbox.elumenta.gate import SEEN
from bot.sandbox.elumenta.generation import Generation, Status
from bot.sandbox.elumenta.order import read_order
from bot.sandbox.elumenta.performance import perform
from bot.sandbox.elumenta.refusals import Refusal, invalid
from bot.sandbox.elumenta.service import Service
from bot.sandbox.elumenta.shapes import generation_body, history_body, models_body

ROOT = "/api/v2"


class Routes:
    """Answers requests that passed the gate."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def table(self) -> list[web.RouteDef]:
        """List every path with its handler."""
        return [
            web.post(f"{ROOT}/generate", self.generate),
            web.post(f"{ROOT}/generate/stream", self.generate),
            web.get(f"{ROOT}/generate/{{id}}", self.generation),
            web.get(f"{ROOT}/generate/status/{{id}}", self.generation),
            web.get(f"{ROOT}/balance", self.balance),
            web.get(f"{ROOT}/models", self.models),
            web.get(f"{ROOT}/models/{{slug}}", self.model),
            web.get(f"{ROOT}/user/history", self.history),
        ]

    async def generate(self, request: web.Request) -> web.StreamResponse:
        """Generate a text; streamed when the path or the body says so."""
        if request.content_type != "application/json":
            raise Refusal(400, "Content-Type must be application/json")
        body = request[SEEN].body
        if body is None:
            raise Refusal(400, "The body is not valid JSON")

        order = read_order(body, stream=request.path.endswith("/stream"))
        return await perform(self._service, order, request)

    async def generation(self, request: web.Request) -> web.Response:
        found = self._service.find(request.match_info["id"])
        told = generation_body(self._service.shape, found, balance=self._service.balance)
        return web.json_response(told)

    async def balance(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "token_balance": self._service.balance,
                "plan": self._service.plan,
                "plan_expires_at": "2030-01-01T00:00:00Z",
            }
        )

    async def models(self, _: web.Request) -> web.Response:
        listed = [model.as_json() for model in CATALOGUE.values()]
        return web.json_response(models_body(self._service.shape, listed))

    async def model(self, request: web.Request) -> web.Response:
        return web.json_response(find_model(request.match_info["slug"]).as_json())

    async def history(self, request: web.Request) -> web.Response:
        """List past generations, the newest first."""
        try:
            query = _HistoryQuery.model_validate(dict(request.query))
        except ValidationError as error:
            problems = {str(one["loc"][0]): one["msg"] for one in error.errors()}
            raise invalid(problems) from None

        found = [one for one in self._service.newest_first() if query.matches(one)]
        first = (query.page - 1) * query.limit
        return web.json_response(
            history_body(
                self._service.shape,
                found[first : first + query.limit],
                total=len(found),
                page=query.page,
                limit=query.limit,
            )
        )


class _HistoryQuery(BaseModel):
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
