"""Sample logs: the list of them, and editing one."""

import json

import pytest
from django.test import Client

from glossary.domain.vocabulary import OWN_LOG
from glossary.forms.log import fields_of
from glossary.models import Draft, Proposal
from glossary.services.proposing import Change, propose
from glossary.services.reviewing import approve
from simulator.models import SampleLog
from simulator.services import append_records
from tests.factories import SampleLogFactory, ScenarioFactory, TermFactory, UserFactory
from tests.snapshots import log_snapshot

EDIT = "/logs/orders/edit/"
RECORDS = log_snapshot()["records"]


@pytest.fixture
def log():
    return SampleLogFactory()


def form(*, base_revision=1, do="propose", records=None, **changes) -> dict:
    texts = fields_of(log_snapshot() | ({"records": records} if isinstance(records, list) else {}))
    texts |= changes | ({"records": records} if isinstance(records, str) else {})
    return {"note": "Shorter."} | texts | {"base_revision": base_revision, "do": do, "change": "wording"}


@pytest.mark.parametrize("traits", [{"member": True}, {"curator": True}, {"admin": True}])
@pytest.mark.parametrize("address", [EDIT, "/logs/new/"])
def test_people_who_propose_may_edit(client, log, traits, address):
    client.force_login(UserFactory(**traits))
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("traits", [None, {"deactivated": True}])
def test_others_sign_in_first(client, log, traits):
    if traits:
        client.force_login(UserFactory(**traits))
    assert client.get(EDIT).status_code == 302
    assert client.post(EDIT, form(title="Mine")).status_code == 401
    assert not Proposal.objects.exists()


def test_the_sites_own_log_is_edited_by_nobody(client, words):
    append_records(slug=OWN_LOG, title="This glossary", description="x", records=[], most=5)
    client.force_login(UserFactory(admin=True))
    response = client.get(f"/logs/{OWN_LOG}/edit/")
    assert response.status_code == 403
    assert "The site writes this log itself" in words(response)
    assert client.post("/logs/new/", form(slug=OWN_LOG, base_revision=0)).status_code == 422


def test_the_list_says_what_runs_on_each_log(client, log, words):
    ScenarioFactory(slug="compaction", title="The newest stays")
    response = client.get("/logs/")
    assert "Orders" in words(response)
    assert "3 records" in words(response)
    assert 'href="/simulator/compaction/"' in response.content.decode()
    assert client.get("/logs/orders/").url == "/simulator/?log=orders"


def test_the_form_names_the_scenarios_whose_claims_rest_on_the_log(client, member, log, words):
    ScenarioFactory(slug="compaction", title="The newest stays")
    response = client.get(EDIT)
    assert "The newest stays : 1 claim" in words(response)
    told = response.content.decode().partition('<script id="log-dependents" type="application/json">')[2]
    [scenario] = json.loads(told.partition("</script>")[0])
    assert scenario["claims"][0]["id"] == "something-survives"


def test_a_members_records_wait_for_review(client, member, log):
    response = client.post(EDIT, form(records=RECORDS[:2], note="Shorter."))
    proposal = Proposal.objects.get()
    assert response.url == f"/proposals/{proposal.pk}/"
    assert proposal.snapshot["records"] == RECORDS[:2]
    assert len(SampleLog.objects.get().records) == 3


def test_published_records_show_at_once_on_the_pages_of_terms(client, curator, log):
    ScenarioFactory(slug="compaction")
    term = TermFactory(scenarios=["compaction"])
    reader = Client()
    assert "OrderReturned" not in reader.get(f"/terms/{term.slug}/").content.decode()
    added = [*RECORDS, RECORDS[0] | {"type": "OrderReturned"}]
    assert client.post(EDIT, form(records=added)).url == "/simulator/?log=orders"
    assert "OrderReturned" in reader.get(f"/terms/{term.slug}/").content.decode()


def test_a_new_log_gets_its_name(client, curator):
    client.post("/logs/new/", form(slug="returns", title="Returns", base_revision=0))
    approve(proposal=Proposal.objects.get(), by=UserFactory(curator=True))
    assert SampleLog.objects.get().slug == "returns"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Title : must not be empty"),
        ({"description": "x" * 1001}, "has 1001 characters; the most is 1000"),
        ({"records": "hello"}, "line 1: 'hello' is not JSON"),
        ({"records": '{"time": 1}'}, "line 1: key: key is missing"),
        ({"records": [RECORDS[0] | {"key": "nul\x00"}]}, "line 1: key: holds a line break or control character"),
        ({"records": [RECORDS[0] | {"time": "yesterday"}]}, "line 1: time: 'yesterday' must be a whole number"),
        ({"records": [RECORDS[0] | {"offset": 5}, RECORDS[0] | {"offset": 5}]}, "line 2: offset: 5 must be 6 or more"),
        ({"records": "1\n" * 100_001}, "has 100001 records; the most is 100000"),
        ({"records": "x" * 8_000_001}, "has 8000001 characters"),
        ({}, "Nothing differs from what is published."),
    ],
)
def test_each_mistake_is_named_and_nothing_typed_is_lost(client, member, log, changes, said, words):
    response = client.post(EDIT, form(**{"title": "Typed for minutes"} | changes) if changes else form())
    assert response.status_code == 422
    assert said in words(response)
    assert not Proposal.objects.exists()


def test_a_log_of_thousands_of_records_goes_through(client, curator, log):
    many = [RECORDS[0] | {"key": f"order-{number}"} for number in range(20_000)]
    assert client.post(EDIT, form(records=many)).status_code == 302
    assert len(SampleLog.objects.get().records) == 20_000


def test_records_that_two_people_added_in_different_places_merge(client, curator, log):
    theirs = log_snapshot(records=[RECORDS[0] | {"type": "First"}, *RECORDS])
    propose(Change("log", theirs, 1, change="wording"), by=UserFactory(curator=True))
    client.post(EDIT, form(records=[*RECORDS, RECORDS[0] | {"type": "Last"}]))
    types = [record["type"] for record in SampleLog.objects.get().records]
    assert (types[0], types[-1], len(types)) == ("First", "Last", 5)


def test_records_that_two_people_changed_differently_are_shown_side_by_side(client, curator, log, words):
    theirs = log_snapshot(records=[RECORDS[0] | {"type": "Theirs"}, *RECORDS[1:]])
    propose(Change("log", theirs, 1, change="wording"), by=UserFactory(curator=True))
    response = client.post(EDIT, form(records=[RECORDS[0] | {"type": "Mine"}, *RECORDS[1:]]))
    assert response.status_code == 409
    assert '"Theirs"' in words(response)
    assert '"type":"Mine"' in words(response)
    assert 'name="base_revision" value="2"' in response.content.decode()


def test_what_is_typed_is_kept_and_offered_again(client, member, log):
    htmx = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "log-says"}
    answer = client.post(EDIT, form(do="show", title="Half a thought"), **htmx)
    assert answer.content.decode().lstrip().startswith('<div id="log-says"')
    assert dict(Draft.objects.get().fields)["title"] == "Half a thought"
    assert 'value="Half a thought"' in client.get(EDIT).content.decode()


def test_what_a_record_says_is_never_markup(client, member, log):
    hostile = RECORDS[0] | {"type": "</textarea><script>alert(1)</script>"}
    assert "<script>alert" not in client.post(EDIT, form(do="show", records=[hostile])).content.decode()
