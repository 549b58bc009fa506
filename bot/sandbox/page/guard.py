"""Keeps other pages from driving the demo, or from reading what is said in it."""

import secrets
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOSTS = ("127.0.0.1", "localhost")
FRONT_DOOR = "/"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Guard:
    """Lets in those who came through the front door of this very address.

    Another site's page may not name this host (a name of its own that leads here would), and a
    browser does not give it the cookie, nor hide from where it posts.
    """

    def __init__(self) -> None:
        self._ticket = secrets.token_urlsafe(32)
        self._port = 0

    def listen_on(self, port: int) -> None:
        self._port = port

    @web.middleware
    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Pass on what comes from the page itself."""
        if request.host not in self._addresses():
            raise web.HTTPForbidden(text="wrong host")
        if request.path == FRONT_DOOR:
            return self._welcome(await handler(request))

        ticket = request.cookies.get(self._cookie, "")
        if not secrets.compare_digest(ticket.encode(), self._ticket.encode()):
            raise web.HTTPForbidden(text="open the page first")
        if request.method == hdrs.METH_POST and not self._is_from_page(request):
            raise web.HTTPForbidden(text="wrong origin")
        return await handler(request)

    async def sign(self, _: web.Request, response: web.StreamResponse) -> None:
        """Add to every answer what the browser has to forbid."""
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)

    def _welcome(self, response: web.StreamResponse) -> web.StreamResponse:
        response.set_cookie(self._cookie, self._ticket, httponly=True, samesite="Strict")
        return response

    def _is_from_page(self, request: web.Request) -> bool:
        return request.headers.get(hdrs.ORIGIN) == f"http://{request.host}"

    def _addresses(self) -> list[str]:
        return [f"{host}:{self._port}" for host in HOSTS]

    @property
    def _cookie(self) -> str:
        """A name of its own, since browsers do not tell ports of a host apart."""
        return f"demo-{self._port}"
