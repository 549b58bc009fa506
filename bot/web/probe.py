"""`python -m bot.web.probe` tells whether the bot beside it is well, by its exit status."""

import json
import os
import sys
from http.client import HTTPConnection, HTTPException

DEFAULT_PORT = "8080"
ANSWER_SECONDS = 8.0
"""More than the checks may take."""

OK = 200


def main() -> int:
    """Ask the bot on this machine; the result is 0 if it is well, and 1 if not."""
    port = os.environ.get("HTTP_PORT") or DEFAULT_PORT
    try:
        is_well, told = _ask(int(port))
    except (OSError, HTTPException, ValueError, TypeError, LookupError) as error:
        is_well, told = False, f"no answer on port {port}: {type(error).__name__}"

    print(told)  # noqa: T201 - for whoever reads what the container says of its health
    return 0 if is_well else 1


def _ask(port: int) -> tuple[bool, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        checks = json.loads(answer.read())["checks"]
    finally:
        connection.close()
    failing = [f"{name}: {check['note']}" for name, check in checks.items() if not check["ok"]]
    return answer.status == OK, "; ".join(failing) or "well"


if __name__ == "__main__":
    sys.exit(main())
