"""Updates that are posted to the bot."""

import re
from ipaddress import ip_address

from pydantic import Field, field_validator
from yarl import URL

from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.methods.method import Method
from bot.sandbox.telegram.methods.polling import UpdateKind
from bot.sandbox.telegram.model import JsonObject
from bot.sandbox.telegram.objects import unix_time
from bot.sandbox.telegram.webhook import USUAL_CONNECTIONS, Webhook
from bot.sandbox.telegram.world import World

PORTS = frozenset({80, 88, 443, 8443})
MAX_SECRET_LENGTH = 256


class SetWebhook(Method):
    """Have updates posted to an address; an empty one chooses polling.

    Certificates of a bot's own are not supported.
    """

    url: str = ""
    secret_token: str | None = None
    max_connections: int = Field(default=USUAL_CONNECTIONS, ge=1, le=100)
    allowed_updates: list[UpdateKind] | None = None
    drop_pending_updates: bool = False
    ip_address: str = ""

    @field_validator("secret_token")
    @classmethod
    def _can_be_sent(cls, secret: str | None) -> str | None:
        if secret is not None and len(secret) > MAX_SECRET_LENGTH:
            refuse("secret token is too long")
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]+", secret):
            refuse("secret token contains unallowed characters")
        return secret

    @field_validator("ip_address")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        return str(ip_address(address)) if address else ""

    async def perform(self, world: World) -> object:
        if self.url:
            _check(self.url, is_local=world.is_local)
        if self.allowed_updates is not None:
            world.updates.wanted = frozenset(self.allowed_updates)
        if self.drop_pending_updates:
            world.updates.drop()

        if self.url:
            world.webhooks.set(self._webhook())
        else:
            world.webhooks.delete()
        return True

    def _webhook(self) -> Webhook:
        return Webhook(
            url=self.url,
            secret_token=self.secret_token or "",
            max_connections=self.max_connections,
            ip_address=self.ip_address,
        )


class DeleteWebhook(Method):
    """Choose polling."""

    drop_pending_updates: bool = False

    async def perform(self, world: World) -> object:
        if self.drop_pending_updates:
            world.updates.drop()
        world.webhooks.delete()
        return True


class GetWebhookInfo(Method):
    """Tell where updates go, how many wait, and what went wrong last."""

    async def perform(self, world: World) -> object:
        webhook = world.webhooks.current
        described: JsonObject = {
            "url": "" if webhook is None else webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(world.updates),
        }
        if world.updates.wanted:
            described["allowed_updates"] = sorted(world.updates.wanted)
        if webhook is not None:
            described["max_connections"] = webhook.max_connections
        if webhook is not None and webhook.ip_address:
            described["ip_address"] = webhook.ip_address
        if (error := world.webhooks.last_error) is not None:
            described["last_error_date"] = unix_time(error.at)
            described["last_error_message"] = error.error
        return described


def _check(address: str, *, is_local: bool) -> None:
    """Refuse an address that Telegram would not post to; a server of one's own is lenient."""
    try:
        url = URL(address)
    except ValueError:
        refuse("invalid webhook URL specified")

    if url.scheme not in {"http", "https"} or not url.host:
        refuse("bad webhook: An HTTPS URL must be provided for webhook")
    if is_local:
        return
    if url.scheme != "https":
        refuse("bad webhook: An HTTPS URL must be provided for webhook")
    if url.port not in PORTS:
        refuse("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
