"""What a process uses, as Linux counts it, and this process itself."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """How much of a process is in memory, in MiB, now and at most so far."""

    now: float
    peak: float


def memory_of(pid: int) -> Memory:
    status = Path(f"/proc/{pid}/status").read_text()
    sizes = dict(line.split(":", 1) for line in status.splitlines())
    return Memory(now=_mebibytes(sizes["VmRSS"]), peak=_mebibytes(sizes["VmHWM"]))


class Watch:
    """What has been used since the watch was made."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._began = time.monotonic()
        self._bot_cpu = _cpu_seconds_of(pid)
        self._own_cpu = time.process_time()

    @property
    def bot_cpu_seconds(self) -> float:
        return _cpu_seconds_of(self._pid) - self._bot_cpu

    @property
    def own_share(self) -> float:
        """The part of one core that this process took, stand-ins included."""
        return (time.process_time() - self._own_cpu) / (time.monotonic() - self._began)


def _cpu_seconds_of(pid: int) -> float:
    # The name of the program comes second, in brackets, and may contain blanks.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = fields[11:13]
    return (int(user) + int(system)) / TICKS_PER_SECOND


def _mebibytes(size: str) -> float:
    return int(size.split(maxsplit=1)[0]) / 1024
