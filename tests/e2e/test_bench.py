"""What the figures of the benchmark are taken from."""

from tests.bench.asking import Asker
from tests.e2e.talking import newcomer
from tests.stage import Stage


async def test_the_moments_of_an_answer_are_told_apart(city: Stage) -> None:
    asker, chat = Asker(city), newcomer(city)

    seen = await asker.ask(chat, chunks=20, gap=0.1)

    assert seen.asked_at < seen.first_seen_at <= seen.whole_at
    assert seen.first_token_at < seen.stream_ended_at
