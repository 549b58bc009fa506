"""Messages made of blocks: headings, tables, formulas."""

from bot.sandbox.telegram.errors import refuse, refuse_unknown
from bot.sandbox.telegram.methods.method import Fields
from bot.sandbox.telegram.methods.rich_blocks import Block
from bot.sandbox.telegram.methods.rich_reading import read_blocks
from bot.sandbox.telegram.methods.sending import SendMethod
from bot.sandbox.telegram.model import JsonObject
from bot.sandbox.telegram.world import World


class RichFields(Fields):
    """What a rich message shall show."""

    html: str | None = None
    markdown: str | None = None
    blocks: list[Block] | None = None
    is_rtl: bool = False
    skip_entity_detection: bool = False

    def accept(self) -> tuple[str, list[JsonObject]]:
        """Check it, and give the text that people will read, and the blocks it is in.

        Markup is refused: text that a model wrote could become a button.
        """
        if [self.html, self.markdown, self.blocks].count(None) != 2:  # noqa: PLR2004 - of three
            refuse("exactly one of html, markdown and blocks must be specified")
        if self.blocks is None:
            refuse("html and markdown are not supported, send blocks")

        text = read_blocks(self.blocks)
        return text, [block.model_dump(exclude_defaults=True) for block in self.blocks]


class SendRichMessage(SendMethod):
    """Send a rich message."""

    rich_message: RichFields

    async def perform(self, world: World) -> object:
        if not world.supports_rich_messages:
            refuse_unknown()
        text, blocks = self.rich_message.accept()
        return self.post(world, text, [], blocks=blocks)
