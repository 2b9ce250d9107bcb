"""``dataimp`` and ``python -m dataimp_gui``."""

import signal
import sys


def main() -> int:
    from dataimp_gui.cli import run

    signal.signal(signal.SIGTERM, _stop)
    return run(sys.argv[1:])


def _stop(*_: object) -> None:
    """To be told to end means what Ctrl+C means: clean up first."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
