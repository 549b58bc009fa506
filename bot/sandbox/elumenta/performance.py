"""Plays a reply to a caller, streamed or whole, and settles the bill."""

import asyncio

from aiohttp import web

from bot.sandbox.elumenta.generation import Generation
from bot.sandbox.elumenta.mishaps import answer_error, is_error
from bot.sandbox.elumenta.order import Order
from bot.sandbox.elumenta.reply import Reply
from bot.sandbox.elumenta.service import Service
from bot.sandbox.elumenta.shapes import (
    delta_event,
    end_event,
    error_event,
    generation_body,
    start_event,
)
from bot.sandbox.elumenta.stream import EventStream, hang_up


async def perform(service: Service, order: Order, request: web.Request) -> web.StreamResponse:
    """Answer an accepted order of a text with its reply."""
    reply = service.reply_to(order)
    if is_error(reply):
        await asyncio.sleep(reply.first_delay)
        return answer_error(service, reply)

    generation = service.begin(order)
    play = _play_stream if order.stream and not reply.as_json else _play_whole
    try:
        return await play(service, generation, reply, request)
    except (asyncio.CancelledError, ConnectionError):
        service.fail(generation, "The client disconnected")
        raise


async def _play_whole(
    service: Service, generation: Generation, reply: Reply, request: web.Request
) -> web.StreamResponse:
    """Answer with JSON once all would have been said."""
    await asyncio.sleep(reply.first_delay + reply.gap * max(0, len(reply.said) - 1))
    if reply.cut_after is not None:
        _settle(service, generation, reply)
        hang_up(request)
    elif reply.fail_after is not None:
        service.fail(generation, reply.message)
    elif reply.pending_for is not None:
        later = asyncio.get_running_loop().call_later
        later(reply.pending_for, service.complete, generation, reply.whole)
    else:
        service.complete(generation, reply.whole)
    return web.json_response(generation_body(service.shape, generation, balance=service.balance))


async def _play_stream(
    service: Service, generation: Generation, reply: Reply, request: web.Request
) -> web.StreamResponse:
    stream = EventStream(request, reply.wire)
    await stream.open()
    with service.streaming():
        await stream.send(start_event(generation))
        await _say(service, generation, reply, stream)
        return await _finish(service, generation, reply, stream)


async def _say(
    service: Service, generation: Generation, reply: Reply, stream: EventStream
) -> None:
    """Send the chunks; a caller who leaves after the first one pays for the whole."""
    sent = 0
    try:
        await asyncio.sleep(reply.first_delay)
        for piece in reply.said:
            if sent:
                await asyncio.sleep(reply.gap)
            await stream.send(delta_event(piece))
            sent += 1
    except (asyncio.CancelledError, ConnectionError):
        if sent:
            service.complete(generation, reply.whole)
        raise


async def _finish(
    service: Service, generation: Generation, reply: Reply, stream: EventStream
) -> web.StreamResponse:
    if reply.fail_after is not None:
        service.fail(generation, reply.message)
        await stream.send(error_event(reply.message))
        return await stream.close()
    if reply.cut_after is not None or reply.end_after is not None:
        _settle(service, generation, reply)
        return stream.cut() if reply.cut_after is not None else await stream.close()

    service.complete(generation, reply.whole)
    if reply.end:
        await stream.send(end_event(service.shape, generation, balance=service.balance))
    if reply.done:
        await stream.done()
    return await stream.close()


def _settle(service: Service, generation: Generation, reply: Reply) -> None:
    """Decide what becomes of an answer that its caller does not get."""
    if reply.finishes:
        service.complete(generation, reply.whole)
    else:
        service.fail(generation, reply.message)
