from datetime import date, timedelta
from io import BytesIO
from itertools import groupby

import pytest
from PIL import Image, ImageChops, ImageColor

from bot.i18n import Translator
from bot.model import DailyUse, ExpenseKind, Usage
from bot.telegram.charts import COLOURS, draw_usage

TODAY = date(2026, 11, 21)
DAYS = [TODAY - timedelta(days=ago) for ago in reversed(range(30))]

TITLE_HEIGHT, LEGEND_HEIGHT = 110, 100
NEARLY = 8
"""Edges are not sharp to the pixel."""


def use(kind: ExpenseKind, tokens: int, *, day: int, model: str = "m") -> DailyUse:
    return DailyUse(day=DAYS[day], kind=kind, model=model, tokens=tokens, requests=1, failures=0)


async def drawn(*days: DailyUse, language: str = "en") -> Image.Image:
    t = Translator.bundled().for_locale(language)
    png = await draw_usage(Usage(people=1, chats=1, days=days), DAYS, t)
    picture = Image.open(BytesIO(png))
    assert picture.format == "PNG"
    return picture.convert("RGB")


def where(colour: str, picture: Image.Image) -> Image.Image:
    """Make everything black that is not of this colour."""
    plain = Image.new("RGB", picture.size, ImageColor.getrgb(colour))
    red, green, blue = ImageChops.difference(picture, plain).split()
    difference = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return difference.point([255, *[0] * 255])


def plot(picture: Image.Image) -> Image.Image:
    return picture.crop((0, TITLE_HEIGHT, picture.width, picture.height - LEGEND_HEIGHT))


def bars(picture: Image.Image, kind: ExpenseKind) -> list[tuple[int, int, int, int]]:
    """Find the bars of a kind, from left to right: left, upper, right and lower edge."""
    mask = where(COLOURS[kind], plot(picture))
    across, _ = mask.getprojection()
    found, x = [], 0
    for is_bar, columns in groupby(across):
        width = len(list(columns))
        box = mask.crop((x, 0, x + width, mask.height)).getbbox()
        if is_bar and box is not None:
            found.append((x, box[1], x + width, box[3]))
        x += width
    return found


def height(bar: tuple[int, int, int, int]) -> int:
    return bar[3] - bar[1]


async def test_the_picture_is_sharp_on_a_phone_and_white_around_the_plot() -> None:
    picture = await drawn(use(ExpenseKind.ANSWER, 2, day=3))

    assert picture.size == (2000, 1120)
    edges = {picture.getpixel((x, y)) for x in (0, 1999) for y in (0, 1119)}
    assert edges == {(255, 255, 255)}


@pytest.mark.parametrize("kind", ExpenseKind)
async def test_there_are_bars_over_the_days_with_tokens_and_no_others(kind: ExpenseKind) -> None:
    every_day = bars(await drawn(*(use(kind, 90, day=day) for day in range(30))), kind)
    days = (0, 7, 8, 29)

    found = bars(await drawn(*(use(kind, 90, day=day) for day in days)), kind)

    assert len(every_day) == 30
    assert found == [every_day[day] for day in days]


async def test_bars_begin_at_zero_and_are_as_high_as_what_they_stand_for() -> None:
    picture = await drawn(
        use(ExpenseKind.IMAGE, 90, day=1),
        use(ExpenseKind.IMAGE, 20, day=2, model="one"),
        use(ExpenseKind.IMAGE, 10, day=2, model="another"),
    )

    high, low = bars(picture, ExpenseKind.IMAGE)

    assert abs(height(high) - 3 * height(low)) <= NEARLY
    assert high[3] == low[3]


async def test_what_a_day_took_is_stacked() -> None:
    picture = await drawn(*(use(kind, 30, day=5) for kind in ExpenseKind))

    (answer,), (image,), (video,) = (bars(picture, kind) for kind in ExpenseKind)

    assert 0 <= answer[1] - image[3] <= NEARLY
    assert 0 <= image[1] - video[3] <= NEARLY
    assert answer[0] == image[0] == video[0]


async def test_the_legend_names_what_there_is() -> None:
    picture = await drawn(use(ExpenseKind.VIDEO, 30, day=5), use(ExpenseKind.ANSWER, 0, day=5))

    seen = [where(COLOURS[kind], picture).getbbox() is not None for kind in ExpenseKind]

    assert seen == [False, False, True]


async def test_a_day_outside_the_plot_is_left_out() -> None:
    before = use(ExpenseKind.VIDEO, 30, day=0)
    long_ago = DailyUse(
        day=DAYS[0] - timedelta(days=1),
        kind=ExpenseKind.IMAGE,
        model="m",
        tokens=500,
        requests=1,
        failures=0,
    )

    assert await drawn(before, long_ago) == await drawn(before)


async def test_the_letters_of_every_language_are_drawn() -> None:
    pictures = [
        await drawn(use(ExpenseKind.ANSWER, 2, day=3), language=language)
        for language in Translator.bundled().languages
    ]

    titles = [picture.crop((0, 0, picture.width, TITLE_HEIGHT)) for picture in pictures]
    widths = [
        box[2] - box[0]
        for title in titles
        if (box := ImageChops.invert(title).getbbox()) is not None
    ]

    assert len(widths) == len(pictures)
    assert min(widths) > 300
