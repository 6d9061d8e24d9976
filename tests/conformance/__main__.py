"""Record the vectors in tests/vectors/ again, from Kafka's own classes and a broker, and compare.

    python -m tests.conformance [NAME…] [--write]

With --write, replace them; with names, only those.
"""

import json
import sys
from pathlib import Path

from tests.conformance import (
    broker,
    compacted_transactions,
    compaction,
    groups,
    idempotence,
    jars,
    jvm,
    partitioner,
    retention,
    transactions,
    windows,
)

VECTORS = Path(__file__).parent.parent / "vectors"
RECORDERS = {
    "murmur2": partitioner,
    "consumer_group": groups,
    "retention": retention,
    "compaction": compaction,
    "compacted_transactions": compacted_transactions,
    "idempotent_producer": idempotence,
    "transactions": transactions,
    "windowing": windows,
    "broker": broker,
}


def recorded(name: str) -> str:
    """A recording as its file holds it; the Java machine runs already."""
    return text({"kafka": jars.version(), **RECORDERS[name].record()})


def text(vectors: dict) -> str:
    """Vectors as JSON: sorted and compact, one case a line, so that a difference names its case."""
    parts = []
    for name, value in sorted(vectors.items()):
        if isinstance(value, list):
            cases = ",\n".join(compact(case) for case in value)
            parts.append(f"{compact(name)}:[\n{cases}\n]")
        else:
            parts.append(f"{compact(name)}:{compact(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def compact(value) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def compare(name: str, now: str, path: Path) -> bool:
    """Print whether a recording agrees with its file, and the first line that does not."""
    committed = path.read_text(encoding="utf-8") if path.exists() else ""
    if now == committed:
        print(f"{name}: agrees")
        return True
    pairs = zip(now.splitlines(), committed.splitlines(), strict=False)
    line, (after, before) = next(
        ((number, pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1]),
        (0, ("(more lines)", "(fewer lines)")),
    )
    print(f"{name}: differs, first in line {line} of {path}\n  recorded  {after[:300]}\n  committed {before[:300]}")
    return False


def main(arguments: list[str]) -> int:
    jvm.start()
    agrees = True
    chosen = [name for name in RECORDERS if name in arguments] or RECORDERS
    for name in chosen:
        now, path = recorded(name), VECTORS / f"{name}.json"
        if "--write" in arguments:
            path.write_text(now, encoding="utf-8")
            print(f"{name}: written")
        else:
            agrees = compare(name, now, path) and agrees
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
