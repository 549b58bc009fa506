"""What the program counted, as a test reads it, and metrics in which everything was counted."""

from prometheus_client.registry import Collector

from bot.metrics import Metrics


def counted(metric: Collector) -> dict[tuple[str, ...], float]:
    """Give a value for each combination of labels; of a histogram, how much it observed."""
    return {
        tuple(sample.labels.values()): sample.value
        for family in metric.collect()
        for sample in family.samples
        if sample.name in {family.name, f"{family.name}_total", f"{family.name}_count"}
    }


def count_everything() -> Metrics:
    """Let everything happen once that has labels, since nothing is known of those before."""
    metrics = Metrics()
    metrics.updates.labels(mode="polling").inc()
    metrics.handling.labels(kind="message").observe(0.3)
    metrics.checks.labels(check="database").set(1)
    metrics.answers.labels(state="answered").inc()
    metrics.tokens.labels(kind="answer").inc(3)
    metrics.requests_left.labels(window="hour").set(40)
    metrics.telegram_calls.labels(method="getMe", outcome="ok").inc()
    metrics.hear_exchange("stream", 200, 0.3)
    metrics.orders.labels(kind="image", state="delivered").inc()
    metrics.deliveries.labels(outcome="done").inc()
    return metrics
