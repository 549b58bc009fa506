"""Draws pictures: a friendly background, always the same for a seed, and the prompt on it."""

import hashlib
import textwrap
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageColor, ImageDraw, ImageFont, ImageOps

LETTERS_PER_SIDE = range(12, 49, 4)
"""How many times the letters go into the shorter side, from the largest to the smallest."""
LETTER_WIDTH = 0.55
"""Of its height, for a letter of average width."""
LINE_SPACING = 1.3
MARGIN = 0.1
QUALITY = 85

Colour = tuple[int, ...]


def draw(prompt: str, *, seed: int, size: tuple[int, int], extension: str) -> bytes:
    """Draw the picture that belongs to a prompt and a seed."""
    chance = hashlib.sha256(f"{seed} {prompt}".encode()).digest()
    picture = _sky(chance, size)
    _add_bubbles(picture, chance)
    _write(picture, " ".join(prompt.split()))

    file = BytesIO()
    picture.save(file, extension, quality=QUALITY)
    return file.getvalue()


def _sky(chance: bytes, size: tuple[int, int]) -> Image.Image:
    top, bottom = _colour(chance[0], 55, 45), _colour(chance[0] + 40, 70, 25)
    gradient = Image.linear_gradient("L").resize(size)
    return ImageOps.colorize(gradient, top, bottom)


def _add_bubbles(picture: Image.Image, chance: bytes) -> None:
    pen = ImageDraw.Draw(picture, "RGBA")
    width, height = picture.size
    for x, y, radius, hue in _quadruples(chance):
        across = min(width, height) * (radius + 64) / 1024
        centre = (width * x / 255, height * y / 255)
        box = (*(place - across for place in centre), *(place + across for place in centre))
        pen.ellipse(box, fill=(*_colour(hue, 60, 75), 50))


def _write(picture: Image.Image, text: str) -> None:
    """Write in the middle, as large as the text allows; the end of an endless text is left out."""
    width, height = picture.size
    lines, letters = _lay_out(text, width * (1 - 2 * MARGIN), height * (1 - 2 * MARGIN))
    ImageDraw.Draw(picture).multiline_text(
        (width / 2, height / 2),
        "\n".join(lines),
        fill="white",
        font=_font(letters),
        anchor="mm",
        align="center",
        spacing=letters * (LINE_SPACING - 1),
        stroke_width=max(1, round(letters / 24)),
        stroke_fill="#404040",
    )


def _lay_out(text: str, width: float, height: float) -> tuple[list[str], float]:
    """Break the text into lines, and choose the height of their letters."""
    lines, letters, rows = [text], height, 1.0
    for per_side in LETTERS_PER_SIDE:
        letters = min(width, height) / per_side
        columns, rows = width / letters / LETTER_WIDTH, height / letters / LINE_SPACING
        lines = textwrap.wrap(text, int(columns))
        if len(lines) <= rows:
            break
    lines = lines[: int(rows)]
    widest = max(map(_font(letters).getlength, lines))
    return lines, letters * width / max(width, widest)


def _font(letters: float) -> ImageFont.FreeTypeFont:
    """Load a font that knows Cyrillic, unlike the one that comes with Pillow."""
    font = files("bot") / "fonts" / "DejaVuSans-subset.ttf"
    file = BytesIO(font.read_bytes())
    return ImageFont.truetype(file, letters, layout_engine=ImageFont.Layout.BASIC)


def _quadruples(chance: bytes) -> Iterator[tuple[int, int, int, int]]:
    numbers = iter(chance)
    return zip(numbers, numbers, numbers, numbers, strict=True)


def _colour(hue: int, saturation: int, lightness: int) -> Colour:
    """Mix a colour; *hue* goes round with 256."""
    degrees = hue % 256 * 360 // 256
    return ImageColor.getrgb(f"hsl({degrees}, {saturation}%, {lightness}%)")
