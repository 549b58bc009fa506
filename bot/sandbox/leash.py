"""`python -m bot.sandbox.leash -m MODULE`: runs it until the program that holds the leash is gone.

The leash is a pipe to the standard input. It ends with whoever holds the other end, even with
one that was killed and could clean up nothing.
"""

import os
import runpy
import signal
import sys
import threading
import time

STANDARD_INPUT = 0
GRACE_SECONDS = 15
USAGE = "usage: python -m bot.sandbox.leash (-m MODULE | SCRIPT) [ARGUMENT ...]"


def main() -> None:
    """Run the module or the script that the command line names, as Python itself would."""
    # Not a stream of Python: a thread that waits in one would get in the way of a normal end.
    threading.Thread(target=_end_with_the_holder, daemon=True).start()

    match sys.argv[1:]:
        case ["-m", module, *arguments]:
            sys.argv = [module, *arguments]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        case [script, *arguments]:
            sys.argv = [script, *arguments]
            runpy.run_path(script, run_name="__main__")
        case _:
            sys.exit(USAGE)


def _end_with_the_holder() -> None:
    while os.read(STANDARD_INPUT, 1):
        continue

    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
