"""Plays the answer to an order of a picture or a video."""

from aiohttp import web

from bot.sandbox.elumenta.jobs import Jobs
from bot.sandbox.elumenta.making import Making
from bot.sandbox.elumenta.media_order import MediaOrder
from bot.sandbox.elumenta.mishaps import play_mishap
from bot.sandbox.elumenta.reply import Reply
from bot.sandbox.elumenta.service import Service
from bot.sandbox.elumenta.shapes import generation_body
from bot.sandbox.elumenta.stream import hang_up


async def perform_media(
    service: Service, jobs: Jobs, order: MediaOrder, request: web.Request
) -> web.StreamResponse:
    """Answer an accepted order; a caller who leaves changes nothing about it."""
    scripted = service.order_scripts.take(order.prompt)
    if isinstance(scripted, Reply):
        is_taken = scripted.cut_after is not None and scripted.finishes
        mishap = None if is_taken else await play_mishap(service, scripted, request)
        if mishap is not None:
            return mishap
        scripted = _making(scripted)

    making = scripted or Making()
    generation = jobs.accept(order, making)
    pending = order.model.first_pending if making.pending is None else making.pending
    if not pending:
        await generation.ended.wait()
    if making.lost_answer:
        hang_up(request)
    return web.json_response(generation_body(service.shape, generation, balance=service.balance))


def _making(reply: Reply) -> Making:
    return Making(
        takes=reply.pending_for,
        pending=None if reply.pending_for is None else True,
        fails=None if reply.fail_after is None else reply.message,
        lost_answer=reply.cut_after is not None,
    )
