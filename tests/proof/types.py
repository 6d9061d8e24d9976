"""Check the types in the JSDoc of the in-browser modules with TypeScript, by npx."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TYPESCRIPT = "typescript@5.9.3"


def main() -> int:
    npx = Path(sys.executable).parent / "npx"
    return subprocess.run(
        [npx, "--yes", "--package", TYPESCRIPT, "tsc", "--project", ROOT / "tests" / "proof" / "jsconfig.json"],
        cwd=ROOT,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
