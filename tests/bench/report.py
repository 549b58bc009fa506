"""Says in figures how the bots performed."""

from statistics import fmean, median

from bot.sandbox.telegram import FloodLimits
from tests.bench.figures import Figure, compared, measured, spread
from tests.bench.ordering import PEOPLE, Orders
from tests.bench.performance import Footprint, Performance, Scene
from tests.bench.pressing import Pressing, Throughput


def report(
    ours: Performance, bare: Footprint, orders: Orders, throughput: Throughput
) -> list[Figure]:
    return [
        *_speed(ours.private),
        _calls("Telegram calls per streamed answer, private", ours.private),
        _calls("Telegram calls per streamed answer, group", ours.groups),
        *_floods(ours),
        *_load(ours),
        *_throughput(throughput),
        *_size(ours, bare),
        *_orders(orders),
        _own_share(ours, throughput),
    ]


def _speed(scene: Scene) -> list[Figure]:
    first = [answer.first_seen_at - answer.first_token_at for answer in scene.answers]
    whole = [answer.whole_at - answer.stream_ended_at for answer in scene.answers]
    return [
        *spread("first words seen after the first token", first, "s", at_most=1.2),
        *spread("whole message after the end of the stream", whole, "s", at_most=1.5),
    ]


def _calls(what: str, scene: Scene) -> Figure:
    each = (f"{name} {n / len(scene.answers):.1f}" for name, n in scene.calls.most_common())
    return Figure(what=what, figure=", ".join(each))


def _floods(ours: Performance) -> list[Figure]:
    late = max(answer.whole_at - answer.asked_at for answer in ours.every_second.answers)
    return [
        _none("flood refusals at one message a second", ours.every_second.flood_refusals),
        measured("the longest wait for an answer at that pace", late, "s"),
        _none(f"flood refusals in all {ours.questions} answers", ours.flood_refusals),
    ]


def _load(ours: Performance) -> list[Figure]:
    streams, crowd = len(ours.streams.answers), len(ours.crowd.answers)
    return [
        measured(
            f"{streams} streams of 4 s at once: all whole", ours.streams.seconds, "s", at_most=6
        ),
        measured("processor time per streamed answer", _cpu_milliseconds(ours.streams), "ms"),
        measured(f"{crowd} chats at once: all answered", ours.crowd.seconds, "s"),
        measured("the least that Telegram's limits allow", _least_seconds(crowd), "s"),
        measured("answers per second", crowd / ours.crowd.seconds, "/s"),
        measured("processor time per short answer", _cpu_milliseconds(ours.crowd), "ms"),
    ]


def _throughput(throughput: Throughput) -> list[Figure]:
    polling, webhook = throughput.polling, throughput.webhook
    figures = [
        measured("presses answered a second, by polling on SQLite", polling.per_second, "/s"),
        measured("processor time per press", _cpu_milliseconds_of(polling), "ms"),
        _rates("the same by webhook, to polling", webhook, polling),
        measured("processor time per press", _cpu_milliseconds_of(webhook), "ms"),
    ]
    what = "the same on PostgreSQL, to SQLite"
    if throughput.postgresql is None:
        return [*figures, Figure(what=what, figure="PostgreSQL is not installed")]
    return [
        *figures,
        _rates(what, throughput.postgresql, polling),
        measured("processor time per press", _cpu_milliseconds_of(throughput.postgresql), "ms"),
    ]


def _rates(what: str, ours: Pressing, other: Pressing) -> Figure:
    return compared(what, ours.per_second, other.per_second, "/s")


def _size(ours: Performance, bare: Footprint) -> list[Figure]:
    mine = ours.footprint
    return [
        measured("memory when idle", mine.idle.now, "MiB", at_most=110),
        compared("memory when idle, to a bare bot's", mine.idle.now, bare.idle.now, "MiB"),
        compared(
            "memory after the work, to a bare bot's", mine.worked.now, bare.worked.now, "MiB"
        ),
        compared("memory at its peak, to a bare bot's", mine.worked.peak, bare.worked.peak, "MiB"),
        compared(
            "start, to a bare bot's", mine.start_seconds, bare.start_seconds, "s", at_most=0.5
        ),
        measured("the very first start, with an empty folder", ours.first_start_seconds, "s"),
    ]


def _orders(orders: Orders) -> list[Figure]:
    late = [video.late_seconds for video in orders.videos]
    looks = [video.looks for video in orders.videos]
    crowd = f"{PEOPLE} videos of about a minute at once"
    return [
        measured(f"{crowd}: seen after they were made, p50", median(late), "s", at_most=10),
        measured(f"{crowd}: seen after they were made, at most", max(late), "s"),
        measured(f"{crowd}: looks at each, on average", fmean(looks), ""),
        measured(f"{crowd}: looks at one, at most", max(looks), "", at_most=12),
        measured(f"{PEOPLE} pictures at once: all delivered", orders.pictures_seconds, "s"),
        measured("requests to the service per order", orders.requests_per_order, ""),
        measured(
            "memory over idle after all these",
            orders.worked.peak - orders.idle.now,
            "MiB",
            at_most=40,
        ),
        measured(
            "memory over idle after a video of 40 MB",
            orders.big.peak - orders.idle.now,
            "MiB",
            at_most=40,
        ),
    ]


def _own_share(ours: Performance, throughput: Throughput) -> Figure:
    """Tell how busy the stand-ins were: beyond the target, the bot may have waited for them."""
    scenes = (ours.private, ours.groups, ours.every_second, ours.streams, ours.crowd)
    return measured(
        "the benchmark's own load on its core, at most",
        max(part.bench_share for part in (*scenes, throughput.polling, throughput.webhook)) * 100,
        "%",
        at_most=80,
    )


def _none(what: str, count: int) -> Figure:
    return Figure(what=what, figure=str(count), target="0", is_met=count == 0)


def _cpu_milliseconds(scene: Scene) -> float:
    return scene.bot_cpu_seconds / len(scene.answers) * 1000


def _cpu_milliseconds_of(pressing: Pressing) -> float:
    return pressing.bot_cpu_seconds / pressing.presses * 1000


def _least_seconds(messages: int) -> float:
    limits = FloodLimits()
    return max(0, messages - limits.overall_burst) * limits.overall_refill_seconds
