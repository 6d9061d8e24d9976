"""A sample of what was recorded from a real broker, recorded again: any difference is a changed rule."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.proof

RECORDED = json.loads((Path(__file__).parents[1] / "vectors" / "broker.json").read_text(encoding="utf-8"))
SAMPLE = ("addresses", "clicks")


def test_a_broker_still_does_what_was_recorded():
    # Its client is installed for `make proof` only.
    from tests.conformance import broker, jars

    found = json.loads(json.dumps({"kafka": jars.version(), **broker.record(SAMPLE)}))
    assert sorted(found) == sorted(RECORDED)
    for name, value in found.items():
        expected = RECORDED[name]
        if isinstance(expected, list):
            expected = [case for case in expected if case["log"] in SAMPLE]
        assert value == expected, name
