"""The documented paths."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from bot.sandbox.elumenta.envelope import broken
from bot.sandbox.elumenta.gate import SEEN
from bot.sandbox.elumenta.history import history_page
from bot.sandbox.elumenta.jobs import Jobs
from bot.sandbox.elumenta.media_order import MediaOrder
from bot.sandbox.elumenta.media_performance import perform_media
from bot.sandbox.elumenta.mishaps import play_mishap
from bot.sandbox.elumenta.order import read_order, read_price
from bot.sandbox.elumenta.performance import perform
from bot.sandbox.elumenta.refusals import Refusal
from bot.sandbox.elumenta.service import Service
from bot.sandbox.elumenta.shapes import balance_body, generation_body, models_body

ROOT = "/api/v2"


class Routes:
    """Answers requests that passed the gate."""

    def __init__(self, service: Service, jobs: Jobs) -> None:
        self._service = service
        self._jobs = jobs

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
            web.post(f"{ROOT}/models/{{slug}}/calculate-price", self.price),
            web.get(f"{ROOT}/user/history", self.history),
        ]

    async def generate(self, request: web.Request) -> web.StreamResponse:
        """Generate something; a text is streamed when the path or the body says so."""
        service, streams = self._service, request.path.endswith("/stream")
        order = read_order(_json(request), find_model=service.find_model, stream=streams)
        if isinstance(order, MediaOrder):
            return await perform_media(service, self._jobs, order, request)
        return await perform(service, order, request)

    async def generation(self, request: web.Request) -> web.Response:
        service = self._service
        found = service.find(request.match_info["id"])
        reply = service.poll_scripts.take(found.order.prompt)
        if (mishap := await play_mishap(service, reply, request)) is not None:
            return mishap
        return web.json_response(generation_body(service.shape, found, balance=service.balance))

    async def balance(self, request: web.Request) -> web.Response:
        service = self._service
        reply = service.balance_scripts.take()
        if (mishap := await play_mishap(service, reply, request)) is not None:
            return mishap
        body = balance_body(service.balance, plan=service.plan, ends_at=service.plan_expires_at)
        return web.json_response(body)

    async def models(self, request: web.Request) -> web.Response:
        service = self._service
        reply = service.list_scripts.take()
        if (mishap := await play_mishap(service, reply, request)) is not None:
            return mishap
        listed = [model.as_json() for model in service.offered_models()]
        return web.json_response(models_body(service.shape, listed))

    async def model(self, request: web.Request) -> web.Response:
        return web.json_response(self._service.find_model(request.match_info["slug"]).as_json())

    async def price(self, request: web.Request) -> web.Response:
        """Say what an order would cost, and between what bounds such orders do."""
        model = self._service.find_model(request.match_info["slug"])
        try:
            question = _PriceQuestion.model_validate(_json(request))
        except ValidationError as error:
            raise broken(error) from None
        tokens = read_price(model, question.params)

        reply = self._service.price_scripts.take()
        if (mishap := await play_mishap(self._service, reply, request)) is not None:
            return mishap
        return web.json_response(
            {
                "token_cost": tokens * question.count,
                "min_token_cost": model.min_tokens,
                "max_token_cost": model.max_tokens,
                "pricing_type": model.pricing.value,
            }
        )

    async def history(self, request: web.Request) -> web.Response:
        """List past generations, the newest first."""
        reply = self._service.history_scripts.take()
        if (mishap := await play_mishap(self._service, reply, request)) is not None:
            return mishap
        return web.json_response(history_page(self._service, dict(request.query)))


class _PriceQuestion(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    params: dict[str, JsonValue]
    count: int = Field(default=1, ge=1)


def _json(request: web.Request) -> JsonValue:
    if request.content_type != "application/json":
        raise Refusal(400, "Content-Type must be application/json")
    body = request[SEEN].body
    if body is None:
        raise Refusal(400, "The body is not valid JSON")
    return body
