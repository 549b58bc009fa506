"""What goes wrong before the service looks at a request, or instead of its answer."""

import asyncio

from aiohttp import web

from bot.sandbox.elumenta.refusals import Refusal
from bot.sandbox.elumenta.reply import Reply
from bot.sandbox.elumenta.service import Service
from bot.sandbox.elumenta.stream import hang_up

DEFAULT_RETRY_SECONDS = 60


def is_error(reply: Reply) -> bool:
    """Say whether something else is answered than what was asked for."""
    return reply.raw_body is not None or reply.status != web.HTTPOk.status_code


def answer_error(service: Service, reply: Reply) -> web.Response:
    """Answer with the raw body, or refuse with the documented error."""
    if reply.raw_body is not None:
        headers = {"Content-Type": reply.content_type}
        return web.Response(status=reply.status, body=reply.raw_body, headers=headers)

    wait = reply.retry_after or DEFAULT_RETRY_SECONDS
    if reply.status == web.HTTPTooManyRequests.status_code:
        refusal = service.limits.refusal(plan=service.plan, retry_after=wait)
    else:
        refusal = Refusal(reply.status, reply.message, error=reply.error)
    if reply.retry_after_header:
        refusal.headers = {"Retry-After": str(wait)}
    raise refusal


async def play_mishap(
    service: Service, reply: Reply | None, request: web.Request
) -> web.Response | None:
    """Wait, then answer with an error or hang up if the reply says so; None: go on as usual."""
    if reply is None:
        return None

    await asyncio.sleep(reply.first_delay)
    if is_error(reply):
        return answer_error(service, reply)
    if reply.cut_after is not None:
        hang_up(request)
        return web.Response()
    return None
