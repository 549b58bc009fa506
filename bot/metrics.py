"""What the program counts about itself; `bot.web` shows it to Prometheus.

It is counted always, since that costs next to nothing. No label says anything about a person, or
takes ever new values.
"""

from functools import partial
from math import nan

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

NAMESPACE = "elumenta_bot"

HANDLING_SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
ANSWER_SECONDS = (0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 60, 120, 300, 900)
REQUEST_SECONDS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 20, 30, 60, 180)


class Metrics:
    """All that is counted, in a registry of its own; whoever makes it happen counts it.

    A gauge that nobody knows yet is NaN, which sets off no alert as 0 would.
    """

    # Longer than others: it is a list, and the library wants the registry for each entry.
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, namespace=NAMESPACE, registry=self.registry)
        gauge = partial(Gauge, namespace=NAMESPACE, registry=self.registry)
        histogram = partial(Histogram, namespace=NAMESPACE, registry=self.registry)
        answer_time = partial(histogram, buckets=ANSWER_SECONDS)

        self.updates = counter("updates", "Updates from Telegram, by how they came", ["mode"])
        self.updates_waiting = gauge(
            "updates_waiting", "Updates that are not handled yet, of all replicas together"
        )
        self.handling = histogram(
            "handling_seconds",
            "From the beginning of handling an update to its end, its answer included",
            ["kind"],
            buckets=HANDLING_SECONDS,
        )
        self.conflicts = counter(
            "polling_conflicts",
            "Times that updates were refused, since somebody else fetches them",
        )
        self.rebuilds = counter(
            "polling_rebuilds", "Connections for updates that fell silent and were made anew"
        )
        self.replicas = gauge("replicas", "Replicas that are alive, as far as this one knows")
        self.checks = gauge("check_ok", "Whether a part of the program is well: 1 or 0", ["check"])

        self.answers = counter("answers", "Answers, by how they ended", ["state"])
        self.first_words = answer_time(
            "first_words_seconds", "From a question until the first words of its answer come"
        )
        self.whole_answers = answer_time(
            "whole_answer_seconds", "From a question until all of its answer is shown"
        )
        self.people_waiting = gauge(
            "people_waiting", "People who wait until the account may make one more request"
        )

        self.tokens = counter("tokens", "Tokens spent, as far as the service tells", ["kind"])
        self.balance = gauge("balance_tokens", "Tokens of the account, when last looked at")
        self.requests_left = gauge(
            "requests_left", "Requests that the account may still make in this window", ["window"]
        )

        self.telegram_calls = counter(
            "telegram_calls",
            "Calls to Telegram, each attempt, by how they ended",
            ["method", "outcome"],
        )
        self.flood_seconds = counter(
            "telegram_flood_seconds", "Seconds for which Telegram demanded quiet"
        )

        self.elumenta_requests = counter(
            "elumenta_requests",
            "Requests to Elumenta, each attempt, by the status of the answer",
            ["operation", "status"],
        )
        self.elumenta_seconds = histogram(
            "elumenta_seconds",
            "From a request to Elumenta until its answer begins",
            ["operation"],
            buckets=REQUEST_SECONDS,
        )

        self.orders = counter(
            "orders", "Orders of pictures and videos that ended, by how", ["kind", "state"]
        )
        self.deliveries = counter(
            "deliveries", "Attempts to show a picture or a video, by outcome", ["outcome"]
        )

        for unknown in (
            self.updates_waiting,
            self.replicas,
            self.people_waiting,
            self.balance,
        ):
            unknown.set(nan)

    def hear_exchange(self, operation: str, status: int | None, seconds: float) -> None:
        """Count a request to Elumenta; one without a status found no answer."""
        told = "none" if status is None else str(status)
        self.elumenta_requests.labels(operation=operation, status=told).inc()
        self.elumenta_seconds.labels(operation=operation).observe(seconds)
