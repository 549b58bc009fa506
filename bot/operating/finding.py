"""What a check found, for the operator."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How something stands, in one line."""

    is_well: bool
    said: str


def well(said: str) -> Finding:
    """Find it as it should be."""
    return Finding(is_well=True, said=said)


def wrong(said: str) -> Finding:
    """Find fault; the line ends with the one thing to do."""
    return Finding(is_well=False, said=said)
