"""The idea of a term in code: true of the figures."""

import io
import json
from contextlib import redirect_stdout

import pytest

from glossary.illustrations import standalone
from tests.shipped import engineer_terms, part_of, programs
from tests.snapshots import log_snapshot

# Engineer terms whose idea is none that records could show, each with the reason.
NOT_ABOUT_DATA = {
    "bike-shedding": "what people argue over",
    "greenfield": "how a project begins",
    "microservices-architecture": "how an application is divided among teams",
    "over-engineering": "what a team builds without need",
}


@pytest.mark.parametrize("program", programs("python"), ids=str)
def test_a_python_program_prints_what_the_figure_came_to(program, engine):
    expected = part_of(engine.simulate(program.given), program.path)
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(standalone(program.text, "python", records=program.records, about=["Run."]), {"__name__": "__main__"})  # noqa: S102 – our own
    assert json.loads(printed.getvalue()) == expected


@pytest.mark.parametrize("program", programs("python") + programs("clojure"), ids=str)
def test_a_program_is_ten_to_thirty_lines_that_fit_beside_each_other(program):
    lines = program.text.splitlines()
    assert 10 <= len(lines) <= 30
    assert max(map(len, lines)) <= 76


def test_what_is_shown_in_one_language_is_shown_in_both():
    told = {slug: set(term["code"]) for slug, term in engineer_terms().items() if "code" in term}
    assert {slug for slug, parts in told.items() if parts != {"path", "python", "clojure"}} == set()


def test_every_term_about_data_has_programs():
    assert {slug for slug, term in engineer_terms().items() if "code" not in term} == set(NOT_ABOUT_DATA)


def test_a_record_is_as_large_as_the_engine_says(engine):
    odd = {"time": 0, "key": "é", "type": "t", "value": {"a": [1.5, "ü", None, True]}}
    records = [*log_snapshot()["records"], odd]
    found: dict = {}
    exec(standalone("sizes = [record['size'] for record in log]", "python", records=records, about=[]), found)  # noqa: S102
    run = engine.simulate({"model": "retention", "log": records, "params": {"segmentBytes": 1_000_000}})
    assert sum(found["sizes"]) == sum(segment["bytes"] for segment in run["result"]["segments"])
