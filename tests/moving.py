"""A site of its own on a database of its own, filled, written to, backed up and restored by the commands.

    python -m tests.moving fill | write | rows

does its part on DATABASE_URL, as another process than the one that tests.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

AT = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent


def fill() -> None:
    """A row in as many tables as can be, with what is hard to carry."""
    from django.contrib.auth.models import Group, Permission

    from glossary.models import Comment, Draft, Notice, Watch
    from tests.factories import ProposalFactory, ScenarioFactory, TermFactory, UserFactory, linked_to

    curator = UserFactory(curator=True, display_name='Zoë 🧮 O\'Hara \\ "quoted"')
    curator.user_permissions.add(Permission.objects.get(codename="view_term"))
    Group.objects.get_or_create(name="curator")[0].permissions.add(Permission.objects.get(codename="add_term"))
    old = TermFactory(label="journal", edits=[{"gap": "First.\r\n\n  Ünï — عربى 漢字 e\u0301"}])
    TermFactory(label="ledger", retired=True, replaced_by=old)
    term = TermFactory(label="log", relations=[linked_to(old, "related")], scenarios=[ScenarioFactory().slug])
    ProposalFactory(term=term, author=curator)
    thread = Comment.objects.create(term=term, author=curator, text="Why?", html="<p>Why?</p>", created_at=AT)
    thread.mentions.add(curator)
    Comment.objects.create(term=term, parent=thread, text="So.", html="<p>So.</p>", created_at=AT)
    Watch.objects.create(person=curator)
    Notice.objects.create(person=curator, kind="proposal.made", text="One", path="/", created_at=AT)
    fields = [["label", "  half-typed \\"], ["label", "\u2028"]]
    Draft.objects.create(author=curator, subject="term", base_revision=0, fields=fields, updated_at=AT)


def everything() -> dict[str, list]:
    """Every row, with the names of what has another id in every database."""
    from glossary.services.backup_format import NAMED, columns, names_by_id, surviving, tables

    names = names_by_id("default")
    found = {}
    for model in tables():
        fields = columns(model)
        rows = surviving(model, "default").values_list(*(field.attname for field in fields))
        found[model._meta.label_lower] = [
            [
                names[field.related_model][value] if field.related_model in NAMED else value
                for field, value in zip(fields, row, strict=True)
            ]
            for row in rows
        ]
    return found


def write() -> None:
    """Publish one revision after another, until somebody ends it; each leaves an audit entry beside it."""
    from glossary.models import Term
    from glossary.services.publishing import publish_term

    snapshot = Term.objects.get(slug="journal").current.snapshot
    number = 0
    while True:
        number += 1
        publish_term(snapshot=snapshot | {"gap": f"Gap number {number}."})
        print(number, flush=True)


def rows() -> None:
    """A digest of each table, and how many rows it has."""
    found = everything()
    told = {
        name: [len(found[name]), sha256(json.dumps(found[name], sort_keys=True, default=str).encode()).hexdigest()]
        for name in found
    }
    published = sum(row[3] == "term.published" for row in found["glossary.auditentry"])
    print(json.dumps(told | {"published": published}))


def run(url: str, *command) -> subprocess.CompletedProcess:
    ran = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment(url), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran


def environment(url: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": url, "SECRET_KEY": "x", "DJANGO_SETTINGS_MODULE": "glossary.settings"}


def rows_of(url: str) -> dict:
    return json.loads(run(url, "-m", "tests.moving", "rows").stdout)


def move(source: str, target: str, spare: str, folder: Path) -> None:
    """Back up while somebody writes, then when nobody does; restore both, and compare."""
    run(source, "manage.py", "migrate", "-v0")
    run(source, "-m", "tests.moving", "fill")
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.moving", "write"], cwd=ROOT, env=environment(source), stdout=subprocess.PIPE
    )
    with writer:
        try:
            writer.stdout.readline()
            run(source, "manage.py", "backup", folder / "busy")
        finally:
            writer.terminate()
    run(source, "manage.py", "backup", folder / "quiet")

    run(target, "manage.py", "migrate", "-v0")
    run(target, "manage.py", "restore", folder / "busy")
    told, newest = rows_of(target), rows_of(source)
    assert told["glossary.revision"][0] == told["published"], "every revision has the audit entry of its own moment"
    assert told["published"] < newest["published"], "the writer went on meanwhile"

    run(spare, "manage.py", "migrate", "-v0")
    run(spare, "manage.py", "restore", folder / "quiet")
    assert rows_of(spare) == newest
    # New rows are counted on from the restored ones.
    run(spare, "-m", "tests.moving", "one_more")
    assert rows_of(spare)["published"] == newest["published"] + 1


def one_more() -> None:
    from tests.factories import TermFactory

    TermFactory(label="one more")


if __name__ == "__main__":
    import django

    django.setup()
    {"fill": fill, "write": write, "rows": rows, "one_more": one_more}[sys.argv[1]]()
