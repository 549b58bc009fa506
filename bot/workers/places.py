"""How many orders are worked on at once, by what is to be done about them."""

from dataclasses import dataclass

from bot.model import JobState

LOOKED_AT = frozenset({JobState.UNKNOWN, JobState.PENDING})
LOOKS_AT_ONCE = 4
"""Few, so that a rate limit is noticed before many run into it."""

ORDERED = frozenset({JobState.CREATED})
ORDERS_AT_ONCE = 500
"""Many, since they may have to wait for the account's rate limit."""

OTHERS = frozenset(JobState) - LOOKED_AT - ORDERED
OTHERS_AT_ONCE = 200


@dataclass(slots=True, kw_only=True)
class Places:
    """How many jobs in some states may be worked on at once."""

    states: frozenset[JobState]
    most: int
    taken: int = 0

    @property
    def free(self) -> int:
        return self.most - self.taken


def create_places() -> tuple[Places, ...]:
    """Give places of its own to each: when looks hang or orders wait, everything else goes on."""
    return (
        Places(states=LOOKED_AT, most=LOOKS_AT_ONCE),
        Places(states=ORDERED, most=ORDERS_AT_ONCE),
        Places(states=OTHERS, most=OTHERS_AT_ONCE),
    )
