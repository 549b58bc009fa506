"""The stream of what one person sees, as server-sent events."""

import asyncio
import json

from aiohttp import web

from bot.sandbox.page.scene import Scene, changes
from bot.sandbox.telegram.model import JsonObject

LOOK_SECONDS = 0.06
HEARTBEAT_SECONDS = 5


async def stream(
    scene: Scene, person: str, request: web.Request, *, closing: asyncio.Event
) -> web.StreamResponse:
    """Tell everything first, then whatever changes, until somebody closes.

    Raises NotOnStage before anything is sent.
    """
    now = scene.seen_by(person)
    response = web.StreamResponse()
    response.content_type = "text/event-stream"
    await response.prepare(request)
    try:
        await response.write(_event({"reset": True, **changes({}, now)}))
        await _follow(scene, person, now, response, closing)
    except ConnectionError:
        return response
    return response


async def _follow(
    scene: Scene,
    person: str,
    seen: dict[str, JsonObject],
    response: web.StreamResponse,
    closing: asyncio.Event,
) -> None:
    """Write what changes; comments show in time that nobody reads any more."""
    loop = asyncio.get_running_loop()
    written_at = loop.time()
    while not await _happens_soon(closing):
        now = scene.seen_by(person)
        difference = changes(seen, now)
        if difference:
            await response.write(_event(difference))
        elif loop.time() - written_at > HEARTBEAT_SECONDS:
            await response.write(b":\n\n")
        else:
            continue
        seen, written_at = now, loop.time()


async def _happens_soon(event: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return await event.wait()
    except TimeoutError:
        return False


def _event(patch: JsonObject) -> bytes:
    return f"data: {json.dumps(patch, ensure_ascii=False)}\n\n".encode()
