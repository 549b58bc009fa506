"""Previews of messages that are still being written."""

from typing import ClassVar

from bot.sandbox.telegram.errors import refuse, refuse_unknown
from bot.sandbox.telegram.flood import Cost
from bot.sandbox.telegram.methods.method import ChatMethod
from bot.sandbox.telegram.methods.sending import TextFields, find_thread
from bot.sandbox.telegram.model import Draft
from bot.sandbox.telegram.room import ChatType
from bot.sandbox.telegram.world import World


class SendMessageDraft(ChatMethod, TextFields):
    """Show or change a draft; an empty text shows that the bot is thinking."""

    cost: ClassVar[Cost] = Cost.FRAME

    text: str = ""
    draft_id: int
    message_thread_id: int | None = None
    can_stop: bool = False
    keep_on_stop: bool = False

    async def perform(self, world: World) -> object:
        if not world.supports_drafts:
            refuse_unknown()

        room = self.room(world)
        if room.type is not ChatType.PRIVATE:
            refuse("TEXTDRAFT_PEER_INVALID")
        if self.draft_id == 0:
            refuse("RANDOM_ID_INVALID")

        text, entities = self.formatted(may_be_empty=True)
        draft = Draft(
            id=self.draft_id,
            text=text,
            entities=entities,
            thread_id=find_thread(room, self.message_thread_id, None),
            can_stop=self.can_stop,
            keep_on_stop=self.keep_on_stop,
            updated_at=world.clock(),
        )
        room.show_draft(draft)
        return True
