"""Packages of PyPI that no other test needs, in an environment of their own."""

import subprocess
import sys
from pathlib import Path


def python_with(folder: Path, *packages) -> Path:
    """The Python of a new environment in a folder; `packages` are what pip is told to install."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], check=True)
    return python
