from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from glossary.domain.content_file import write_categories, write_log, write_scenario, write_term
from glossary.models import Category, Proposal, Revision, Term
from glossary.services import proposing
from glossary.services.categories import save_category
from glossary.services.dumping import dump
from glossary.services.loading import load
from glossary.services.publishing import publish_term
from glossary.services.reading_files import ContentInvalid, read_folders
from simulator.models import SampleLog, Scenario
from simulator.services import publish_scenario
from tests.factories import UserFactory
from tests.snapshots import log_snapshot, scenario_snapshot, term_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    for name in ("terms", "scenarios", "logs"):
        (tmp_path / name).mkdir()
    categories = [{"slug": "kafka", "label": "Kafka", "description": "The broker."}]
    (tmp_path / "categories.toml").write_text(write_categories(categories))
    (tmp_path / "logs" / "orders.jsonl").write_text(write_log(log_snapshot()))
    (tmp_path / "scenarios" / "compaction.toml").write_text(write_scenario(scenario_snapshot()))
    write(tmp_path, term_snapshot("compaction", scenarios=["compaction"]))
    write(tmp_path, term_snapshot("tombstone", relations=[{"term": "compaction", "kind": "related"}]))
    return tmp_path


def write(folder: Path, data: dict) -> Path:
    path = folder / "terms" / f"{data['slug']}.md"
    path.write_text(write_term(data))
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_loaded_and_loading_again_changes_nothing(folder):
    first = load([folder])
    assert len(first.created) == 4
    assert Scenario.objects.get().log == SampleLog.objects.get(slug="orders")
    assert Term.objects.get(slug="tombstone").relations.get().other.slug == "compaction"
    before = Revision.objects.count()
    again = load([folder])
    assert (again.created, again.updated, len(again.unchanged)) == ([], [], 4)
    assert Revision.objects.count() == before


def test_load_and_dump_give_the_same_bytes(folder, tmp_path_factory):
    load([folder])
    target = tmp_path_factory.mktemp("dump")
    dump([target])
    assert files(target) == files(folder)


def test_the_shipped_dictionary_is_in_canonical_form(tmp_path):
    load(settings.CONTENT_DIRS[:1])
    dump([tmp_path])
    assert files(tmp_path) == files(settings.CONTENT_DIRS[0])


def test_check_writes_nothing(folder):
    report = load([folder], check=True)
    assert len(report.created) == 4
    assert not Term.objects.exists()
    assert not Category.objects.exists()


def test_a_changed_file_is_published_as_the_next_revision(folder):
    load([folder])
    edit(folder / "terms" / "compaction.md", "Each side assumes its own compaction.", "The gap is the delay.")
    assert load([folder]).updated == ["term compaction"]
    term = Term.objects.get(slug="compaction")
    assert (term.current.number, term.current.change) == (2, "meaning")
    assert term.html_gap == "<p>The gap is the delay.</p>"


def test_a_new_file_without_uid_is_given_one_that_stays(folder):
    path = write(folder, term_snapshot("offset"))
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("uid")))
    load([folder], check=True)
    assert "uid" not in path.read_text()
    load([folder])
    uid = Term.objects.get(slug="offset").uid
    assert f'uid = "{uid}"' in path.read_text()
    assert load([folder]).created == []


def test_what_a_person_edited_is_never_overwritten(folder):
    load([folder])
    human = Term.objects.get(slug="compaction").current.snapshot | {"gap": "A person wrote this."}
    publish_term(snapshot=human)
    assert load([folder]).kept == ["term compaction"]

    edit(folder / "terms" / "compaction.md", "Each side assumes its own compaction.", "The file says this.")
    assert load([folder]).proposed == ["term compaction"]
    assert Term.objects.get(slug="compaction").html_gap == "<p>A person wrote this.</p>"
    proposal = Proposal.objects.awaiting_review().get()
    assert (proposal.snapshot["gap"], proposal.base_revision, proposal.target) == (
        "The file says this.",
        2,
        human["uid"],
    )
    assert load([folder]).kept == ["term compaction"]
    assert Proposal.objects.count() == 1

    edit(folder / "terms" / "compaction.md", "The file says this.", "The file says more.")
    load([folder])
    assert Proposal.objects.awaiting_review().get().snapshot["gap"] == "The file says more."


