"""The glossary for OpenMetadata, read with OpenMetadata's own models in an environment of their own."""

import csv
import io
import json
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from glossary.models import Term
from tests.factories import TermFactory, linked_to
from tests.proof.pypi import python_with

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

HERE = Path(__file__).parent
TITLE = "Words 2.0"


@pytest.fixture(autouse=True)
def title(settings):
    settings.GLOSSARY_TITLE = TITLE


@pytest.fixture(scope="module")
def openmetadata(tmp_path_factory) -> Path:
    """The Python that has OpenMetadata's models."""
    folder = tmp_path_factory.mktemp("openmetadata")
    return python_with(folder, "--no-compile", "--no-deps", "-r", HERE / "openmetadata.txt")


def exported(client) -> str:
    return client.get("/export/openmetadata.csv?domains=1").getvalue().decode()


def taken(openmetadata: Path, text: str, tmp_path: Path) -> dict:
    table = tmp_path / "openmetadata.csv"
    table.write_text(text, encoding="utf-8", newline="")
    # -P: the folder of the script has a types.py, which is not Python's.
    command = [openmetadata, "-P", HERE / "openmetadata.py", table, TITLE]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_openmetadata_takes_every_term_of_the_shipped_dictionary_at_once(openmetadata, client, tmp_path):
    call_command("load_content", verbosity=0)
    found = taken(openmetadata, exported(client), tmp_path)
    assert found["refused"] == []
    assert set(found["terms"]) == set(Term.objects.published().values_list("slug", flat=True))
    # Every tie of the dictionary, whichever of its two terms names it, and none twice.
    tied = Counter(frozenset((name, other)) for name, _, other in found["relations"])
    slugs = dict(Term.objects.published().values_list("uid", "slug"))
    expected = {
        frozenset((term.slug, slugs[link["term"]]))
        for term in Term.objects.published().select_related("current")
        for link in [*term.current.snapshot["relations"], *term.current.snapshot["mappings"]]
        if link["term"] in slugs and link["kind"] != "false_friend"
    }
    assert set(tied) == expected


def test_openmetadata_reads_what_was_written(openmetadata, client, tmp_path):
    log = TermFactory(label="log")
    topic = TermFactory(label="topic")
    term = TermFactory(
        label='re"tention; kept',
        slug="retention",
        aliases=[{"text": 'keeping, "for good"; or longer', "kind": "synonym"}, {"text": "hold", "kind": "synonym"}],
        relations=[linked_to(log, "broader"), linked_to(topic, "part_of")],
        sources=[{"title": 'Kafka; the "docs", all', "url": "https://kafka.apache.org/?a=1;b=2"}],
    )
    found = taken(openmetadata, exported(client), tmp_path)
    assert found["refused"] == []
    sent, snapshot = found["terms"]["retention"], term.current.snapshot
    assert sent["displayName"] == 're"tention; kept'
    assert sent["description"] == snapshot["definitions"]["engineer"].strip()
    assert sent["synonyms"] == ['keeping, "for good"; or longer', "hold"]
    assert sent["references"] == [{"name": 'Kafka; the "docs", all', "endpoint": "https://kafka.apache.org/?a=1;b=2"}]
    assert sent["extension"]["uid"] == term.uid
    assert sent["extension"]["definition_manager"] == snapshot["definitions"]["manager"].strip()
    # "topic" stands below, so it is the one that names the other.
    assert found["relations"] == [["retention", "broader", "log"], ["topic", "hasPart", "retention"]]


def test_openmetadata_refuses_broken_rows(openmetadata, client, tmp_path):
    TermFactory(label="log")
    TermFactory(label="retention")
    header, log, whole = csv.reader(io.StringIO(exported(client), newline=""))
    broken = {
        "empty": ("name*", ""),
        "too long": ("synonyms", "x" * 257),
        "unknown": ("relatedTerms", f'partOf:"{TITLE}".nothing'),
        "below": ("relatedTerms", f'partOf:"{TITLE}".retention'),
        "quoted as in other lists": ("relatedTerms", f'"partOf:""{TITLE}"".log"'),
        "no such relation": ("relatedTerms", f'contrasts:"{TITLE}".log'),
        "no address": ("references", "Kafka;no address"),
        "no status": ("glossaryStatus", "Fine"),
        "no value": ("extension", "say:"),
    }
    rows = []
    for name, (column, cell) in broken.items():
        cells = dict(zip(header, whole, strict=True)) | {"name*": name, column: cell}
        rows.append([cells[each] for each in header])
    table = io.StringIO(newline="")
    csv.writer(table).writerows([header, log, *rows, whole])
    found = taken(openmetadata, table.getvalue(), tmp_path)
    assert set(found["terms"]) == {"log", "retention"}
    assert [name or "empty" for name, _ in found["refused"]] == list(broken)


def test_openmetadata_refuses_the_header_of_a_release_before(openmetadata, client, tmp_path):
    TermFactory(label="log")
    older = client.get("/export/openmetadata.csv").getvalue().decode()
    found = taken(openmetadata, older, tmp_path)
    assert found["refused"] == [["", "the header is another"]]
