"""Entry of the ``citydeck`` command: Ctrl-C is one sentence even while the program is still loading."""

import importlib
import sys

INTERRUPTED = 130


def main() -> None:
    """Load the command line and run it."""
    try:
        # Loading takes a second or two, and is where an impatient Ctrl-C lands.
        importlib.import_module("app.cli").main()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; the store is as it was\n")
        sys.exit(INTERRUPTED)
