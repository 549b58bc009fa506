"""Orders outlive the bot, and the chat that they were made in."""

from dataclasses import replace

from bot.sandbox.elumenta import Making, Reply
from bot.sandbox.telegram import Chat, Fault, FaultKind
from tests.e2e.seeing import answer, only_this_is_left, result, results, said_by_bot
from tests.stage import Stage

CHEAP = "--model luma-ray2-flash"


FIRST_DOWNLOAD_FAILS = Making(eta_seconds=1, file_status=503, file_failures=1)

SURVIVORS: dict[str, Making] = {
    "picture 0": replace(FIRST_DOWNLOAD_FAILS, takes=4),
    "video 1": FIRST_DOWNLOAD_FAILS,
    "video 2": FIRST_DOWNLOAD_FAILS,
    "picture 3": replace(FIRST_DOWNLOAD_FAILS, pending=True),
    "video 4": Making(eta_seconds=10),
    "picture 5": Making(pending=True, eta_seconds=10),
}


async def test_six_orders_outlive_four_sigkills(stage: Stage) -> None:
    bot = await stage.start_bot()
    service, chats = stage.elumenta, []
    for prompt, making in SURVIVORS.items():
        ann = stage.telegram.person("Ann")
        chats.append(stage.telegram.private_chat(ann))
        service.script(making, contains=prompt)
        command = f"/video {CHEAP}" if "video" in prompt else "/image"
        chats[-1].send(ann, f"{command} {prompt}")

    async def kill() -> None:
        await bot.kill()
        await stage.restart(bot)

    await stage.until(lambda: len(service.orders()) == len(chats))
    assert service.orders("picture 0")[0].status is None
    service.script_polls(Reply(first_delay=3), times=4)
    await kill()  # no answer to an order has come yet

    await stage.until(lambda: bool(service.polls()))
    await kill()  # no answer to a poll has come yet

    await stage.until(lambda: bool(service.downloads))
    for chat in (chats[0], *chats[2:]):
        for method in ("sendPhoto", "sendVideo"):
            busy = Fault(kind=FaultKind.RETRY_AFTER, method=method, chat_id=chat.id, seconds=3)
            stage.telegram.fail(busy)
    await kill()  # no file has come yet

    await stage.until(lambda: bool(results(chats[1])))
    await kill()  # perhaps before it was noted that the video was sent

    for prompt, chat in zip(SURVIVORS, chats, strict=True):
        await result(chat, "video" if "video" in prompt else "photo")
        await chat.wait(lambda chat: said_by_bot(chat) == results(chat), timeout=40)
        assert len(service.orders(prompt)) == 1
    assert sum(len(results(chat)) for chat in chats) <= len(chats) + 1
    assert len({charge.generation_id for charge in service.charges}) == len(chats)
    assert len(service.charges) == len(chats)


async def test_orders_under_way_are_gone_on_with_after_a_sigterm(stage: Stage) -> None:
    bot = await stage.start_bot()
    chats = [stage.telegram.private_chat(stage.telegram.person(f"P{n}")) for n in range(4)]
    stuck = Fault(kind=FaultKind.DELAY, method="sendPhoto", chat_id=chats[0].id, seconds=30)
    stage.telegram.fail(stuck)
    for n, chat in enumerate(chats):
        making = Making(takes=2 if n else 0, eta_seconds=3, pending=n == 1)
        stage.elumenta.script(making, contains=f"interrupted {n}")
        command = f"/video {CHEAP}" if n == 3 else "/image"
        chat.send(chat.members[0], f"{command} interrupted {n}")
    await stage.until(lambda: len(stage.elumenta.orders("interrupted")) == 4)
    await stage.until(lambda: bool(stage.elumenta.downloads))

    assert await bot.terminate(within=10) == 0
    await stage.restart(bot)

    for n, chat in enumerate(chats):
        await only_this_is_left(chat, await result(chat, "video" if n == 3 else "photo"))
        assert len(stage.elumenta.orders(f"interrupted {n}")) == 1
    assert len(stage.elumenta.charges) == 4


async def test_a_second_process_goes_on_when_the_first_is_gone(stage: Stage) -> None:
    first = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(Making(takes=1, eta_seconds=4), contains="relay race")
    chat.send(ann, f"/video {CHEAP} a relay race")
    second = await stage.launch_bot()
    await stage.until(lambda: "database.awaited" in second.output)

    await first.kill()

    await only_this_is_left(chat, await result(chat, "video"))
    assert len(stage.elumenta.orders("relay race")) == 1


