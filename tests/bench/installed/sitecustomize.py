"""Hides the tools of developers from a process, as on the machine of somebody who has none.

Libraries load some of them whenever they find them: structlog takes rich, httpx its command line.
"""

import sys

DEVELOPERS_TOOLS = ("click", "pygments", "rich")

for name in DEVELOPERS_TOOLS:
    sys.modules[name] = None  # type: ignore[assignment] # how Python spells "cannot be imported"
