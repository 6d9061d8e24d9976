"""EDN as Clojure's reader takes it."""

import pytest

from glossary.domain.edn import write_edn


@pytest.mark.parametrize(
    ("value", "edn"),
    [
        (None, "nil"),
        ([1, -2.5, True], "[1 -2.5 true]"),
        ({"amount": 1, "an order": {"x-1": []}}, '{:amount 1, "an order" {:x-1 []}}'),
        ('“a”\n"b"', '"“a”\\n\\"b\\""'),
        ({"1st": None, "": {}}, '{"1st" nil, "" {}}'),
    ],
)
def test_plain_data_is_written_as_edn(value, edn):
    assert write_edn(value) == edn
