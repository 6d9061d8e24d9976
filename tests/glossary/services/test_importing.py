"""What becomes of each thing of an import, and that it is taken whole or not at all."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from glossary.domain.problems import Invalid
from glossary.models import Category, PendingImport, Proposal, ReviewSet, Term
from glossary.permissions import PermissionDenied
from glossary.services import exporting, importing
from glossary.services.importing import NotAsShown
from glossary.services.own_data import data_of
from glossary.services.people import make_anonymous
from glossary.services.publishing import publish_term
from glossary.services.reading_uploads import read_upload
from tests.factories import CategoryFactory, SampleLogFactory, ScenarioFactory, TermFactory, UserFactory, linked_to
from tests.snapshots import log_snapshot, scenario_snapshot, term_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    CategoryFactory()
    return UserFactory(curator=True)


def exported(selection=exporting.EVERYTHING) -> dict:
    return json.loads(b"".join(exporting.terms_json(selection)))


def upload(document) -> importing.Upload:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    return importing.with_uids(read_upload(raw))


def planned(document, by):
    return importing.plan(upload(document), by=by)


def outcomes(plan) -> dict[str, str]:
    return {row.label: row.outcome for row in plan.rows}


def refusals(plan) -> list[tuple[str, str]]:
    return [problem for row in plan.refused for problem in row.problems]


def test_each_thing_is_created_changed_or_unchanged(curator):
    TermFactory(label="log")
    TermFactory(label="offset")
    document = exported()
    document["terms"][0]["say"] = "Say it so."
    document["terms"].append(term_snapshot("segment"))
    plan = planned(document, curator)
    assert outcomes(plan) == {
        "Kafka": "unchanged", "log": "changed", "offset": "unchanged", "segment": "created",
    }  # fmt: skip
    [changed] = [row for row in plan.rows if row.outcome == "changed"]
    assert [field.path for field in changed.fields] == ["say"]
    assert plan.counts == {"refused": 0, "created": 1, "changed": 1, "unchanged": 2}


def test_an_import_becomes_one_set_that_waits_for_review(curator):
    term = TermFactory(label="log")
    document = exported()
    document["terms"][0]["gap"] = "Another gap."
    document["terms"].append(term_snapshot("segment", relations=[{"term": "log", "kind": "related"}]))
    review_set = importing.propose(upload(document), title="From the wiki", by=curator)
    changed, created = review_set.proposals.all()
    assert (changed.target, changed.base_revision, changed.change, changed.status) == (term.uid, 1, "meaning", "open")
    assert created.snapshot["relations"] == [{"term": term.uid, "kind": "related"}]
    assert Term.objects.get().current.number == 1


def test_what_is_new_may_refer_to_each_other(curator):
    one = term_snapshot("one", relations=[{"term": "two", "kind": "related"}], scenarios=["on-clicks"])
    two = term_snapshot("two", gap="As in [[one]].")
    del one["uid"], two["uid"]
    document = {
        "logs": [log_snapshot("clicks")],
        "scenarios": [scenario_snapshot("on-clicks", log="clicks")],
        "terms": [one, two],
    }
    review_set = importing.propose(upload(document), title="New", by=curator)
    proposals = {proposal.label: proposal for proposal in review_set.proposals.all()}
    assert proposals["one"].snapshot["relations"][0]["term"] == proposals["two"].target


def test_an_import_never_overwrites_what_was_published_since(curator):
    """Both sides stay where they touched different fields; the base is the revision that was exported."""
    term = TermFactory(label="log", say="Old saying.", gap="Old gap.")
    document = exported()
    publish_term(snapshot=term.current.snapshot | {"gap": "A person's gap."})
    document["terms"][0]["say"] = "The file's saying."
    plan = planned(document, curator)
    assert [field.path for row in plan.rows for field in row.fields] == ["say"]
    [proposal] = importing.propose(upload(document), title="File", by=curator).proposals.all()
    assert (proposal.snapshot["gap"], proposal.snapshot["say"]) == ("A person's gap.", "The file's saying.")
    assert proposal.base_revision == 2


def test_what_both_changed_is_refused_with_its_field(curator):
    term = TermFactory(label="log", say="Old saying.")
    document = exported()
    publish_term(snapshot=term.current.snapshot | {"say": "A person's saying."})
    document["terms"][0]["say"] = "The file's saying."
    [(place, message)] = refusals(planned(document, curator))
    assert place == "terms 1"
    assert message.startswith("say: was changed by somebody else since your revision; export again")


def test_without_a_revision_the_present_one_is_the_base(curator):
    term = TermFactory(label="log", edits=[{"gap": "Second gap."}])
    snapshot = term.current.snapshot | {"say": "Said."}
    [proposal] = importing.propose(upload([snapshot]), title="File", by=curator).proposals.all()
    assert proposal.base_revision == 2


def test_revisions_of_another_site_are_not_taken_for_ours(curator):
    term = TermFactory(label="log", edits=[{"gap": "Second gap."}])
    document = exported() | {"url": "https://elsewhere.example.org/"}
    document["terms"] = [term.current.snapshot | {"say": "Said.", "revision": 1}]
    [proposal] = importing.propose(upload(document), title="File", by=curator).proposals.all()
    assert (proposal.base_revision, proposal.snapshot["gap"]) == (2, "Second gap.")


def test_a_table_changes_the_columns_that_it_has(curator):
    term = TermFactory(
        label="log", code={"path": "/result", "python": "1"}, aliases=[{"text": "journal", "kind": "synonym"}]
    )
    raw = b"slug,aliases,line_manager\nlog,synonym | ledger\\| book,What happened.\n"
    [proposal] = importing.propose(upload(raw), title="Sheet", by=curator).proposals.all()
    before = term.current.snapshot
    assert proposal.snapshot == before | {
        "aliases": [{"kind": "synonym", "text": "ledger| book"}],
        "lines": before["lines"] | {"manager": "What happened."},
    }


def test_every_refusal_says_where_what_and_the_way_out(curator):
    TermFactory(label="log")
    retired = TermFactory(label="ledger", retired=True)
    unknown = term_snapshot("unheard", status="retired")
    document = [
        term_snapshot("one", voice="director"),
        term_snapshot("two", slug="log"),
        term_snapshot("three", aliases=[{"text": "LOG", "kind": "synonym"}]),
        term_snapshot("four", relations=[{"term": "nowhere", "kind": "related"}]),
        term_snapshot("five", say="\0"),
        term_snapshot("six", category="unheard-of"),
        retired.current.snapshot | {"say": "Said."},
        unknown,
        {"label": "seven", "slug": ["x"]},
        term_snapshot("eight", revision=3, uid=["x"]),
        Term.objects.get(slug="log").current.snapshot | {"say": "Said.", "revision": 9},
    ]
    plan = planned(document, curator)
    assert plan.changes == []
    assert [row.place for row in plan.rows] == [f"terms {number}" for number in range(1, 12)]
    expected = [
        "voice: 'director' is not one of engineer, manager",
        "slug: 'log' is or was the address of another term",
        "aliases/0/text: 'LOG' already belongs to the engineer term 'log'",
        "relations/0/term: there is no term 'nowhere'",
        "say: holds a line break or control character; remove it",
        "category: 'unheard-of' is no category; known are kafka",
        "status: is retired here; bring it back first, on its page",
        "status: is retired where it comes from, and unknown here; leave it out",
        "voice: voice is missing",
        "uid: ['x'] must be text",
        "Version 9 of this term does not exist; start again from the newest.",
    ]
    for row, message in zip(plan.rows, expected, strict=True):
        assert message in [problem.message for problem in row.problems]


def test_the_same_thing_twice_is_refused(curator):
    first, again = term_snapshot("one"), term_snapshot("one")
    assert "is or was the address of another term" in str(refusals(planned([first, again], curator)))
    told = refusals(planned([first, first | {"say": "Other."}], curator))
    assert told == [("terms 2", "is here a second time, after terms 1; leave one of them out")]


def test_nothing_is_half_imported(curator):
    document = [term_snapshot("one"), term_snapshot("two", voice="director")]
    with pytest.raises(NotAsShown):
        importing.propose(upload(document), title="Half", by=curator)
    with pytest.raises(Invalid, match="title"):
        importing.propose(upload(document[:1]), title=" ", by=curator)
    assert not Proposal.objects.exists()
    assert not ReviewSet.objects.exists()


def test_new_categories_are_made_by_admins_alone(curator):
    document = {
        "categories": [{"slug": "sales", "label": "Sales", "description": "Our words."}],
        "terms": [term_snapshot("basket", category="sales")],
    }
    told = refusals(planned(document, curator))
    assert "only an admin makes" in told[0][1]
    assert "is no category" in told[1][1]
    admin = UserFactory(admin=True)
    assert planned(document, admin).refused == []
    assert not Category.objects.filter(slug="sales").exists(), "a dry run writes nothing"
    importing.propose(upload(document), title="Sales", by=admin)
    assert Category.objects.get(slug="sales").label == "Sales"


def test_two_new_categories_of_one_name_are_refused(curator):
    rows = [{"slug": slug, "label": "Sales", "description": "Our words."} for slug in ("sales", "selling", "sales")]
    told = refusals(planned({"categories": rows}, UserFactory(admin=True)))
    assert told == [
        ("categories 2", "label: 'Sales' is another category's; choose another"),
        ("categories 3", "is here a second time; leave one of them out"),
    ]


def test_categories_that_are_here_stay_as_they_are(curator):
    document = {"categories": [{"slug": "kafka", "label": "Other", "description": "Other."}]}
    assert planned(document, curator).counts["unchanged"] == 1


def test_scenarios_and_logs_are_compared_too(curator):
    ScenarioFactory(slug="appending")
    document = exported()
    document["scenarios"][0]["title"] = "Another title"
    document["logs"][0]["records"].pop()
    assert outcomes(planned(document, curator)) == {
        "Kafka": "unchanged", "Orders": "changed", "Another title": "changed",
    }  # fmt: skip


def test_the_log_of_the_site_itself_is_not_imported(curator):
    SampleLogFactory()
    told = refusals(planned({"logs": [log_snapshot("this-glossary")]}, curator))
    assert "is written by the site itself" in told[0][1]


def test_what_is_proposed_is_what_was_kept_merged_with_what_came_meanwhile(curator):
    term = TermFactory(label="log", say="Old saying.", gap="Old gap.")
    document = exported()
    document["terms"][0]["say"] = "The file's saying."
    new = term_snapshot("segment")
    del new["uid"]
    document["terms"].append(new)
    pending = importing.keep(upload(document), name="f.json", by=curator)
    uid = [entry["data"]["uid"] for entry in pending.entries if entry["data"].get("label") == "segment"]
    publish_term(snapshot=term.current.snapshot | {"gap": "Meanwhile."})
    changed, created = importing.confirm(pending, title="File", by=curator).proposals.all()
    assert (changed.snapshot["gap"], changed.snapshot["say"]) == ("Meanwhile.", "The file's saying.")
    assert [created.target] == uid
    assert not PendingImport.objects.exists()


def test_what_came_meanwhile_can_stand_against_an_import(curator):
    pending = importing.keep(upload([term_snapshot("segment")]), name="f.json", by=curator)
    TermFactory(label="segment")
    with pytest.raises(NotAsShown) as raised:
        importing.confirm(pending, title="File", by=curator)
    assert "already belongs" in str(refusals(raised.value.plan))
    assert PendingImport.objects.exists()


def test_an_import_is_proposed_once(curator):
    pending = importing.keep(upload([term_snapshot("segment")]), name="f.json", by=curator)
    importing.confirm(PendingImport.objects.get(), title="File", by=curator)
    with pytest.raises(Invalid, match="already, perhaps in another tab"):
        importing.confirm(pending, title="File", by=curator)
    assert ReviewSet.objects.count() == 1


def test_uploads_that_nobody_came_back_to_are_forgotten(curator):
    old = importing.keep(upload([term_snapshot()]), name="old", by=curator, at=timezone.now() - timedelta(days=8))
    importing.keep(upload([term_snapshot()]), name="new", by=curator)
    assert not PendingImport.objects.filter(pk=old.pk).exists()


def test_an_upload_is_a_persons_own_and_leaves_with_them(curator):
    importing.keep(upload([term_snapshot()]), name="f.json", by=curator)
    assert [row["name"] for row in data_of(curator)["pending_imports"]] == ["f.json"]
    make_anonymous(person=curator, by=curator)
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize("role", [{}, {"member": True}, {"admin": True, "deactivated": True}])
def test_importing_is_for_curators(curator, role):
    person = UserFactory(**role)
    with pytest.raises(PermissionDenied):
        importing.keep(upload([term_snapshot()]), name="f", by=person)
    with pytest.raises(PermissionDenied):
        importing.propose(upload([term_snapshot()]), title="T", by=person)
    other = importing.keep(upload([term_snapshot()]), name="f", by=curator)
    with pytest.raises(PermissionDenied):
        importing.confirm(other, title="T", by=UserFactory(curator=True))


def run(*arguments) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("ending", ["json", "csv", "zip"])
def test_the_commands_export_and_import(curator, tmp_path, ending):
    term = TermFactory(label="log", relations=[linked_to(TermFactory(label="offset"), "related")])
    file = tmp_path / f"terms.{ending}"
    run("export_terms", file, "--slug", "log")
    publish_term(snapshot=term.current.snapshot | {"say": "Meanwhile."})
    told = run("import_terms", file, "--by", curator.username, "--dry-run")
    assert told.splitlines()[-1].startswith("0 refused, 0 created, ")
    assert not ReviewSet.objects.exists()
    if ending == "zip":
        assert "changed: term log (terms/log.md) say" in told
        assert "Proposed 1 changes as review set" in run("import_terms", file, "--by", curator.username)
        assert ReviewSet.objects.get().title == "Import of terms.zip"


def test_the_command_says_why_it_does_not_import(curator, tmp_path):
    file = tmp_path / "terms.csv"
    file.write_text("slug,voice\nlog,director\n")
    with pytest.raises(CommandError, match="is nobody who may import"):
        run("import_terms", file, "--by", UserFactory(member=True).username)
    with pytest.raises(CommandError, match="taken whole or not at all"):
        run("import_terms", file, "--by", curator.username)
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run("import_terms", tmp_path / "nowhere", "--by", curator.username)
    file.write_bytes(b"\xff")
    with pytest.raises(CommandError, match="not UTF-8"):
        run("import_terms", file, "--by", curator.username)
