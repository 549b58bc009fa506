"""Draws what was spent, day by day."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date
from importlib import resources

from bot.i18n import Localizer
from bot.model import ExpenseKind, Usage

SIZE = (1000, 560)
ZOOM = 2
"""Letters stay sharp when the picture fills a screen."""

DAYS_PER_LABEL = 5
MOST_GUIDES = 6

COLOURS = {
    ExpenseKind.ANSWER: "#6699cc",
    ExpenseKind.IMAGE: "#eecc66",
    ExpenseKind.VIDEO: "#994455",
}
"""Colour-blind people can tell them apart, and so can who prints in grey.

They are from the medium-contrast scheme of https://personal.sron.nl/~pault/.
"""


async def draw_usage(usage: Usage, days: Sequence[date], t: Localizer) -> bytes:
    """Draw a bar for each of these days, stacked by what the tokens went to, as a PNG."""
    return await asyncio.to_thread(_draw, usage, days, t)


def _draw(usage: Usage, days: Sequence[date], t: Localizer) -> bytes:
    import resvg_py  # noqa: PLC0415 - it takes memory that a bot without curious owners can save

    font = resources.files("bot") / "fonts" / "DejaVuSans-subset.ttf"
    with resources.as_file(font) as file:
        return resvg_py.svg_to_bytes(
            svg_string=_chart(usage, days, t),
            font_files=[str(file)],
            skip_system_fonts=True,
            zoom=ZOOM,
        )


def _chart(usage: Usage, days: Sequence[date], t: Localizer) -> str:
    """Describe the chart as SVG."""
    import pygal  # noqa: PLC0415 - as above
    from pygal.style import Style  # noqa: PLC0415

    tokens: Counter[tuple[ExpenseKind, date]] = Counter()
    for use in usage.days:
        tokens[use.kind, use.day] += use.tokens
    kinds = [kind for kind in COLOURS if any(tokens[kind, day] for day in days)]
    labels = [t("chart-day", day=str(day.day), month=day.month) for day in days]

    chart = pygal.StackedBar(
        title=t("chart-title"),
        style=Style(colors=tuple(COLOURS[kind] for kind in kinds), **LOOKS),
        value_formatter=lambda value: t("chart-tokens", tokens=round(value)),
        x_labels=labels,
        x_labels_major=labels[::-DAYS_PER_LABEL],
        **LAYOUT,
    )
    for kind in kinds:
        name = t("chart-kind", kind=kind.value)
        chart.add(name, [tokens[kind, day] for day in days])
    svg: str = chart.render(is_unicode=True)
    return svg


LOOKS = {
    "background": "white",
    "plot_background": "white",
    "foreground": "#444444",
    "foreground_strong": "#222222",
    "guide_stroke_color": "#e4e4e4",
    "major_guide_stroke_color": "#e4e4e4",
    "guide_stroke_dasharray": "0",
    "major_guide_stroke_dasharray": "0",
    "opacity": "1",
    "font_family": "DejaVu Sans",
    "title_font_size": 26,
    "legend_font_size": 20,
    "label_font_size": 18,
    "major_label_font_size": 18,
}

LAYOUT = {
    "width": SIZE[0],
    "height": SIZE[1],
    "explicit_size": True,
    "margin": 24,
    "spacing": 14,
    "legend_at_bottom": True,
    "legend_at_bottom_columns": len(COLOURS),
    "legend_box_size": 18,
    "truncate_legend": -1,
    "truncate_label": -1,
    "show_minor_x_labels": False,
    "order_min": 0,  # guides at whole tokens only
    "max_scale": MOST_GUIDES,
    "js": (),  # a picture moves no mouse
    "disable_xml_declaration": True,
}
