"""Glossaries of OpenMetadata and in SKOS: what becomes of their terms here."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command
from rdflib import Graph

from glossary.domain.foreign import ONE_TEXT
from glossary.domain.problems import Problem
from glossary.domain.vocabulary import VOICES
from glossary.models import Relation, Term
from glossary.services import importing, inventories
from glossary.services.import_result import result
from glossary.services.reading_uploads import read_upload
from glossary.services.reviewing_sets import decide_set
from tests.factories import CategoryFactory, TermFactory, UserFactory, linked_to

pytestmark = pytest.mark.django_db
OTHERWISE = {"voice": "manager", "category": "kafka"}
HEADER = (
    "parent,name*,displayName,description,synonyms,relatedTerms,references,tags,"
    "reviewers,owner,glossaryStatus,color,iconURL,extension"
)
EXPORTS = {
    "openmetadata": inventories.openmetadata_csv,
    "turtle": inventories.skos_turtle,
    "json-ld": inventories.skos_json_ld,
}


@pytest.fixture
def curator():
    CategoryFactory()
    return UserFactory(curator=True)


def planned(document: bytes | str, by):
    raw = document if isinstance(document, bytes) else document.encode()
    return importing.plan(importing.with_uids(read_upload(raw), OTHERWISE), by=by)


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
def test_what_is_exported_changes_nothing_when_it_comes_back(curator, export):
    call_command("load_content", verbosity=0)
    plan = planned(b"".join(export()), curator)
    told = [(row.label, row.outcome, row.problems, row.fields) for row in plan.told]
    assert told == []
    assert plan.counts["unchanged"] == Term.objects.count()


def table(*rows: dict, header: str = HEADER) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, header.split(","), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def named(plan, label: str):
    [row] = [row for row in plan.rows if row.label == label]
    return row


def published(document: str | bytes, by) -> None:
    raw = document if isinstance(document, bytes) else document.encode()
    pending = importing.keep(read_upload(raw), name="words", by=by, otherwise=OTHERWISE)
    review_set = importing.confirm(pending, title="Words of the catalogue", by=by)
    numbers = review_set.proposals.values_list("pk", flat=True)
    decide_set(review_set=review_set, by=UserFactory(curator=True), approve=numbers)


def test_terms_of_openmetadata_become_terms_here(curator):
    event = TermFactory(label="event")
    published(
        table(
            {
                "name*": "Business Event",
                "displayName": "Business event",
                "description": "Something that the business did.\nIt is kept. For ever.",
                "synonyms": 'Fact of business;"Deed; done";BE',
                "relatedTerms": "synonym:Other.event",
                "references": "Handbook;https://example.org/a;Law;https://example.org/b",
            },
            {
                "parent": 'Sales."Business Event"',
                "name*": "Order.Placed",
                "description": "A customer ordered. " + "x " * 200,
                "relatedTerms": 'Sales."Business Event";seeAlso:Sales.event',
                "glossaryStatus": "Draft",
            },
        ),
        curator,
    )
    business, order = Term.objects.exclude(pk=event.pk).order_by("slug")
    said = business.current.snapshot
    assert (said["slug"], said["label"], said["voice"], said["category"]) == (
        "business-event", "Business event", "manager", "kafka",
    )  # fmt: skip
    assert said["definitions"] == dict.fromkeys(VOICES, "Something that the business did.\nIt is kept. For ever.")
    assert said["lines"] == dict.fromkeys(VOICES, "Something that the business did.")
    assert said["gap"] == ONE_TEXT
    assert [(each["kind"], each["text"]) for each in said["aliases"]] == [
        ("synonym", "Fact of business"), ("synonym", "Deed; done"), ("abbreviation", "BE"),
    ]  # fmt: skip
    assert said["mappings"] == [{"term": event.uid, "kind": "exact"}]
    assert said["sources"][1] == {"title": "Law", "url": "https://example.org/b"}
    assert order.slug == "order-placed"
    assert order.current.snapshot["relations"] == [{"term": business.uid, "kind": "broader"}]
    assert order.current.snapshot["mappings"] == [{"term": event.uid, "kind": "related"}]
    assert all(len(line) <= 140 for line in order.current.snapshot["lines"].values())


@pytest.mark.parametrize(
    "header",
    [
        "parent,name*,displayName,description,synonyms,relatedTerms,references,tags",
        "parent,name*,displayName,description*,synonyms,relatedTerms,references,tags,reviewers,owner,status,extension",
        HEADER.replace("extension", "domains,extension"),
    ],
)
def test_releases_with_other_columns_are_read(curator, header):
    description = "description*" if "description*" in header else "description"
    plan = planned(table({"name*": "Ledger", description: "A book."}, header=header), curator)
    assert [(row.label, row.outcome) for row in plan.rows] == [("Ledger", "created")]


def test_what_another_tool_says_is_laid_over_what_is_here_and_takes_nothing_away(curator):
    log, offset = TermFactory(label="log"), TermFactory(label="offset")
    linked_to(log, offset)
    alias = {"kind": "synonym", "text": "journal", "note": "Old."}
    term = TermFactory(
        label="dead letter queue",
        aliases=[alias],
        relations=[{"term": log.uid, "kind": "contrasts", "note": "Not one."}],
    )
    before = term.current.snapshot
    plan = planned(
        table(
            {
                "name*": "Dead-Letter-Queue",
                "description": "Where letters go.",
                "synonyms": "Journal;DLQ",
                "relatedTerms": "relatedTo:G.log;broader:G.offset",
            }
        ),
        curator,
    )
    [change] = plan.changes
    assert change.snapshot == before | {
        "definitions": before["definitions"] | {"engineer": "Where letters go."},
        "aliases": [alias, {"kind": "abbreviation", "text": "DLQ"}],
        "relations": [*before["relations"], {"term": offset.uid, "kind": "broader"}],
    }


def edited(change) -> str:
    """Our own export, with its rows changed by `change`."""
    rows = list(csv.DictReader(io.StringIO(b"".join(inventories.openmetadata_csv()).decode(), newline="")))
    for row in rows:
        change(row)
    return table(*rows)


def test_what_was_changed_in_openmetadata_comes_back(curator):
    term = TermFactory(label="log", slug="log", definitions={"engineer": "See [[log|it]].", "manager": "A book."})

    def change(row):
        row["displayName"] = "Log"
        row["extension"] = row["extension"].replace("definition_manager:A book.", "definition_manager:A ledger.")

    [changed] = planned(edited(change), curator).changes
    before = term.current.snapshot
    assert changed.snapshot == before | {
        "label": "Log",
        "definitions": before["definitions"] | {"manager": "A ledger."},
    }


def test_two_new_texts_of_one_definition_are_refused(curator):
    TermFactory(label="log", definitions={"engineer": "A file.", "manager": "A book."})

    def change(row):
        row["description"] = "A list."
        row["extension"] = row["extension"].replace("definition_engineer:A file.", "definition_engineer:A row.")

    [row] = planned(edited(change), curator).refused
    [problem] = row.problems
    assert problem == Problem(
        "row 2",
        "definitions/engineer: is in the file twice, and both say something new; keep one of them",
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"name*": "", "description": "x"}, "name: is empty"),
        ({"name*": "帳簿", "description": "A book."}, "name: '帳簿' has no Latin letter or digit"),
        ({"name*": "ledger"}, "definition: is missing; a new term must say what it means"),
        ({"name*": "ledger", "description": "x", "relatedTerms": "G.unheard"}, "there is no term 'unheard'"),
        ({"name*": "ledger", "description": "x", "relatedTerms": "broader:"}, "relatedTerms: '' names no term"),
        ({"name*": "ledger", "description": "x", "relatedTerms": "narrower:G.part"}, "is narrower and not in the file"),
        ({"name*": "ledger", "description": "x", "references": "one;https://x.org;two"}, "references: must be a name"),
        ({"name*": "ledger", "description": "x", "references": "one;ftp://x.org"}, "must be an http or https address"),
        ({"name*": "ledger", "description": "x", "synonyms": '"open'}, "synonyms: '\"open' is no list"),
        ({"name*": "ledger", "description": "x", "extension": "colour"}, "extension: 'colour' must be a property"),
        ({"name*": "ledger", "description": "x", "extension": "category:none"}, "'none' is no category"),
        ({"name*": "part", "description": "x", "extension": "voice:manager"}, "a term never changes its voice"),
    ],
)
def test_what_is_wrong_with_a_row_of_openmetadata_is_told(curator, row, said):
    TermFactory(label="part", voice="engineer")
    [refused] = importing.plan(
        importing.with_uids(read_upload(table(row).encode()), {"voice": "engineer", "category": "kafka"}), by=curator
    ).refused
    assert said in "; ".join(message for _, message in refused.problems)


def test_a_new_term_needs_a_category(curator):
    upload = read_upload(table({"name*": "ledger", "description": "A book."}).encode())
    [row] = importing.plan(importing.with_uids(upload), by=curator).refused
    assert [message for _, message in row.problems] == [
        "category: is not in the file; choose one for the new terms of this import"
    ]


THESAURUS = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix : <https://thesaurus.example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
: a skos:ConceptScheme ; dct:title "Words"@en ; skos:hasTopConcept :1 .
:1 a skos:Concept ; skos:notation "001" ; skos:prefLabel "Message"@en, "Nachricht"@de ;
   skos:altLabel "note"@en, "Notiz"@de, "memo" ; skos:hiddenLabel "mesage"@en ;
   skos:definition "What is sent."@en, "Was man schickt."@de ; skos:scopeNote "Not a letter."@en ;
   skos:narrower :2, :3 ; skos:exactMatch <http://dbpedia.org/resource/Message> ;
   dct:source <https://example.org/book>, "A book" .
:2 a skos:Concept ; skos:prefLabel "Receipt"@en-GB ; skos:definition "What comes back."@en-GB ; skos:broader :1 .
:3 skos:prefLabel "Order" ; skos:definition [ a :Def ] , "What is wanted." ; skos:related :2 .
:4 a skos:Concept ; skos:prefLabel "Fax"@en ; owl:deprecated true .
"""


