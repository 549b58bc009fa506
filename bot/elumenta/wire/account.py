"""What the service tells about money and limits."""

from typing import Annotated

from pydantic import Field

from bot.elumenta.generation import RateLimits
from bot.elumenta.media import Balance, Price
from bot.elumenta.wire.reading import Count, Hint, Moment, WireModel, Words, read


def read_price(body: bytes) -> Price:
    """Read what an order costs; raises ProtocolError."""
    return read(_Price, body).value()


def read_balance(body: bytes) -> Balance:
    """Read what the account has left; raises ProtocolError."""
    return read(_Balance, body).value()


def read_limits(headers: dict[str, str]) -> RateLimits | None:
    """Read the rate-limit headers of any answer; None when there are none."""
    limits = RateLimits(**dict(_Limits.model_validate(headers)))
    return None if limits == RateLimits() else limits


class _Price(WireModel):
    token_cost: Count
    min_token_cost: Hint[Count] = None
    max_token_cost: Hint[Count] = None

    def value(self) -> Price:
        least, most = self.min_token_cost, self.max_token_cost
        return Price(
            tokens=self.token_cost,
            min_tokens=self.token_cost if least is None else least,
            max_tokens=self.token_cost if most is None else most,
        )


class _Balance(WireModel):
    token_balance: Annotated[int, Field(gt=-(2**63), lt=2**63)]
    plan: Hint[Words] = None
    plan_expires_at: Hint[Moment] = None

    def value(self) -> Balance:
        return Balance(tokens=self.token_balance, plan=self.plan, expires_at=self.plan_expires_at)


class _Limits(WireModel):
    limit_hour: Hint[int] = Field(None, alias="x-ratelimit-limit-hour")
    remaining_hour: Hint[int] = Field(None, alias="x-ratelimit-remaining-hour")
    limit_day: Hint[int] = Field(None, alias="x-ratelimit-limit-day")
    remaining_day: Hint[int] = Field(None, alias="x-ratelimit-remaining-day")
    hour_resets_at: Hint[Moment] = Field(None, alias="x-ratelimit-reset-hour")
