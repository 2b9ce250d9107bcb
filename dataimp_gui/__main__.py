"""``dataimp`` and ``python -m dataimp_gui``."""

import sys


def main() -> int:
    from dataimp_gui.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
