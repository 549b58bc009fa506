"""The models of the service, what they cost, and the options of those for pictures and videos.

Prices come from the page concepts/tokens; options, sizes and waiting times from the pages
generations/image and generations/video. Those two also use former slugs, kept here as aliases.
Only what a page names is listed; what a model costs in the end is what the service says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MAX_SEED = 2**32 - 1

ANY = ()
"""In place of values: the option takes whatever is written, `seed` a whole number."""

FORMATS = ("webp", "png", "jpeg")
QUALITIES = ("standard", "hd")
VIDEO_ASPECTS = ("16:9", "9:16", "1:1")
VIDEO_SECONDS = (5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextModel:
    """A model that answers questions; `tokens` is the price of each answer, however long."""

    slug: str
    name: str
    tokens: int


class Category(StrEnum):
    """What a media model makes."""

    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaModel:
    """A model that makes pictures or videos; `options` have the names of the API."""

    slug: str
    name: str
    category: Category
    min_tokens: int
    max_tokens: int
    options: Mapping[str, tuple[str | int, ...]]
    """The values that each option takes; empty if it takes any."""
    typical_seconds: int
    """The middle of the documented wait, or a guess where none is documented."""
    aliases: tuple[str, ...] = ()


def find_model(name: str, category: Category) -> MediaModel | None:
    """Find a model by its slug or a former one, however it is capitalised."""
    wanted = name.strip().lower()
    for model in models_of(category):
        if wanted == model.slug or wanted in model.aliases:
            return model
    return None


def find_text_model(name: str) -> TextModel | None:
    """Find a text model by its slug, however it is capitalised."""
    wanted = name.strip().lower()
    return next((model for model in TEXT_MODELS if model.slug == wanted), None)


def models_of(category: Category) -> tuple[MediaModel, ...]:
    """List the models of a kind by their lowest price, cheap ones first."""
    return tuple(model for model in CATALOG if model.category is category)


def _image(
    slug: str,
    name: str,
    *,
    tokens: tuple[int, int],
    typical_seconds: int = 20,
    aliases: tuple[str, ...] = (),
    **options: tuple[str, ...],
) -> MediaModel:
    return MediaModel(
        slug=slug,
        name=name,
        category=Category.IMAGE,
        min_tokens=tokens[0],
        max_tokens=tokens[1],
        options={**options, "format": FORMATS},
        typical_seconds=typical_seconds,
        aliases=aliases,
    )


def _video(
    slug: str,
    name: str,
    *,
    tokens: tuple[int, int],
    typical_seconds: int = 90,
    aliases: tuple[str, ...] = (),
) -> MediaModel:
    return MediaModel(
        slug=slug,
        name=name,
        category=Category.VIDEO,
        min_tokens=tokens[0],
        max_tokens=tokens[1],
        options={
            "duration": VIDEO_SECONDS,
            "aspect_ratio": VIDEO_ASPECTS,
            "negative_prompt": ANY,
        },
        typical_seconds=typical_seconds,
        aliases=aliases,
    )


TEXT_MODELS: tuple[TextModel, ...] = (
    TextModel(slug="gpt-5-nano", name="GPT-5 Nano", tokens=1),
    TextModel(slug="claude-haiku-4.5", name="Claude Haiku 4.5", tokens=1),
    TextModel(slug="gemini-2.5-flash", name="Gemini 2.5 Flash", tokens=1),
    TextModel(slug="deepseek-v3", name="DeepSeek V3 Chat", tokens=1),
    TextModel(slug="grok-4-fast", name="Grok 4 Fast", tokens=1),
    TextModel(slug="deepseek-r1", name="DeepSeek R1", tokens=1),
    TextModel(slug="gpt-5", name="GPT-5", tokens=2),
    TextModel(slug="gemini-3-pro", name="Gemini 3 Pro", tokens=3),
    TextModel(slug="gpt-5.2", name="GPT-5.2", tokens=4),
    TextModel(slug="claude-sonnet-4.5", name="Claude Sonnet 4.5", tokens=4),
    TextModel(slug="claude-opus-4.5", name="Claude Opus 4.5", tokens=6),
    TextModel(slug="gpt-5.2-pro", name="GPT-5.2 Pro", tokens=39),
)

CATALOG: tuple[MediaModel, ...] = (
    _image("photon-flash", "Photon Flash", tokens=(1, 1)),
    _image("photon", "Photon", tokens=(1, 2), aliases=("photon-1",)),
    _image("gpt-image-1.5", "GPT Image 1.5", tokens=(1, 21), quality=QUALITIES),
    _image(
        "midjourney",
        "Midjourney",
        tokens=(2, 35),
        typical_seconds=45,
        aliases=("midjourney-v6", "midjourney-turbo"),
        aspect_ratio=("1:1", "2:3", "3:2", "9:16", "16:9"),
    ),
    _image("flux-kontext-pro", "Flux Kontext Pro", tokens=(3, 3), seed=ANY, negative_prompt=ANY),
    _image(
        "flux-1.1-pro",
        "Flux 1.1 Pro",
        tokens=(4, 4),
        size=("1024x1024", "768x1344", "1344x768", "1024x1536", "1536x1024"),
        seed=ANY,
        negative_prompt=ANY,
    ),
    _image("recraft-v3", "Recraft V3", tokens=(4, 4)),
    _image(
        "dall-e-3",
        "DALL-E 3",
        tokens=(5, 13),
        size=("1024x1024", "1024x1792", "1792x1024"),
        quality=QUALITIES,
        style=("vivid", "natural"),
    ),
    _image(
        "sd-3.5-large",
        "Stable Diffusion 3.5 Large",
        tokens=(7, 7),
        size=("1024x1024", "768x1344", "1344x768"),
        seed=ANY,
        negative_prompt=ANY,
    ),
    _image("nano-banana-pro", "Nano Banana Pro", tokens=(16, 32), aliases=("nano-banana-pro-2k",)),
    _video(
        "luma-ray2-flash",
        "Luma Ray 2 Flash",
        tokens=(15, 93),
        typical_seconds=28,
        aliases=("luma-flash2",),
    ),
    _video(
        "kling-v2.1",
        "Kling 2.1",
        tokens=(26, 94),
        typical_seconds=68,
        aliases=("kling-v2.1-pro",),
    ),
    _video("sora-2", "Sora 2", tokens=(42, 125)),
    _video("luma-ray2", "Luma Ray 2", tokens=(42, 180), aliases=("luma-ray2-1080p",)),
    _video(
        "midjourney-video",
        "Midjourney Video",
        tokens=(50, 320),
        aliases=("mj-video-480p", "mj-video-720p"),
    ),
    _video("veo-3.1", "Veo 3.1", tokens=(83, 334)),
    _video("minimax-video", "MiniMax Video", tokens=(88, 88), typical_seconds=75),
)
