"""`python -m tests.bench` prints how fast and how large the bot is, next to a bare one."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figures import table
from tests.bench.ordering import perform_orders
from tests.bench.performance import perform, perform_bare
from tests.bench.pressing import perform_presses
from tests.bench.report import report

NOTE = (
    "Both bots ran as if installed: click, pygments and rich, which only developers have, hidden. "
    "PostgreSQL had the processors of this machine to share with them."
)


async def main() -> None:
    """Take about five minutes, and all figures from the same run."""
    with TemporaryDirectory(prefix="elumenta-bench-") as scratch:
        folders = [Path(scratch, name) for name in ("ours", "bare", "orders", "presses")]
        for folder in folders:
            folder.mkdir()
        ours = await perform(folders[0])
        bare = await perform_bare(folders[1], questions=ours.questions)
        orders = await perform_orders(folders[2])
        throughput = await perform_presses(folders[3])
    print(table(report(ours, bare, orders, throughput)), NOTE, sep="\n\n")  # noqa: T201 - what it is for


if __name__ == "__main__":
    asyncio.run(main())
