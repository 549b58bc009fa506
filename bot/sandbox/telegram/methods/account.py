"""The bot itself: who it is, how it is described, how it is connected."""

from bot.sandbox.telegram.methods.method import Method
from bot.sandbox.telegram.objects import user_json
from bot.sandbox.telegram.world import World


class GetMe(Method):
    """Describe the bot."""

    async def perform(self, world: World) -> object:
        return {
            **user_json(world.bot),
            "can_join_groups": True,
            "can_read_all_group_messages": world.can_read_all_group_messages,
            "supports_inline_queries": world.supports_inline_queries,
            "supports_guest_queries": world.supports_guest_queries,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": world.has_topics,
            "allows_users_to_create_topics": world.allows_users_to_create_topics,
        }