@pytest.mark.parametrize("notation", ["turtle", "json-ld"])
def test_a_thesaurus_in_skos_becomes_terms_here(curator, notation):
    document = THESAURUS
    if notation == "json-ld":
        document = Graph().parse(data=THESAURUS, format="turtle").serialize(format="json-ld")
    upload = importing.with_uids(read_upload(document.encode()), OTHERWISE)
    assert sorted(upload.remarks) == [
        "Left out: 1 that are retired where they come from, and unknown here.",
        "Not kept here: links to what is not in the file (1), sources without an address (1), "
        "texts in other languages (2).",
    ]
    published(document, curator)
    terms = {term.slug: term for term in Term.objects.all()}
    assert terms.keys() == {"message", "receipt", "order"}
    said = terms["message"].current.snapshot
    assert (said["label"], said["gap"]) == ("Message", "Not a letter.")
    assert said["definitions"] == dict.fromkeys(VOICES, "What is sent.")
    assert {(each["kind"], each["text"]) for each in said["aliases"]} == {
        ("synonym", "note"), ("synonym", "memo"), ("misspelling", "mesage"),
    }  # fmt: skip
    assert said["avoid"] == "Say “Message” and not “mesage”."
    assert said["sources"] == [{"title": "https://example.org/book", "url": "https://example.org/book"}]
    above = Relation.objects.filter(other=terms["message"], kind="broader")
    assert set(above.values_list("term__slug", flat=True)) == {"receipt", "order"}
    assert terms["order"].current.snapshot["definitions"]["engineer"] == "What is wanted."


