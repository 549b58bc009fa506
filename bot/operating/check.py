"""`python -m bot check` looks whether everything that the bot needs is as it should be."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.operating.account import check_account
from bot.operating.finding import Finding, wrong
from bot.operating.machine import check_database, check_models, check_port, check_volume
from bot.operating.messenger import check_modes, check_token, check_updates
from bot.settings import Settings

Check = Callable[[Settings], Awaitable[Finding]]

CHECKS: dict[str, Check] = {
    "Telegram": check_token,
    "updates": check_updates,
    "modes": check_modes,
    "Elumenta": check_account,
    "models": check_models,
    "database": check_database,
    "volume": check_volume,
    "HTTP port": check_port,
}
PATIENCE_SECONDS = 20.0
"""How long each check may take."""


async def check(settings: Settings) -> int:
    """Make all checks at once, beside a running bot or without one, and print what they find.

    Changes nothing, but makes the folder of the database. The result is the exit status.
    """
    findings = await asyncio.gather(*(_bounded(look, settings) for look in CHECKS.values()))
    for subject, finding in zip(CHECKS, findings, strict=True):
        mark = "✓" if finding.is_well else "✗"
        print(f"{mark} {subject:<9} {finding.said}")  # noqa: T201 - for the person at the terminal
    return 0 if all(finding.is_well for finding in findings) else 1


async def _bounded(look: Check, settings: Settings) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await look(settings)
    except TimeoutError:
        return wrong(f"no answer within {PATIENCE_SECONDS:.0f} seconds: check the network")
