"""Which links of a document are pins."""

import pytest

from glossary.domain.pins import pins_in

BASE = "https://words.example.org"


def pins(text: str) -> list[tuple]:
    return [tuple(pin) for pin in pins_in(text, BASE)]


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        (f"see [it]({BASE}/id/bqhgrb80/v/3/)", (1, "bqhgrb80", "", 3)),
        (f"\n\n<{BASE}/terms/dead-letter-queue/v/12>", (3, "", "dead-letter-queue", 12)),
        (f"{BASE}/terms/compaction/v/7#gap", (1, "", "compaction", 7)),
        ("a :external+eda:term:`compaction@v2` log", (1, "", "compaction", 2)),
        (":term:`compacted <compaction@v4>`", (1, "", "compaction", 4)),
    ],
)
def test_a_link_to_a_revision_is_a_pin(text, pin):
    assert pins(text) == [pin]


@pytest.mark.parametrize(
    "text",
    [
        "https://other.example.org/id/bqhgrb80/v/3/",
        f"{BASE}/terms/compaction/",
        f"{BASE}/terms/compaction/v/",
        f"{BASE}/terms/compaction/v/2x",
        f"{BASE}/terms/compaction/v/9999999999/",
        "compaction@v2",
        f"{BASE.replace('.', '-')}/id/bqhgrb80/v/3/",
    ],
)
def test_anything_else_is_none(text):
    assert pins(text) == []


def test_lines_are_counted_from_pin_to_pin():
    text = f"{BASE}/id/bqhgrb80/v/1/\n\n{BASE}/id/bqhgrb80/v/2/ {BASE}/id/bqhgrb80/v/3/\n"
    assert [(pin.line, pin.number) for pin in pins_in(text, BASE)] == [(1, 1), (3, 2), (3, 3)]
