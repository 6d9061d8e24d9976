"""Editing a scenario: who may, what is kept, what is refused, and what two people make of it."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from glossary.forms.scenario import fields_of
from glossary.models import Draft, Proposal
from glossary.services.drafting import save_draft
from glossary.services.proposing import Change, propose
from glossary.services.reviewing import approve
from simulator import catalogue
from simulator.models import Scenario
from tests.factories import SampleLogFactory, ScenarioFactory, TermFactory, UserFactory
from tests.snapshots import scenario_snapshot

EDIT = "/simulator/only-the-latest/edit/"
SLUG = "only-the-latest"


@pytest.fixture
def scenario():
    return ScenarioFactory(slug=SLUG)


def form(*, base_revision=1, do="propose", **changes) -> dict:
    """What a browser sends; changes name fields with two underscores for each slash."""
    fields = fields_of(scenario_snapshot(slug=SLUG), catalogue.declared())
    fields |= {"note": "Plainer.", "change": "wording", "base_revision": base_revision, "do": do}
    return fields | {name.replace("__", "/"): text for name, text in changes.items()}


@pytest.mark.parametrize(
    ("traits", "status"),
    [({"member": True}, 200), ({"curator": True}, 200), ({"admin": True}, 200), ({"deactivated": True}, 302)],
)
@pytest.mark.parametrize("address", [EDIT, "/simulator/new/"])
def test_who_may_edit(client, scenario, traits, status, address):
    client.force_login(UserFactory(**traits))
    assert client.get(address).status_code == status


@pytest.mark.parametrize("address", [EDIT, "/simulator/new/"])
def test_visitors_sign_in_first(client, scenario, address):
    assert client.get(address).url == f"/accounts/login/?next={address.replace('/', '%2F')}"
    assert client.post(address, form()).status_code == 401
    assert not Proposal.objects.exists()


def test_a_scenario_that_is_not_there_cannot_be_edited(client, member):
    assert client.get("/simulator/nothing-here/edit/").status_code == 404


def test_whoever_was_signed_out_while_typing_gets_everything_back(client, scenario, words):
    response = client.post(EDIT, form(title="Typed for an hour"))
    assert response.status_code == 401
    assert 'value="Typed for an hour"' in response.content.decode()
    assert "sign in in a new tab" in words(response)


def test_a_stale_token_gives_the_form_back_and_a_forged_one_does_nothing(scenario):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(curator=True))
    stale = client.post(EDIT, form(title="Typed"))
    assert stale.status_code == 403
    assert 'value="Typed"' in stale.content.decode()
    forged = client.post(EDIT, form(title="Forged"), HTTP_ORIGIN="https://elsewhere.example")
    assert forged.status_code == 403
    assert "Forged" not in forged.content.decode()
    assert Scenario.objects.get().title == scenario.title


def test_the_form_says_what_is_published(client, member, scenario, words):
    response = client.get(EDIT)
    html = response.content.decode()
    assert 'name="base_revision" value="1"' in html
    assert 'name="params/segmentRecords" value="2"' in html
    assert 'name="claims/0/path" value="/result/survivors"' in html
    assert "no-store" in response["Cache-Control"]


def test_the_scenarios_page_leads_to_its_form(client, scenario):
    assert f'href="{EDIT}"' in client.get(f"/simulator/{SLUG}/").content.decode()


# --- proposing


def test_a_members_change_waits_for_review(client, member, scenario):
    response = client.post(EDIT, form(title="The newest stays", note="Plainer."))
    proposal = Proposal.objects.get()
    assert response.url == f"/proposals/{proposal.pk}/"
    assert (proposal.subject, proposal.target, proposal.note) == ("scenario", SLUG, "Plainer.")
    assert proposal.snapshot == scenario.revisions.get().snapshot | {"title": "The newest stays"}
    assert Scenario.objects.get().title == scenario.title


def test_a_curators_wording_is_live_at_once_on_the_terms_page_too(client, curator, scenario):
    term = TermFactory(scenarios=[SLUG])
    reader = Client()
    assert "The newest stays" not in reader.get(f"/terms/{term.slug}/").content.decode()
    response = client.post(EDIT, form(title="The newest stays"))
    assert response.url == f"/simulator/{SLUG}/"
    assert "The newest stays" in reader.get(f"/terms/{term.slug}/").content.decode()
    assert "The newest stays" in reader.get(f"/simulator/{SLUG}/").content.decode()


def test_a_curators_change_of_meaning_waits(client, curator, scenario):
    client.post(EDIT, form(title="The newest stays") | {"change": "meaning"})
    assert Proposal.objects.awaiting_review().count() == 1


def test_a_replayed_form_proposes_once(client, member, scenario):
    first = client.post(EDIT, form(title="Twice"))
    again = client.post(EDIT, form(title="Twice"))
    assert Proposal.objects.count() == 1
    assert again.url == first.url


def test_a_scenario_keeps_its_address_whatever_is_sent(client, member, scenario):
    client.post(EDIT, form(slug="stolen", title="Renamed"))
    assert Proposal.objects.get().target == SLUG


def test_a_new_scenario_is_reviewed_whoever_wrote_it(client, curator):
    SampleLogFactory()
    response = client.post("/simulator/new/", form(slug="brand-new", base_revision=0))
    proposal = Proposal.objects.get()
    assert response.url == f"/proposals/{proposal.pk}/"
    assert (proposal.target, proposal.change) == ("brand-new", "meaning")
    approve(proposal=proposal, by=UserFactory(curator=True))
    assert client.get("/simulator/brand-new/").status_code == 200


@pytest.mark.parametrize(
    ("slug", "said"),
    [(SLUG, "is taken; choose another"), ("new", "an address of the site"), ("fidelity", "an address of the site"),
     ("Not A Slug", "lower-case letters"), ("", "lower-case letters")],
)  # fmt: skip
def test_a_new_scenario_needs_an_address_of_its_own(client, member, scenario, slug, said, words):
    response = client.post("/simulator/new/", form(slug=slug, base_revision=0))
    assert response.status_code == 422
    assert said in words(response)
    assert 'value="Only the latest survives"' in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Title : must not be empty"),
        ({"model": "perpetuum"}, "'perpetuum' is not one of"),
        ({"log": "nowhere"}, "there is no sample log 'nowhere'"),
        ({"params__segmentRecords": "0"}, "0 must be a whole number from 1 to 1000000"),
        ({"claims__0__value": "Leeds"}, "'Leeds' is not JSON"),
        ({"claims__0__value": ""}, "Claim 1, value : value is missing"),
        ({"claims__0__value": "null"}, "null, which cannot be kept here"),
        ({"claims__1__id": "something-survives"}, "is the name of another claim"),
        ({"start": "seven"}, "'seven' must be a whole number"),
        ({"interventions__0__kind": "explode"}, "unknown intervention 'explode'"),
        ({"break__label": "\x00"}, "control character"),
        ({"note": " "}, "say why, in a sentence"),
        ({"change": "dunno"}, "choose whether the wording changes or the meaning"),
        ({"note": "x" * 2001}, "has 2001 characters; the most is 2000"),
        ({"captions__engineer": "<script>alert(1)</script>" * 100}, "the most is 600"),
        ({}, "Nothing differs from what is published."),
    ],
)
def test_each_mistake_is_named_and_nothing_typed_is_lost(client, member, scenario, changes, said, words):
    response = client.post(EDIT, form(captions__manager="What I typed for minutes.", **changes) if changes else form())
    assert response.status_code == 422
    assert said in words(response)
    assert "<script>alert" not in response.content.decode()
    if changes:
        assert "What I typed for minutes." in response.content.decode()
        assert dict(Draft.objects.get().fields)["captions/manager"] == "What I typed for minutes."
    assert not Proposal.objects.exists()


def test_a_body_of_50_megabytes_is_refused_unread(client, member, scenario):
    response = client.post(EDIT, form(title="x" * 50_000_000))
    assert response.status_code in (400, 413)
    assert not Draft.objects.exists()


def test_a_base_that_never_was_is_named(client, member, scenario, words):
    response = client.post(EDIT, form(base_revision=99, title="Stale"))
    assert response.status_code == 422
    assert "Version 99 of this scenario does not exist" in words(response)


# --- two people


def publish(**changes):
    curator = UserFactory(curator=True)
    snapshot = scenario_snapshot(slug=SLUG) | changes
    propose(Change("scenario", snapshot, 1, change="wording"), by=curator)


def test_changes_of_different_places_merge(client, curator, scenario, words):
    publish(title="Theirs")
    client.post(EDIT, form(captions__engineer="Mine."))
    assert "Version 2 was published while you wrote (title); your change was merged" in words(client.get("/map/"))
    now = Scenario.objects.get()
    assert (now.title, now.captions["engineer"]) == ("Theirs", "Mine.")


def test_a_conflict_shows_all_three_texts_and_the_second_author_decides(client, curator, scenario, words):
    publish(title="Theirs")
    response = client.post(EDIT, form(title="Mine", captions__engineer="Also mine."))
    assert response.status_code == 409
    assert 'name="title" value="Mine"' in response.content.decode()
    assert 'name="base_revision" value="2"' in response.content.decode()
    assert all(text in words(response) for text in ("Theirs", "Only the latest survives"))
    assert client.post(EDIT, form(title="Both", captions__engineer="Also mine.", base_revision=2)).status_code == 302
    assert Scenario.objects.get().title == "Both"


def test_the_second_author_takes_theirs_place_by_place(client, curator, scenario):
    publish(title="Theirs")
    sent = form(title="Mine", captions__engineer="Also mine.", base_revision=2) | {"conflicts_since": "1"}
    html = client.post(EDIT, sent | {"do": "theirs title"}).content.decode()
    assert 'name="title" value="Theirs"' in html
    assert "Also mine." in html
    assert "Take theirs" not in html


@pytest.mark.parametrize("path", ["", "claims/nothing", "claims/something-survives/value", "../x", "break"])
def test_taking_what_is_not_there_breaks_nothing(client, member, scenario, path):
    publish(title="Theirs")
    sent = form(title="Mine", base_revision=2) | {"conflicts_since": "1", "do": f"theirs {path}"}
    assert client.post(EDIT, sent).status_code == 200


@pytest.mark.parametrize("base", ["", "x", "-1", "٣", "9" * 30, "2.5"])
def test_a_base_that_is_no_number_breaks_nothing(client, member, scenario, base):
    assert client.post(EDIT, form(title="Mine", base_revision=base)).status_code in (409, 422)


def test_an_author_revises_what_they_proposed(client, member, scenario, words):
    client.post(EDIT, form(title="Mine"))
    proposal = Proposal.objects.get()
    assert "Revise it" in words(client.get(EDIT))
    address = f"/proposals/{proposal.pk}/edit/"
    assert 'name="title" value="Mine"' in client.get(address).content.decode()
    client.post(address, form(title="Better"))
    proposal.refresh_from_db()
    assert proposal.snapshot["title"] == "Better"
    client.force_login(UserFactory(curator=True))
    assert client.get(address).status_code == 403


def test_a_new_scenario_is_revised_under_its_first_name(client, member):
    SampleLogFactory()
    client.post("/simulator/new/", form(slug="brand-new", base_revision=0))
    proposal = Proposal.objects.get()
    address = f"/proposals/{proposal.pk}/edit/"
    assert 'name="slug"' not in client.get(address).content.decode()
    client.post(address, form(slug="other", title="Better", base_revision=0))
    proposal.refresh_from_db()
    assert (proposal.target, proposal.snapshot["slug"], proposal.snapshot["title"]) == (
        "brand-new",
        "brand-new",
        "Better",
    )


def test_two_changes_that_merge_into_nonsense_stay_in_the_form(client, member, scenario, words):
    publish(model="retention", params={}, **{"break": {"label": "x", "params": {}}}, claims=[])
    response = client.post(EDIT, form(params__segmentRecords="3"))
    assert response.status_code == 409
    assert 'name="base_revision" value="2"' in response.content.decode()


def test_an_address_that_was_taken_meanwhile_is_told(client, member, scenario, words):
    response = client.post("/simulator/new/", form(base_revision=0, title="Mine"))
    assert response.status_code == 422
    assert f"'{SLUG}' is taken; choose another" in words(response)
    assert 'value="Mine"' in response.content.decode()


def test_who_else_is_writing_is_told(client, member, scenario, words):
    other = UserFactory(member=True, display_name="Ada")
    save_draft(subject="scenario", target=SLUG, base_revision=1, fields=[["title", "x"]], by=other)
    assert "Ada is writing this too." in words(client.get(EDIT))
    Draft.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    assert "Ada is writing this too." not in words(client.get(EDIT))


# --- drafts and rows


def test_what_is_typed_is_kept_and_offered_again(client, member, scenario, words):
    client.post(EDIT, form(do="show", title="Half a thought"))
    again = client.get(EDIT)
    assert 'value="Half a thought"' in again.content.decode()
    assert "This is your draft" in words(again)
    client.post(EDIT, {"do": "discard"})
    assert "Half a thought" not in client.get(EDIT).content.decode()


def test_a_draft_is_its_authors_alone(client, member, scenario):
    client.post(EDIT, form(do="show", title="Half a thought"))
    client.force_login(UserFactory(curator=True))
    assert "Half a thought" not in client.get(EDIT).content.decode()


def test_claims_are_added_moved_and_taken_out_without_scripts(client, member, scenario):
    added = client.post(EDIT, form(do="add claims")).content.decode()
    assert 'name="claims/1/id" value=""' in added
    assert 'id="claims/1"' in added
    two = {"claims__1__id": "second", "claims__1__path": "/result"}
    moved = client.post(EDIT, form(do="up claims/1", **two)).content.decode()
    assert 'name="claims/0/id" value="second"' in moved
    gone = client.post(EDIT, form(do="remove claims/0", **two)).content.decode()
    assert 'name="claims/0/id" value="second"' in gone
    assert "claims/1/" not in gone


@pytest.mark.parametrize("deed", ["up claims/99", "remove claims/-1", "add nothing", "explode", "add claims/0/0", ""])
def test_deeds_that_do_not_exist_change_nothing(client, member, scenario, deed):
    response = client.post(EDIT, form(do=deed, title="Typed"))
    assert response.status_code == 200
    assert 'value="Typed"' in response.content.decode()


def test_another_model_brings_its_parameters(client, member, scenario):
    html = client.post(EDIT, form(do="show", model="fold")).content.decode()
    assert 'name="params/snapshotEvery"' in html
    assert 'type="hidden" name="params/segmentRecords" value="2"' in html


# --- the preview


def htmx(target: str) -> dict:
    return {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": target}


def figure(html: str) -> dict:
    return json.loads(html.partition('type="application/json">')[2].partition("</script>")[0])


def test_the_preview_is_the_figure_of_what_is_typed(client, member, scenario):
    response = client.post(EDIT, form(do="show", claims__0__value="7", start="1"), **htmx("scenario-preview"))
    html = response.content.decode()
    assert html.lstrip().startswith('<div id="scenario-preview"')
    shown = figure(html)
    assert (shown["claims"][0]["value"], shown["start"], len(shown["log"]["records"])) == (7, 1, 3)


def test_a_log_that_the_browser_has_is_not_sent_again(client, member, scenario):
    sent = form(do="show", title="x") | {"log_at_hand": "orders/1"}
    assert "records" not in figure(client.post(EDIT, sent, **htmx("scenario-preview")).content.decode())["log"]


def test_a_preview_that_would_look_the_same_is_not_sent(client, member, scenario):
    html = client.post(EDIT, form(do="show"), **htmx("scenario-preview")).content.decode()
    shown = html.partition('name="shown" value="')[2].partition('"')[0]
    again = form(do="show", note="Nothing that shows.") | {"shown": shown}
    assert client.post(EDIT, again, **htmx("scenario-preview")).status_code == 204
    assert dict(Draft.objects.get().fields)["note"] == "Nothing that shows."


def test_the_settings_that_the_figure_shows_are_taken_over(client, member, scenario):
    taken = {
        "params": {"segmentRecords": 4, "offsetMapKeys": None},
        "interventions": [{"kind": "clean", "at": 2, "time": None}],
    }
    sent = form(do="take", title="Typed") | {"taken": json.dumps(taken)}
    html = client.post(EDIT, sent, **htmx("scenario-fields")).content.decode()
    assert 'name="params/segmentRecords" value="4"' in html
    assert 'name="interventions/0/at" value="2"' in html
    assert 'name="title" value="Typed"' in html


@pytest.mark.parametrize("taken", ["", "[]", "{", '{"params": 1, "interventions": 1}', "null", '{"params": {}}'])
def test_settings_that_no_figure_shows_change_nothing(client, member, scenario, taken):
    sent = form(do="take") | {"taken": taken}
    html = client.post(EDIT, sent, **htmx("scenario-fields")).content.decode()
    assert 'name="params/segmentRecords" value="2"' in html
