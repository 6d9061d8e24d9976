"""Versions of scenarios and sample logs."""

import pytest

from glossary.domain.vocabulary import OWN_LOG
from glossary.services.proposing import Change, propose
from simulator.services import append_records
from tests.factories import SampleLogFactory, ScenarioFactory, UserFactory
from tests.snapshots import log_snapshot, scenario_snapshot


@pytest.fixture
def scenario():
    """A scenario in two versions."""
    author = UserFactory(curator=True, display_name="Ada")
    scenario = ScenarioFactory(slug="compaction")
    changed = scenario_snapshot(title="The newest stays", claims=[])
    propose(Change("scenario", changed, 1, change="wording", note="Plainer."), by=author)
    return scenario


def test_versions_are_listed_with_author_and_reason(client, scenario, words):
    said = words(client.get("/simulator/compaction/history/"))
    assert "v2" in said
    assert "Ada" in said
    assert "Plainer." in said
    assert "Go back to it" not in said


def test_two_versions_are_compared_in_either_direction(client, scenario, words):
    html = client.get("/simulator/compaction/diff/").content.decode()
    assert "<del>Only the latest survives</del><ins>The newest stays</ins>" in html
    assert "something-survives" in html
    assert (
        "<ins>Only the latest survives</ins>" in client.get("/simulator/compaction/diff/?from=2&to=1").content.decode()
    )
    assert "say the same" in words(client.get("/simulator/compaction/diff/?from=2&to=2"))


@pytest.mark.parametrize("query", ["from=1&to=99", "from=99", "to=999999999"])
def test_a_version_that_never_was_is_named(client, scenario, query, words):
    response = client.get(f"/simulator/compaction/diff/?{query}")
    assert response.status_code == 404
    assert "they are numbered 1 to 2" in words(response)


@pytest.mark.parametrize("query", ["from=x&to=", "from=-1", "to=%00"])
def test_nonsense_compares_the_newest_two(client, scenario, query, words):
    assert "Version 1 → version 2" in words(client.get(f"/simulator/compaction/diff/?{query}"))


def test_a_member_goes_back_by_proposing_what_it_said(client, scenario, words):
    client.force_login(UserFactory(member=True))
    assert "Go back to it" in words(client.get("/simulator/compaction/history/"))
    html = client.get("/simulator/compaction/edit/?version=1").content.decode()
    assert 'value="Only the latest survives"' in html
    assert 'name="base_revision" value="2"' in html


def test_a_long_log_is_compared_record_by_record_up_to_a_bound(client, words):
    log = SampleLogFactory()
    records = [log.records[0] | {"key": f"order-{number}"} for number in range(5000)]
    propose(Change("log", log_snapshot(records=records), 1, change="wording"), by=UserFactory(curator=True))
    said = words(client.get("/logs/orders/diff/"))
    assert "4997 added, 2 changed." in said
    assert "And 4799 more." in said


def test_the_sites_own_log_keeps_no_versions(client, words):
    append_records(slug=OWN_LOG, title="This glossary", description="x", records=[], most=5)
    assert "keeps no versions" in words(client.get(f"/logs/{OWN_LOG}/history/"))
