"""How a bot without an owner finds one."""

import re

from tests.e2e.house import say, secrets_in, tell, visitor
from tests.e2e.seeing import answer
from tests.stage import BotProcess, Stage

LINK = re.compile(r"https://t\.me/(\w+)\?start=(claim-[\w-]+)")


def codes(bot: BotProcess) -> list[str]:
    """List what the links in the output of all starts carry, the newest last."""
    return [code for _, code in LINK.findall(bot.output)]


async def test_the_first_who_opens_the_link_owns_the_bot_for_ever(stage: Stage) -> None:
    bot = await stage.start_bot(access="closed", streaming="off")
    finder, late = visitor(stage, "Philippa"), visitor(stage, "Rainer")
    name, code = LINK.findall(bot.output)[-1]

    claimed = await tell(finder, f"/start {code}")
    refused = await tell(late, f"/start {code}")
    await bot.kill()
    await stage.restart(bot)

    assert name == stage.telegram.username
    assert str(late.id) in refused
    assert claimed != refused
    assert codes(bot) == [code]
    assert "confidential" in await tell(finder, "/chat is this confidential?")
    assert str(finder.id) in await tell(finder, "/access")
    await stage.until(lambda: "allow" in finder.menu(finder.members[0]))
    assert "allow" not in late.menu(late.members[0])
    assert len(stage.elumenta.charges) == 1
    assert secrets_in(bot.output, stage) == []


async def test_a_link_dies_with_its_start_and_makes_one_owner_in_private(stage: Stage) -> None:
    bot = await stage.start_bot(access="closed", streaming="off")
    chats = [visitor(stage, name) for name in ("Philippa", "Rainer", "Tiberius")]
    early = visitor(stage, "Sibylla")
    group = stage.telegram.group("Crowd", members=[chat.members[0] for chat in chats])

    await bot.kill()
    await stage.restart(bot)
    old, new = codes(bot)
    too_late = await tell(early, f"/start {old}")
    in_public = await tell(group, f"/start@{stage.telegram.username} {new}")
    for chat in chats:
        say(chat, f"/start {new}")
    told = [(await answer(chat)).text for chat in chats]

    assert old != new
    assert str(early.id) in too_late
    assert str(group.id) in in_public
    refused = [text for chat, text in zip(chats, told, strict=True) if str(chat.id) in text]
    assert len(refused) == 2
    assert stage.elumenta.charges == []
