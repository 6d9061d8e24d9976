"""A sample log as a form's fields, and back: nothing is lost on the way."""

import json

import hypothesis
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.problems import Problem
from glossary.domain.snapshot import CONTROL, LINE_BREAK, log_problems
from glossary.forms.fields import as_sent
from glossary.forms.log import MOST_TOLD, Reading, fields_of
from glossary.services.reading_files import read_folders
from tests.snapshots import log_snapshot

SHIPPED = {source.slug: source.data for source in read_folders(settings.CONTENT_DIRS[:1]).logs}
# Unicode's tables are slow to load the first time.
unhurried = hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.too_slow])
names = st.text(min_size=1, max_size=12).filter(
    lambda text: text.strip() and not LINE_BREAK.search(text) and not CONTROL.search(text)
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
records = st.fixed_dictionaries(
    {"time": st.integers(0, 8_640_000_000_000_000), "key": st.none() | names, "type": names, "value": values},
    optional={"size": st.integers(0, 2**53 - 1)},
)


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_shipped_log_comes_back_from_its_form(slug):
    reading = Reading(fields_of(SHIPPED[slug]))
    assert reading.problems == []
    assert reading.snapshot == SHIPPED[slug]


@unhurried
@given(st.lists(records, max_size=5))
def test_every_log_that_may_be_published_comes_back_from_its_form(found):
    snapshot = log_snapshot(records=found)
    assert log_problems(snapshot) == []
    reading = Reading(as_sent(fields_of(snapshot).items()))
    assert reading.problems == []
    assert reading.snapshot == snapshot


RECORD = {"time": 1772784000000, "key": None, "type": "Asked", "value": 1}


@pytest.mark.parametrize(
    "text",
    [
        '\n{"time": 1772784000000, "key": null, "type": "Asked", "value": 1}\n\n',
        '[{"time": 1772784000000, "key": null, "type": "Asked", "value": 1}]',
        '{"time": "2026-03-06T08:00:00Z", "key": null, "type": "Asked", "value": 1}',
        '{"time": "2026-03-06T09:00:00+01:00", "key": null, "type": "Asked", "value": 1}',
        '{"time": "2026-03-06T08:00:00", "key": null, "type": "Asked", "value": 1}',
    ],
)
def test_records_are_read_as_lines_or_as_a_list_with_times_either_way(text):
    assert Reading({"records": text}).snapshot["records"] == [RECORD]


def test_lines_that_cannot_be_read_are_named():
    text = f"{json.dumps(RECORD)}\n\n{{'a': 1}}\nNaN"
    [problem] = Reading({"records": text}).problems
    assert problem.path == "records"
    assert "line 3: \"{'a': 1}\" is not JSON" in problem.message
    assert "line 4: NaN is not a number" in problem.message


def test_problems_of_records_are_told_by_line():
    reading = Reading({"records": f"{json.dumps(RECORD)}\n\n{json.dumps(RECORD | {'time': -1})}"})
    found = log_problems(log_snapshot(records=reading.snapshot["records"]))
    title, told = reading.tell([Problem("title", "must not be empty"), *found])
    assert title.path == "title"
    assert told.path == "records"
    assert "line 3: time: -1 must be a whole number" in told.message


def test_no_more_problems_are_told_than_anybody_reads():
    [problem] = Reading({"records": "x\n" * 500}).problems
    assert problem.message.count("line ") == MOST_TOLD
    assert problem.message.endswith("; and 480 more")


@pytest.mark.parametrize("text", ["x" * 8_000_001, "1\n" * 100_001, "[" * 100_000, "[1,"])
def test_what_is_too_much_is_refused_as_a_whole(text):
    reading = Reading({"records": text})
    assert reading.snapshot["records"] == []
    [problem] = reading.problems
    assert problem.path == "records"