def test_a_scenario_that_a_person_edited_is_never_overwritten(folder):
    load([folder])
    publish_scenario(snapshot=scenario_snapshot(title="A person's title"), at="2026-01-01T00:00Z", origin="person")
    edit(folder / "scenarios" / "compaction.toml", "Only the latest survives", "The file's title")
    assert load([folder]).proposed == ["scenario compaction"]
    assert Scenario.objects.get().title == "A person's title"


def test_a_category_that_an_admin_changed_is_never_overwritten(folder):
    load([folder])
    category = Category.objects.first()
    old, category.label = category.label, "As an admin says it"
    save_category(category=category, by=UserFactory(admin=True))
    edit(folder / "categories.toml", old, "As the file says it")
    load([folder])
    assert Category.objects.get(pk=category.pk).label == "As an admin says it"


def test_a_renamed_file_renames_the_term_and_dump_removes_the_old_one(folder):
    load([folder])
    (folder / "terms" / "tombstone.md").rename(folder / "terms" / "delete-marker.md")
    edit(folder / "terms" / "delete-marker.md", 'label = "tombstone"', 'label = "delete marker"')
    load([folder])
    assert Term.objects.filter(slugs__slug="tombstone").get().slug == "delete-marker"

    snapshot = Term.objects.get(slug="compaction").current.snapshot
    publish_term(snapshot=snapshot | {"slug": "log-compaction"})
    dump([folder])
    assert not (folder / "terms" / "compaction.md").exists()
    assert (folder / "terms" / "log-compaction.md").exists()


def test_a_company_adds_its_own_terms_beside_the_shipped_ones(folder, tmp_path_factory):
    own = tmp_path_factory.mktemp("own")
    (own / "terms").mkdir()
    categories = [{"slug": "sales", "label": "Sales", "description": "Our own words."}]
    (own / "categories.toml").write_text(write_categories(categories))
    write(own, term_snapshot("basket", category="sales", relations=[{"term": "compaction", "kind": "related"}]))
    load([folder, own])
    publish_term(snapshot=term_snapshot("voucher", category="sales"))
    dump([folder, own])
    assert (own / "terms" / "voucher.md").exists()
    assert '"sales"' in (own / "categories.toml").read_text()
    assert '"sales"' not in (folder / "categories.toml").read_text()
    assert not (folder / "terms" / "basket.md").exists()


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("terms/compaction.md", 'say = "', 'colour = "x"\nsay = "', "terms/compaction.md:6: colour: unknown field"),
        ("terms/compaction.md", 'voice = "engineer"', 'voice = "director"', "terms/compaction.md:4: voice: 'director'"),
        ("terms/compaction.md", "# Manager", "Manager", ": definitions/manager: the manager voice is missing"),
        ("terms/compaction.md", 'category = "kafka"', 'category = "x"', "terms/compaction.md:5: category: 'x' is no"),
        ("terms/tombstone.md", 'term = "compaction"', 'term = "nothing"', ":12: relations/0/term: there is no term"),
        (
            "terms/tombstone.md",
            'label = "tombstone"',
            'label = "compaction"',
            "terms/tombstone.md:3: label: 'compaction'",
        ),
        ("terms/tombstone.md", "The exact", "[[nowhere]] exact", ": definitions/engineer: [[nowhere]] leads to no"),
        ("terms/tombstone.md", 'label = "', "label = ", "terms/tombstone.md:3: syntax: cannot be read as TOML"),
        ("scenarios/compaction.toml", 'op = "contains"', 'op = "near"', ":23: claims/0/op: 'near' is not one of"),
        (
            "scenarios/compaction.toml",
            "value = 2",
            "value = 7",
            "the claim 'something-survives' fails: /result/survivors",
        ),
        ("scenarios/compaction.toml", 'log = "orders"', 'log = "x"', "scenarios/compaction.toml:3: log: there is no"),
        ("scenarios/compaction.toml", "segmentRecords", "segments", ":6: params/segments: unknown parameter"),
        ("logs/orders.jsonl", '"order-2"', "7", "logs/orders.jsonl:3: records/1/key: 7 must be text"),
        ("logs/orders.jsonl", '{"time"', '"time"', "logs/orders.jsonl:2: records/0: cannot be read as JSON"),
        ("categories.toml", "label", "name", "categories.toml:3: categories/0/name: unknown field"),
    ],
)
def test_every_mistake_is_told_with_file_and_line_and_nothing_is_loaded(folder, name, old, new, complaint):
    edit(folder / name, old, new)
    with pytest.raises(ContentInvalid) as raised:
        load([folder])
    assert complaint in str(raised.value)
    assert not Term.objects.exists()
    assert not SampleLog.objects.exists()


