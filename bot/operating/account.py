"""Checks the account at Elumenta: its key, its plan, and what it has left."""

from bot.elumenta import (
    Balance,
    ElumentaClient,
    ElumentaError,
    InsufficientTokens,
    PlanTooLow,
    RateLimited,
    RequestStyle,
    Timeouts,
    Unauthorized,
    Unreachable,
)
from bot.operating.finding import Finding, well, wrong
from bot.settings import Settings

TIMEOUTS = Timeouts(connect_seconds=5, silence_seconds=5, answer_seconds=5)
OUT_OF_TOKENS = "no tokens are left: top up the account"


async def check_account(settings: Settings) -> Finding:
    """Ask for the balance, which costs nothing."""
    client = ElumentaClient(
        settings.elumenta_api_key.get_secret_value(),
        base_url=settings.elumenta_base_url,
        style=RequestStyle(settings.elumenta_request_style),
        timeout=TIMEOUTS,
    )
    async with client:
        try:
            balance = await client.get_balance()
        except ElumentaError as error:
            return wrong(_explain(error, settings.elumenta_base_url))
    if balance.tokens <= 0:
        return wrong(OUT_OF_TOKENS)
    return well(_describe(balance))


def _describe(balance: Balance) -> str:
    plan = f" on the plan {balance.plan}" if balance.plan else ""
    until = f", which ends on {balance.expires_at:%Y-%m-%d}" if balance.expires_at else ""
    return f"the key works, {balance.tokens:,} tokens are left{plan}{until}"


def _explain(error: ElumentaError, base_url: str) -> str:
    match error:
        case Unauthorized():
            return f"ELUMENTA_API_KEY is not known at {base_url}: copy it again from your account"
        case InsufficientTokens():
            return OUT_OF_TOKENS
        case PlanTooLow():
            return "the plan does not include the API: change to one that does"
        case RateLimited():
            return "the account is asked too often: see what else uses the key, and try again"
        case Unreachable():
            return f"nobody answers at {base_url}: check the network and ELUMENTA_BASE_URL"
        case _:
            return f"{base_url} answers oddly ({error}): check ELUMENTA_BASE_URL, or try later"
