"""What a test can tell the stand-in about the making of a picture or a video."""

from dataclasses import dataclass

OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How one picture or video is made, and what goes wrong with it."""

    takes: float | None = None
    """Seconds until it is made; what the server says for its kind unless given."""
    pending: bool | None = None
    """Answered at once and made meanwhile, as videos and Midjourney's pictures are by default;
    otherwise the order is answered when it is made."""
    eta_seconds: int | None = None
    """What a pending one says about the time it needs."""
    fails: str | None = None
    """It fails with this reason, and costs nothing."""
    size_bytes: int | None = None
    """The file is blown up to exactly this size; it can be seen all the same."""
    lost_answer: bool = False
    """The order is carried out, but its caller is cut off instead of answered."""
    file_status: int = OK
    """What the first requests for the file are answered with."""
    file_failures: int = 0
    """How many these are; then the file is there."""
    seed: int | None = None
    """What it was made from."""

    def __post_init__(self) -> None:
        """Refuse a script that contradicts itself."""
        if (self.file_status != OK) != (self.file_failures > 0):
            message = "give a file both a status and a number of failures"
            raise ValueError(message)
