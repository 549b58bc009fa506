"""The two documented shapes of answers, one beside the other."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import JsonValue

from bot.sandbox.elumenta.generation import Generation, Result, Status

Json = dict[str, JsonValue]


class Shape(StrEnum):
    """Which generation of the documentation the answers follow."""

    A = "a"
    """Integer ids, result_text, tokens_spent: quickstart and reference."""
    B = "b"
    """gen_... ids, content, tokens_used, balance_remaining: guides."""


def new_id(shape: Shape, number: int) -> str:
    """Name the generation with this number."""
    return str(number) if shape is Shape.A else f"gen_{number:012x}"


def generation_body(shape: Shape, one: Generation, *, balance: int) -> Json:
    """Tell of a generation, as when it is made and when it is asked for."""
    if shape is Shape.A:
        return _BODIES_A[one.status](one)
    return {
        "id": one.id,
        "status": one.status.value,
        "model": one.order.model.slug,
        **_BODIES_B[one.status](one, balance),
        "created_at": _time(one.created_at),
    }


def start_event(one: Generation) -> Json:
    """Announce a stream; both shapes agree but for the id."""
    return {"type": "generation_start", "id": _id(one), "model": one.order.model.slug}


def delta_event(text: str) -> Json:
    """Carry a piece of text."""
    return {"type": "content_delta", "delta": text}


def end_event(shape: Shape, one: Generation, *, balance: int) -> Json:
    """Close a stream with its bill."""
    end: Json = {"type": "generation_end", "id": _id(one)}
    if shape is Shape.A:
        return end | {"tokens_spent": one.tokens}
    return end | {"tokens_used": one.tokens, "balance_remaining": balance}


def error_event(message: str) -> Json:
    """Close a stream with a failure."""
    return {"type": "error", "message": message}


def history_body(
    shape: Shape, found: Sequence[Generation], *, total: int, page: int, limit: int
) -> Json:
    """Wrap a page of past generations."""
    item = _past_a if shape is Shape.A else _past_b
    items: list[JsonValue] = [item(one) for one in found]
    envelope: Json = {"items": items, "total": total, "page": page, "limit": limit}
    return envelope if shape is Shape.A else envelope | {"pages": -(-total // limit)}


def balance_body(tokens: int, *, plan: str, ends_at: datetime | None) -> Json:
    """Tell what the account has left, of which there is one shape only."""
    return {
        "token_balance": tokens,
        "plan": plan,
        "plan_expires_at": None if ends_at is None else _time(ends_at.astimezone(UTC)),
    }


def models_body(shape: Shape, models: Sequence[Json]) -> JsonValue:
    """List the models; no page shows the envelope, so the shapes differ here too."""
    listed: list[JsonValue] = list(models)
    return {"items": listed} if shape is Shape.A else listed


def _pending_a(one: Generation) -> Json:
    pending: Json = {
        "id": _id(one),
        "status": one.status.value,
        "model_slug": one.order.model.slug,
        "result_url": None,
        "tokens_spent": 0,
        "processing_ms": None,
        "created_at": _time(one.created_at),
    }
    return pending if one.eta_seconds is None else pending | {"eta_seconds": one.eta_seconds}


def _completed_a(one: Generation) -> Json:
    completed: Json = {
        "id": _id(one),
        "status": one.status.value,
        "model_slug": one.order.model.slug,
        "result_text": one.text,
        "result_url": None,
        "thumbnail_url": None,
        "error": None,
        "tokens_spent": one.tokens,
        "processing_ms": one.processing_ms,
        "result_metadata": None,
    }
    return completed if one.result is None else completed | _made_a(one, one.result)


def _made_a(one: Generation, result: Result) -> Json:
    metadata: Json = {"width": result.width, "height": result.height}
    made: Json = {
        "result_text": None,
        "result_url": result.url,
        "result_metadata": metadata,
        "created_at": _time(one.created_at),
    }
    if result.seed is not None:
        made["seed"] = result.seed
    if result.duration is not None and one.completed_at is not None:
        metadata["duration"] = result.duration
        made["completed_at"] = _time(one.completed_at)
    return made


def _failed_a(one: Generation) -> Json:
    return {"id": _id(one), "status": one.status.value, "error": one.error, "tokens_spent": 0}


def _pending_b(one: Generation, _: int) -> Json:
    if one.takes is None:
        return {"progress": 45, "eta_seconds": 1}
    passed = datetime.now(UTC) - one.created_at
    share = passed.total_seconds() / max(one.takes, 0.001)
    return {
        "progress": min(99, round(100 * share)),
        "eta_seconds": one.eta_seconds or math.ceil(one.takes),
    }


def _completed_b(one: Generation, balance: int) -> Json:
    if one.result is not None and one.completed_at is not None:
        return _made_b(one, one.result, balance) | {"completed_at": _time(one.completed_at)}
    return {
        "type": one.order.model.category,
        "content": one.text,
        "tokens_used": one.tokens,
        "balance_remaining": balance,
    }


def _made_b(one: Generation, result: Result, balance: int) -> Json:
    made: Json = {
        "url": result.url,
        "width": result.width,
        "height": result.height,
        "tokens_used": one.tokens,
        "balance_remaining": balance,
    }
    return made if result.duration is None else made | {"duration": result.duration}


def _failed_b(one: Generation, _: int) -> Json:
    return {"error": one.error, "tokens_used": 0}


_BODIES_A = {
    Status.PENDING: _pending_a,
    Status.COMPLETED: _completed_a,
    Status.FAILED: _failed_a,
}
_BODIES_B = {
    Status.PENDING: _pending_b,
    Status.COMPLETED: _completed_b,
    Status.FAILED: _failed_b,
}


def _past_a(one: Generation) -> Json:
    return {
        "id": _id(one),
        "model_slug": one.order.model.slug,
        "model_name": one.order.model.name,
        "category": one.order.model.category,
        "prompt": one.order.prompt,
        "status": one.status.value,
        "result_text": one.text or None,
        "result_url": one.result.url if one.result else None,
        "tokens_spent": one.tokens,
        "is_favorited": False,
        "user_rating": None,
        "created_at": _time(one.created_at),
    }


def _past_b(one: Generation) -> Json:
    return {
        "id": one.id,
        "type": one.order.model.category,
        "model": one.order.model.slug,
        "status": one.status.value,
        "prompt": one.order.prompt,
        "url": one.result.url if one.result else None,
        "tokens_used": one.tokens,
        "created_at": _time(one.created_at),
    }


def _id(one: Generation) -> int | str:
    return int(one.id) if one.id.isdigit() else one.id


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
