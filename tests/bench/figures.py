"""Figures and the table that shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table; without a target it is for information only."""

    what: str
    figure: str
    target: str = ""
    is_met: bool | None = None


def measured(what: str, value: float, unit: str, *, at_most: float | None = None) -> Figure:
    figure = Figure(what=what, figure=f"{value:.3g} {unit}".strip())
    if at_most is None:
        return figure
    target = f"<= {at_most:g} {unit}".strip()
    return replace(figure, target=target, is_met=value <= at_most)


def compared(
    what: str, ours: float, other: float, unit: str, *, at_most: float | None = None
) -> Figure:
    """Show how many times the other it is."""
    ratio = measured(what, ours / other, "", at_most=at_most)
    return replace(ratio, figure=f"{ratio.figure} ({ours:.3g} / {other:.3g} {unit})")


def spread(what: str, values: Sequence[float], unit: str, *, at_most: float) -> list[Figure]:
    """Show what is usual, and what nineteen of twenty stay below."""
    cuts = quantiles(values, n=20, method="inclusive")
    return [
        measured(f"{what}, p50", cuts[9], unit),
        measured(f"{what}, p95", cuts[18], unit, at_most=at_most),
    ]


def table(figures: Sequence[Figure]) -> str:
    rows = [("what", "figure", "target", ""), *map(_row, figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ("-" * widths[0], "-" * widths[1], "-" * widths[2], "-" * widths[3]))
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(figure: Figure) -> tuple[str, str, str, str]:
    verdict = {True: "ok", False: "over", None: ""}[figure.is_met]
    return figure.what, figure.figure, figure.target, verdict
