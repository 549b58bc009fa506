"""The models on offer, with the costs of the page concepts/tokens."""

from bot.sandbox.elumenta.media_models import IMAGE_MODELS, VIDEO_MODELS
from bot.sandbox.elumenta.model import Category, Model


def text_model(slug: str, name: str, provider: str, *, plan: str, tokens: int) -> Model:
    """Describe one model of texts, whose answers all cost the same."""
    return Model(
        slug=slug,
        name=name,
        provider=provider,
        category=Category.TEXT,
        min_plan=plan,
        tokens=tokens,
        min_tokens=tokens,
        max_tokens=tokens,
    )


_TEXT_MODELS = (
    text_model("gpt-5-nano", "GPT-5 Nano", "OpenAI", plan="free", tokens=1),
    text_model("claude-haiku-4.5", "Claude Haiku 4.5", "Anthropic", plan="free", tokens=1),
    text_model("gemini-2.5-flash", "Gemini 2.5 Flash", "Google", plan="free", tokens=1),
    text_model("deepseek-v3", "DeepSeek V3 Chat", "DeepSeek", plan="free", tokens=1),
    text_model("grok-4-fast", "Grok 4 Fast", "xAI", plan="free", tokens=1),
    text_model("gpt-5", "GPT-5", "OpenAI", plan="basic", tokens=2),
    text_model("deepseek-r1", "DeepSeek R1", "DeepSeek", plan="basic", tokens=1),
    text_model("gpt-5.2", "GPT-5.2", "OpenAI", plan="basic", tokens=4),
    text_model("claude-sonnet-4.5", "Claude Sonnet 4.5", "Anthropic", plan="basic", tokens=4),
    text_model("gemini-3-pro", "Gemini 3 Pro", "Google", plan="basic", tokens=3),
    text_model("claude-opus-4.5", "Claude Opus 4.5", "Anthropic", plan="basic", tokens=6),
    text_model("gpt-5.2-pro", "GPT-5.2 Pro", "OpenAI", plan="basic", tokens=39),
)

CATALOGUE = {model.slug: model for model in (*_TEXT_MODELS, *IMAGE_MODELS, *VIDEO_MODELS)}
