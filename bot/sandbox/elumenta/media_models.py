"""The models that make pictures and videos (concepts/tokens, generations/image and /video)."""

from collections.abc import Mapping

from bot.sandbox.elumenta.model import Category, Model, Pricing, Value

FORMATS = ("webp", "png", "jpeg")
QUALITIES = ("standard", "hd")

Options = Mapping[str, tuple[Value, ...]]


def _image(
    slug: str,
    name: str,
    provider: str,
    *tokens: int,
    plan: str = "basic",
    pricing: Pricing = Pricing.FIXED,
    sizes: tuple[str, ...] = ("1024x1024",),
    more: Options | None = None,
) -> Model:
    """Describe one model of pictures; *tokens* are its least and greatest price."""
    return Model(
        slug=slug,
        name=name,
        provider=provider,
        category=Category.IMAGE,
        min_plan=plan,
        tokens=tokens[0],
        min_tokens=tokens[0],
        max_tokens=tokens[-1],
        pricing=pricing,
        options={"size": sizes, "format": FORMATS, **(more or {})},
    )


def _video(
    slug: str,
    name: str,
    provider: str,
    *tokens: int,
    plan: str = "basic",
    pricing: Pricing = Pricing.PER_SECOND,
) -> Model:
    return Model(
        slug=slug,
        name=name,
        provider=provider,
        category=Category.VIDEO,
        min_plan=plan,
        tokens=tokens[0],
        min_tokens=tokens[0],
        max_tokens=tokens[-1],
        pricing=pricing,
        options={
            "duration": (5, 10),
            "aspect_ratio": ("16:9", "9:16", "1:1"),
            "negative_prompt": (),
            "image_url": (),
        },
        first_pending=True,
    )


_DALL_E = _image(
    "dall-e-3",
    "DALL-E 3",
    "OpenAI",
    5,
    13,
    plan="free",
    pricing=Pricing.MATRIX,
    sizes=("1024x1024", "1024x1792", "1792x1024"),
    more={"quality": QUALITIES, "style": ("vivid", "natural")},
)
_GPT_IMAGE = _image(
    "gpt-image-1.5",
    "GPT Image 1.5",
    "OpenAI",
    1,
    21,
    pricing=Pricing.MATRIX,
    sizes=("1024x1024", "1024x1536", "1536x1024"),
    more={"quality": QUALITIES},
)
_FLUX = _image(
    "flux-1.1-pro",
    "Flux 1.1 Pro",
    "Replicate",
    4,
    sizes=("1024x1024", "768x1344", "1344x768", "1024x1536", "1536x1024"),
    more={"negative_prompt": (), "seed": ()},
)
_KONTEXT = _image(
    "flux-kontext-pro",
    "Flux Kontext Pro",
    "Replicate",
    3,
    more={"negative_prompt": (), "seed": (), "image_url": ()},
)
_STABLE_DIFFUSION = _image(
    "sd-3.5-large",
    "Stable Diffusion 3.5 Large",
    "Replicate",
    7,
    sizes=("1024x1024", "768x1344", "1344x768"),
    more={"negative_prompt": (), "seed": ()},
)
_MIDJOURNEY = Model(
    slug="midjourney",
    name="Midjourney",
    provider="MidJourney",
    category=Category.IMAGE,
    min_plan="basic",
    tokens=14,
    min_tokens=2,
    max_tokens=35,
    pricing=Pricing.PER_POINT,
    options={
        "aspect_ratio": ("1:1", "2:3", "3:2", "9:16", "16:9"),
        "format": FORMATS,
        "negative_prompt": (),
    },
    flat_names={"aspect_ratio": "size"},
    first_pending=True,
)

IMAGE_MODELS = (
    _image("photon-flash", "Photon Flash", "Luma", 1, plan="free"),
    _DALL_E,
    _GPT_IMAGE,
    _FLUX,
    _KONTEXT,
    _STABLE_DIFFUSION,
    _MIDJOURNEY,
    _image("recraft-v3", "Recraft V3", "Replicate", 4),
    _image("photon", "Photon", "Luma", 1, 2),
    _image("nano-banana-pro", "Nano Banana Pro", "Replicate", 16, 32),
)

VIDEO_MODELS = (
    _video("luma-ray2-flash", "Luma Ray 2 Flash", "Luma", 15, 93, plan="free"),
    _video("kling-v2.1", "Kling 2.1", "Kling", 26, 94),
    _video("minimax-video", "MiniMax Video", "MiniMax", 88, pricing=Pricing.FIXED),
    _video("luma-ray2", "Luma Ray 2", "Luma", 42, 180),
    _video(
        "midjourney-video", "Midjourney Video", "MidJourney", 50, 320, pricing=Pricing.PER_POINT
    ),
    _video("sora-2", "Sora 2", "OpenAI", 42, 125),
    _video("veo-3.1", "Veo 3.1", "Google", 83, 334),
)
