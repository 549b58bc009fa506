"""Updates that the bot fetches."""

from typing import Literal

from pydantic import Field

from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.methods.method import Method
from bot.sandbox.telegram.world import World

HAS_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)

UpdateKind = Literal[
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "subscription",
    "stopped_message_generation",
]


class GetUpdates(Method):
    """Wait for updates; asking for later ones confirms all earlier ones."""

    offset: int = 0
    limit: int = Field(default=100, ge=1, le=100)
    timeout: int = Field(default=0, ge=0)
    allowed_updates: list[UpdateKind] | None = None

    async def perform(self, world: World) -> object:
        if world.webhooks.current is not None:
            raise ApiError(409, HAS_WEBHOOK)

        return await world.updates.poll(
            offset=self.offset,
            limit=self.limit,
            seconds=self.timeout,
            wanted=self.allowed_updates,
        )