def test_an_export_of_another_site_says_whose_word_a_term_is(curator, settings):
    settings.PUBLIC_URL = "https://elsewhere.example.org"
    TermFactory(label="log", voice="engineer", definitions={"engineer": "A file.", "manager": "A book."})
    document = b"".join(inventories.skos_turtle()).replace(b"log", b"journal")
    settings.PUBLIC_URL = "https://here.example.org"
    published(document, curator)
    said = Term.objects.get(slug="journal").current.snapshot
    assert (said["voice"], said["definitions"]) == ("engineer", {"engineer": "A file.", "manager": "A book."})


def test_concepts_above_each_other_in_a_circle_are_refused(curator):
    circle = THESAURUS + ":1 skos:broader :2 ."
    refused = planned(circle, curator).refused
    assert {row.label for row in refused} == {"Message", "Receipt"}
    assert "leads in a circle: Message → Receipt → Message" in refused[0].problems[0].message


def test_the_dry_run_is_taken_away_after_the_rows_that_were_uploaded(curator):
    TermFactory(label="log", definitions={"engineer": "A file.", "manager": "A book."})
    upload = importing.with_uids(
        read_upload(
            table(
                {"name*": "log", "description": "A file."},
                {"name*": "ledger", "description": "=1+1"},
                {"name*": "part", "description": "", "synonyms": '"open'},
            ).encode()
        ),
        OTHERWISE,
    )
    told = list(result(importing.plan(upload, by=curator), upload.table))
    assert [row[:4] for row in told] == [
        ["status", "details", "parent", "name*"],
        ["success", "Entity unchanged", "", "log"],
        ["success", "Entity created", "", "ledger"],
        [
            "failure",
            "synonyms: '\"open' is no list with semicolons between its items: unexpected end of data",
            "",
            "part",
        ],
    ]
    assert told[2][5] == "'=1+1"


def test_the_command_takes_what_the_file_does_not_say_and_writes_the_dry_run(curator, tmp_path, capsys):
    file, result_file = tmp_path / "words.csv", tmp_path / "dry-run.csv"
    file.write_text(table({"name*": "ledger", "description": "A book.", "owner": "team"}))
    options = {"by": curator.username, "voice": "manager", "category": "kafka", "result": result_file}
    call_command("import_terms", file, dry_run=True, **options)
    assert "Not kept here, with the number of rows: owner (1)." in capsys.readouterr().out
    assert result_file.read_text().splitlines()[1].startswith("success,Entity created,,ledger,")
    call_command("import_terms", file, **options)
    [proposal] = curator.proposals.all()
    assert (proposal.snapshot["voice"], proposal.snapshot["category"]) == ("manager", "kafka")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("import_terms", file, **options | {"result": tmp_path})
