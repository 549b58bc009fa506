from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Message
from tests.e2e.seeing import answer, said_by_bot
from tests.stage import Stage


def told(stage: Stage, words: str) -> list[dict[str, str]]:
    """What the model was told in the newest request that contains these words."""
    asked = [request for request in stage.elumenta.requests if words in str(request.body)]
    return stage.elumenta.conversation(asked[-1])


def replies_in(group: Chat) -> list[Message]:
    """List what the bot said to somebody; it also introduces itself to every group."""
    return [message for message in said_by_bot(group) if message.reply_to_id]


async def test_a_group_is_answered_only_when_it_speaks_to_the_bot(stage: Stage) -> None:
    stage.telegram.can_read_all_group_messages = True
    await stage.start_bot()
    ann, bob = stage.telegram.person("Ann"), stage.telegram.person("Bob", username="bobby")
    group = stage.telegram.group("Friends", members=[ann, bob])
    name = stage.telegram.username
    stage.elumenta.script(Reply(text="Fine."), times=3)

    for text in ("What a day, @bobby", "/chat@other_bot are you there?", "/weather"):
        group.send(ann, text)
    first = await group.reply_to(group.send(ann, f"@{name}, what is a quark?"))
    await group.reply_to(group.send(bob, "and a lepton?", reply_to=first))
    await group.reply_to(group.send(bob, f"/chat@{name} and a boson?"))

    assert len(replies_in(group)) == 3, group.transcript()
    assert len(stage.elumenta.charges) == 3


async def test_the_model_is_told_who_speaks_and_what_was_replied_to(city: Stage) -> None:
    ann, bob = city.telegram.person("Ann"), city.telegram.person("Bob", last_name="Fox")
    group = city.telegram.group("Readers", members=[ann, bob])

    claim = group.send(ann, "Whales are fish.")
    question = group.send(bob, "/chat is that zoologically true?", reply_to=claim)
    await group.reply_to(question)

    system, asked = told(city, "zoologically")
    assert "several people" in system["content"].lower()
    assert asked["content"] == (
        "> [in reply to Ann]\n> Whales are fish.\n\n[Bob Fox] is that zoologically true?"
    )


async def test_a_bare_command_asks_about_the_message_it_replies_to(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Cooks", members=[ann])

    recipe = group.send(ann, "Boil the parsnips for an hour.")
    await group.reply_to(group.send(ann, "/chat", reply_to=recipe))

    assert "parsnips" in told(city, "parsnips")[-1]["content"]


async def test_one_memory_for_everybody_in_a_group(city: Stage) -> None:
    ann, bob = city.telegram.person("Ann"), city.telegram.person("Bob")
    group = city.telegram.group("Gardeners", members=[ann, bob])

    await group.reply_to(group.send(ann, "/chat The tulips are from Ann."))
    await group.reply_to(group.send(bob, "/chat Whose are the flowers?"))

    assert "[Ann] The tulips are from Ann." in [m["content"] for m in told(city, "Whose are the")]


async def test_topics_have_memories_of_their_own_and_answers_stay_in_them(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    forum = city.telegram.group("Club", members=[ann], supergroup=True, forum=True)
    music, chess = forum.topic("Music"), forum.topic("Chess")

    song = forum.send(ann, "/chat We like fugues.", thread_id=music)
    in_music = await forum.reply_to(song)
    game = forum.send(ann, "/chat What do we like here?", thread_id=chess)
    in_chess = await forum.reply_to(game)
    again = forum.send(ann, "/chat Which composers write them?", thread_id=music)
    await forum.reply_to(again)

    assert (in_music.thread_id, in_chess.thread_id) == (music, chess)
    assert "fugues" not in str(told(city, "What do we like here"))
    assert "fugues" in str(told(city, "Which composers"))


async def test_a_topic_does_not_count_as_a_reply_to_whoever_opened_it(stage: Stage) -> None:
    stage.telegram.can_read_all_group_messages = True
    await stage.start_bot()
    ann = stage.telegram.person("Ann")
    forum = stage.telegram.group("Club", members=[ann], supergroup=True, forum=True)
    topic = forum.topic("Tea")

    forum.send(ann, "just talking", thread_id=topic)
    await forum.reply_to(forum.send(ann, "/chat hello", thread_id=topic))

    assert len(replies_in(forum)) == 1


async def test_a_group_that_becomes_a_supergroup_keeps_its_memory(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Movers", members=[ann])
    await group.reply_to(group.send(ann, "/chat The piano weighs 300 kilos."))

    supergroup = group.migrate()
    await supergroup.reply_to(supergroup.send(ann, "/chat How heavy is the instrument?"))

    assert "300 kilos" in str(told(city, "How heavy is the instrument"))


async def test_an_answer_under_way_follows_its_group_to_the_supergroup(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Nomads", members=[ann])
    city.elumenta.script(
        Reply(chunks=("We ", "have ", "moved."), gap=1), contains="where are the nomads"
    )
    group.send(ann, "/chat where are the nomads")
    await group.wait(said_by_bot)

    supergroup = group.migrate()

    await answer(supergroup, "We have moved.")


async def test_anonymous_admins_and_channels_are_answered(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Officials", members=[ann], supergroup=True)

    question = group.send(ann, "/chat is the council in session?", anonymous=True)
    await group.reply_to(question)
    stopped = group.send(ann, "/stop", anonymous=True)
    await group.reply_to(stopped)

    assert told(city, "council in session")[-1]["content"].startswith("[Officials] ")


async def test_other_bots_are_not_answered(city: Stage) -> None:
    robot = city.telegram.person("Robot")
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Machines", members=[ann, robot])
    message = group.send(ann, "/chat hello from Ann")
    update = {
        "message": {
            "message_id": 9_000,
            "date": 1_790_000_000,
            "chat": {"id": group.id, "type": "group", "title": group.title},
            "from": {"id": 77, "is_bot": True, "first_name": "Robot"},
            "text": "/chat hello from a robot",
            "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        }
    }

    city.telegram.push(update)
    await group.reply_to(message)
    await group.reply_to(group.send(ann, "/chat still there?"))

    assert not [r for r in city.elumenta.requests if "from a robot" in str(r.body)]
