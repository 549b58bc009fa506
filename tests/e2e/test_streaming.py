from itertools import pairwise

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Fault, FaultKind
from tests.e2e.seeing import REGENERATE, answer, growing, is_being_written, labels, said_by_bot
from tests.stage import Stage

SLOW = Reply(chunks=tuple(f"word{n} " for n in range(60)), gap=0.2)


def versions(chat: Chat, message_id: int) -> list[str]:
    return [version.text for version in chat.history if version.message_id == message_id]


async def test_an_answer_grows_in_one_message_with_a_stop_button_until_it_is_whole(
    city: Stage,
) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    reply = Reply(chunks=tuple(f"step{n} " for n in range(20)), gap=0.2)
    city.elumenta.script(reply, contains="show me steps")

    chat.send(chat.members[0], "show me steps")
    early = await growing(chat, "step0")
    final = await answer(chat, "step19")

    assert early.id == final.id
    assert labels(final) == [REGENERATE]
    seen = versions(chat, final.id)
    assert len(seen) >= 2
    assert all(later.startswith(earlier.strip()) for earlier, later in pairwise(seen))
    assert city.telegram.flood_refusals == 0


async def test_the_stop_button_ends_the_stream_and_keeps_what_came(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(SLOW, contains="stop me by button")
    chat.send(ann, "stop me by button")
    message = await growing(chat, "word3")

    press = chat.press(ann, message, "⏹ Stop")

    assert (await press.answer()).text == "Stopped"
    final = await answer(chat, "word3")
    assert "word59" not in final.text
    assert city.elumenta.open_streams == 0
    chat.send(ann, "what did you say before I stopped you?")
    await answer(chat, after=final)
    asked = [r for r in city.elumenta.requests if "before I stopped you" in str(r.body)][-1]
    assert city.elumenta.conversation(asked)[-2]["content"].strip().startswith(final.text[:20])


async def test_only_the_person_who_asked_may_press_stop(city: Stage) -> None:
    ann, bob = city.telegram.person("Ann"), city.telegram.person("Bob")
    group = city.telegram.group("Pair", members=[ann, bob])
    reply = Reply(chunks=tuple(f"part{n} " for n in range(16)), gap=0.3)
    city.elumenta.script(reply, contains="Ann's own answer")
    group.send(ann, "/chat Ann's own answer")
    message = await growing(group, "part0")

    press = group.press(bob, message, "⏹ Stop")

    assert "somebody else" in ((await press.answer()).text or "")
    await answer(group, "part15")


async def test_the_stop_command_ends_the_answer_and_the_questions_behind_it(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(SLOW, contains="stop me by command")
    chat.send(ann, "stop me by command")
    await growing(chat, "word1")
    chat.send(ann, "never asked of the model")

    command = chat.send(ann, "/stop")

    await answer(chat, "dropped 1 question", after=command)
    final = await answer(chat, "word1")
    assert "word59" not in final.text
    assert city.elumenta.open_streams == 0
    assert not [r for r in city.elumenta.requests if "never asked of" in str(r.body)]


async def test_stop_without_an_answer_says_so(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))

    chat.send(chat.members[0], "/stop")

    await answer(chat, "nothing to stop")


async def test_an_answer_that_takes_long_to_begin_can_be_stopped(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Reply(text="too late", first_delay=60), contains="think for ages")
    chat.send(ann, "think for ages")
    placeholder = await growing(chat, "…")

    chat.press(ann, placeholder, "⏹ Stop")

    await chat.wait(lambda chat: not said_by_bot(chat))
    assert any(action == "typing" for _, action, _ in chat.actions)


async def test_drafts_show_the_answer_and_are_stopped_natively(stage: Stage) -> None:
    await stage.start_bot(streaming="draft")
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(SLOW)
    chat.send(ann, "draft it")

    draft = await chat.wait(
        lambda chat: next((d for d in chat.drafts.values() if "word3" in d.text), None)
    )
    chat.stop_draft(ann, draft)

    final = await answer(chat, "word3")
    assert "word59" not in final.text
    assert stage.elumenta.open_streams == 0
    assert len(said_by_bot(chat)) == 1


async def test_a_server_without_drafts_gets_edits(stage: Stage) -> None:
    stage.telegram.supports_drafts = False
    await stage.start_bot(streaming="draft")
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    stage.elumenta.script(Reply(chunks=SLOW.chunks[:20], gap=0.2))

    chat.send(chat.members[0], "no drafts here")

    await growing(chat, "word")
    await answer(chat, "word19")


async def test_drafts_are_for_private_chats_and_groups_get_edits(stage: Stage) -> None:
    await stage.start_bot(streaming="draft")
    ann = stage.telegram.person("Ann")
    group = stage.telegram.group("Three", members=[ann])
    stage.elumenta.script(Reply(chunks=SLOW.chunks[:20], gap=0.2))

    group.send(ann, "/chat in a group")

    await growing(group, "word")
    await answer(group, "word19")
    assert "sendMessageDraft" not in {call.method for call in stage.telegram.calls}


async def test_without_streaming_one_message_comes_whole(stage: Stage) -> None:
    await stage.start_bot(streaming="off")
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    stage.elumenta.script(Reply(chunks=SLOW.chunks[:20], gap=0.1))

    chat.send(chat.members[0], "all at once")

    final = await answer(chat, "word19")
    assert len(versions(chat, final.id)) == 1
    assert any(action == "typing" for _, action, _ in chat.actions)


async def test_a_long_answer_arrives_whole_and_in_order_with_its_code_intact(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    code = "\n".join(f"print({n:04})  # {'x' * 40}" for n in range(160))
    prose = "\n\n".join(f"Paragraph {n}. " + "lorem ipsum " * 30 for n in range(15))
    markdown = f"{prose}\n\n```python\n{code}\n```\n\nThe end."
    pieces = tuple(markdown[i : i + 700] for i in range(0, len(markdown), 700))
    city.elumenta.script(Reply(chunks=pieces, gap=0.1), contains="a very long answer")

    chat.send(chat.members[0], "a very long answer")
    await answer(chat, "The end.")

    parts = said_by_bot(chat)
    assert len(parts) > 3
    assert not any(is_being_written(part) for part in parts)
    whole = "\n".join(part.text for part in parts)
    assert [f"Paragraph {n}." in whole for n in range(15)] == [True] * 15
    printed = [line for line in whole.splitlines() if line.startswith("print(")]
    assert printed == code.splitlines()
    for part in parts:
        if "print(" in part.text:
            assert any(e["type"] == "pre" and e["language"] == "python" for e in part.entities)


async def test_flood_control_in_the_end_delays_the_answer_but_loses_nothing(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    city.elumenta.script(
        Reply(chunks=("some **bold** ", "words ", "in the end"), gap=0.5), contains="get flooded"
    )
    chat.send(chat.members[0], "get flooded")
    message = await growing(chat, "some")

    city.telegram.fail(
        Fault(
            kind=FaultKind.RETRY_AFTER,
            seconds=2,
            method="editMessageText",
            chat_id=chat.id,
            times=2,
        )
    )

    final = await answer(chat, "in the end")
    assert final.id == message.id
    assert final.entities == [{"type": "bold", "offset": 5, "length": 4}]


async def test_markdown_of_a_model_reads_well(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    markdown = (
        "# Title\n\nSome **bold** and `code` and List<int>.\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two\n\nDone."
    )
    city.elumenta.script(Reply(text=markdown), contains="show some markdown")

    chat.send(chat.members[0], "show some markdown")

    final = await answer(chat, "Done.")
    assert "List<int>" in final.text
    assert "**" not in final.text
    assert {"bold", "code", "pre"} <= {entity["type"] for entity in final.entities}
