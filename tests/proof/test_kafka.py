"""Kafka's own classes, and for a sample of logs a real broker, recorded again: any difference is a changed rule."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.proof

VECTORS = Path(__file__).parents[1] / "vectors"
FROM_CLASSES = sorted(path.stem for path in VECTORS.glob("*.json") if path.stem != "broker")
SAMPLE = ("addresses", "clicks")


@pytest.mark.parametrize("name", FROM_CLASSES)
def test_kafkas_own_classes_still_do_what_was_recorded(name):
    # What drives them is installed for `make proof` only.
    from tests.conformance import __main__ as conformance
    from tests.conformance import jvm

    jvm.start()
    assert conformance.recorded(name) == (VECTORS / f"{name}.json").read_text(encoding="utf-8")


def test_a_broker_still_does_what_was_recorded():
    from tests.conformance import broker, jars

    expected_of_all = json.loads((VECTORS / "broker.json").read_text(encoding="utf-8"))
    found = json.loads(json.dumps({"kafka": jars.version(), **broker.record(SAMPLE)}))
    assert sorted(found) == sorted(expected_of_all)
    for name, value in found.items():
        expected = expected_of_all[name]
        if isinstance(expected, list):
            expected = [case for case in expected if case["log"] in SAMPLE]
        assert value == expected, name
