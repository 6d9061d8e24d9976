"""Packages of npm, put into a folder by the npm that Python brings."""

import os
import subprocess
import sys
from pathlib import Path

TOOLS = Path(sys.executable).parent


def install(folder: Path, *packages: str) -> Path:
    """The folder, with the packages below its `node_modules`."""
    command = [TOOLS / "npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", folder, *packages]
    subprocess.run(command, check=True, env=os.environ | {"PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"})
    return folder