async def test_a_failure_that_nobody_saw_is_told_after_the_restart(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(Making(fails="It rained", takes=0.5), contains="soaked canvas")
    chat.send(ann, "/image a soaked canvas")
    await stage.until(lambda: bool(stage.elumenta.orders("soaked canvas")))
    stage.telegram.down = True
    await stage.until(lambda: stage.elumenta.orders("soaked canvas")[0].status is not None)

    await bot.kill()
    stage.telegram.down = False
    await stage.restart(bot)

    await answer(chat, "It rained")


async def refused(stage: Stage, chat: Chat, method: str) -> None:
    """Wait until Telegram has told the bot that it may not speak here."""
    await stage.until(
        lambda: any(
            (call.method, call.chat_id, call.error_code) == (method, chat.id, 403)
            for call in stage.telegram.calls
        )
    )


async def test_a_result_waits_for_a_person_who_blocked_the_bot(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Making(takes=0.5), contains="cold shoulder")
    order = chat.send(ann, "/image a cold shoulder")
    await answer(chat, "Making your picture")
    chat.block(ann)
    await refused(city, chat, "sendPhoto")

    chat.unblock(ann)

    assert (await result(chat)).reply_to_id == order.id
    assert len(city.elumenta.orders("cold shoulder")) == 1


async def test_a_result_waits_for_a_group_that_removed_the_bot(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Moody", members=[ann], supergroup=True)
    city.elumenta.script(Making(takes=0.5, eta_seconds=2), contains="open door")
    order = group.send(ann, f"/video {CHEAP} an open door")
    await answer(group, "Making your video")
    group.kick_bot()
    await refused(city, group, "sendVideo")

    group.add_bot(ann)

    assert (await result(group, "video")).reply_to_id == order.id
    assert len(city.elumenta.orders("open door")) == 1


async def test_what_was_kept_and_what_was_done_are_remembered_over_a_restart(
    stage: Stage,
) -> None:
    bot = await stage.start_bot()
    ann, bob = stage.telegram.person("Ann"), stage.telegram.person("Bob")
    chat, other = stage.telegram.private_chat(ann), stage.telegram.private_chat(bob)
    stage.elumenta.script(Making(takes=0.5), contains="long silence")
    chat.send(ann, "/image a long silence")
    done = other.send(bob, "/image an only child")
    await answer(chat, "Making your picture")
    chat.block(ann)
    await refused(stage, chat, "sendPhoto")
    await result(other)

    await bot.kill()
    other.redeliver(done)
    await stage.restart(bot)
    chat.unblock(ann)

    await result(chat)
    await result(other, after=other.send(bob, "/image somebody else"))
    assert len(stage.elumenta.orders("long silence")) == 1
    assert len(stage.elumenta.orders("only child")) == 1


async def test_a_result_arrives_though_its_order_and_status_were_deleted(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Tidy", members=[ann], announce=False)
    city.elumenta.script(Making(takes=1), contains="clean slate")
    order = group.send(ann, "/image a clean slate")
    status = await answer(group, "Making your picture")

    group.delete(order)
    group.delete(status)

    photo = await result(group)
    assert photo.reply_to_id is None
    await only_this_is_left(group, photo)


async def test_a_result_whose_topic_is_gone_comes_to_the_group(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    forum = city.telegram.group("Shrinking", members=[ann], supergroup=True, forum=True)
    topic = forum.topic("Temporary")
    city.elumenta.script(Making(takes=1), contains="homeless cat")
    forum.send(ann, "/image a homeless cat", thread_id=topic)
    await answer(forum, "Making your picture")

    for message in [one for one in forum.messages if one.thread_id == topic]:
        forum.delete(message)
    del forum.topics[topic]

    assert (await result(forum)).thread_id is None


async def test_a_result_follows_its_group_to_the_supergroup(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Emigrants", members=[ann])
    city.elumenta.script(Making(takes=1, eta_seconds=2), contains="moving house")
    group.send(ann, f"/video {CHEAP} a moving house")
    await answer(group, "Making your video")

    supergroup = group.migrate()

    await result(supergroup, "video")
    listed = await supergroup.reply_to(supergroup.send(ann, "/jobs"))
    assert "#" in listed.text
    assert len(city.elumenta.orders("moving house")) == 1


async def test_a_result_follows_its_group_that_moved_while_the_bot_was_away(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    group = stage.telegram.group("Refugees", members=[ann])
    stage.elumenta.script(Making(takes=0.5, eta_seconds=2), contains="open sea")
    group.send(ann, f"/video {CHEAP} an open sea")
    await answer(group, "Making your video")

    await bot.kill()
    supergroup = group.migrate()
    await stage.restart(bot)

    await result(supergroup, "video")
    assert len(stage.elumenta.charges) == 1