def test_a_slug_or_uid_used_twice_is_told(folder, tmp_path_factory):
    own = tmp_path_factory.mktemp("own")
    (own / "terms").mkdir()
    write(own, term_snapshot("tombstone"))
    with pytest.raises(ContentInvalid, match="the slug 'tombstone' is already used by"):
        load([folder, own])
    (own / "terms" / "tombstone.md").unlink()
    copy = write(own, term_snapshot("grave"))
    uid = (folder / "terms" / "tombstone.md").read_text().splitlines()[1]
    copy.write_text("\n".join([copy.read_text().splitlines()[0], uid, *copy.read_text().splitlines()[2:]]) + "\n")
    with pytest.raises(ContentInvalid, match=r"terms/grave.md:2: uid: '\w+' is the uid of tombstone.md too"):
        load([folder, own])


def test_files_that_are_not_utf8_are_told_with_their_line(folder):
    (folder / "terms" / "broken.md").write_bytes(b"+++\nlabel = \xff\n+++\n")
    with pytest.raises(ContentInvalid, match=r"terms/broken\.md:2: is not UTF-8 text"):
        load([folder])


def test_the_command_says_what_it_did_and_fails_with_the_problems(folder, capsys):
    call_command("load_content", folder)
    output = capsys.readouterr()
    assert "read 2 terms, 1 scenarios, 1 sample logs" in output.err
    assert "Loaded the dictionary: 4 created" in output.out
    edit(folder / "terms" / "compaction.md", 'voice = "engineer"', 'voice = "x"')
    with pytest.raises(CommandError, match="1 problems; nothing was loaded"):
        call_command("load_content", folder)
    with pytest.raises(CommandError, match="there is no such folder"):
        call_command("load_content", folder / "missing")


def test_the_dump_command_writes_files(folder, tmp_path_factory, capsys):
    load([folder])
    target = tmp_path_factory.mktemp("dump")
    call_command("dump_content", target)
    assert capsys.readouterr().out == "Wrote 5 files\n"
    assert files(target).keys() == files(folder).keys()


def test_what_a_person_made_of_a_scenario_and_its_log_is_dumped_and_loads_unchanged(folder, tmp_path_factory):
    load([folder])
    curator = UserFactory(curator=True)
    records = [
        *log_snapshot()["records"],
        {"time": 1, "key": None, "type": "Asked", "value": {"half": 0.5, "no": None}},
    ]
    claim = scenario_snapshot()["claims"][0] | {"value": [{"é = 1": [True, '"quoted"']}], "op": "ne"}
    changed = {"log": log_snapshot(records=records), "scenario": scenario_snapshot(claims=[claim])}
    for subject, snapshot in changed.items():
        proposing.propose(proposing.Change(subject, snapshot, 1, change="wording"), by=curator)
    target = tmp_path_factory.mktemp("dump")
    dump([target])
    read = {kind: getattr(read_folders([target]), f"{kind}s")[0].data for kind in changed}
    assert read == changed
    report = load([target])
    assert (report.created, report.updated, report.proposed) == ([], [], [])


def test_a_log_that_refutes_a_claim_of_a_scenario_that_is_loaded_already_is_refused(folder):
    load([folder])
    [first, *_] = log_snapshot()["records"]
    (folder / "logs" / "orders.jsonl").write_text(write_log(log_snapshot(records=[first])))
    with pytest.raises(ContentInvalid, match=r"scenarios/compaction\.toml:\d+: claims/0/value: .* must contain 2"):
        load([folder])
