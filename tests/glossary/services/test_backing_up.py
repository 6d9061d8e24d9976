"""Everything comes back from a backup as it was, or nothing does."""

import hashlib
import json
import stat
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction

from glossary.models import AuditEntry, Revision, Term, User
from glossary.services.backup_format import columns, tables
from tests.factories import TermFactory
from tests.moving import everything, fill

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def full():
    fill()


@pytest.fixture
def backup(full, tmp_path):
    path = tmp_path / "glossary.backup"
    call_command("backup", path)
    return path


def empty_the_database():
    call_command("flush", interactive=False, verbosity=0)


def test_what_is_restored_is_what_was_backed_up(backup):
    before = everything()
    assert len(before["glossary.revision"]) == 4
    empty_the_database()
    call_command("restore", backup)
    assert everything() == before
    assert User.objects.get(display_name__startswith="Zoë").check_password("correct horse battery")
    assert Permission.objects.get(user__isnull=False).codename == "view_term"


def test_what_is_restored_goes_on_as_before(backup, client):
    revisions = Revision.objects.count()
    newest = AuditEntry.objects.order_by("-pk")[0].pk
    empty_the_database()
    call_command("restore", backup)
    with pytest.raises(IntegrityError, match="a revision is immutable"), transaction.atomic():
        Revision.objects.update(number=9)
    TermFactory(label="offset")
    assert Revision.objects.count() == revisions + 1
    assert AuditEntry.objects.order_by("-pk")[0].pk > newest
    assert client.login(username=User.objects.get().username, password="correct horse battery")  # noqa: S106
    assert client.get("/terms/ledger/").status_code == 410


def test_only_its_owner_reads_a_backup_and_it_takes_the_place_of_an_older_one(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    size = backup.stat().st_size
    TermFactory(label="offset")
    call_command("backup", backup)
    assert backup.stat().st_size > size
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]


def test_sessions_and_finished_work_are_left_out(full, client, tmp_path):
    client.force_login(User.objects.first())
    call_command("backup", tmp_path / "b")
    with ZipFile(tmp_path / "b") as archive:
        names = set(archive.namelist())
    assert not {"sessions.session.jsonl", "usersessions.usersession.jsonl"} & names
    assert {"account.emailaddress.jsonl", "glossary.accesstoken.jsonl", "glossary.invitation.jsonl"} <= names


def rewritten(path, *, leave_out=(), manifest=lambda manifest: None, rows=lambda name, data: data):
    """The same backup with something changed in it."""
    changed = path.with_name("changed")
    with ZipFile(path) as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                said = json.loads(data)
                manifest(said)
                data = json.dumps(said).encode()
            if name not in leave_out:
                new.writestr(name, rows(name, data))
    return changed


def cut_off(path):
    changed = path.with_name("cut")
    changed.write_bytes(path.read_bytes()[:-100])
    return changed


def overwritten(path):
    changed = path.with_name("overwritten")
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    changed.write_bytes(data)
    return changed


def no_backup(path):
    changed = path.with_name("letter")
    changed.write_text("Dear team, …")
    return changed


def tampered(name, data):
    return data.replace(b"First.", b"Fist.!") if name == "glossary.revision.jsonl" else data


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut_off, "is no whole backup"),
        (overwritten, "is no whole backup"),
        (no_backup, "is no whole backup"),
        (lambda path: path.with_name("nowhere"), "No such file"),
        (lambda path: rewritten(path, rows=tampered), "glossary.revision is not what the manifest says"),
        (lambda path: rewritten(path, leave_out={"glossary.term.jsonl"}), "glossary.term is missing"),
        (lambda path: rewritten(path, leave_out={"manifest.json"}), "has no manifest"),
        (lambda path: rewritten(path, manifest=lambda m: m.update(format=99, version="9.1")), "by release 9.1, and"),
        (
            lambda path: rewritten(path, manifest=lambda m: m["migrations"].append(["glossary", "9999_far"])),
            "such as glossary.9999_far: restore it with that release or a newer one",
        ),
        (
            lambda path: rewritten(path, manifest=lambda m: m["migrations"].remove(["glossary", "0004_append_only"])),
            "before the migration glossary.0004_append_only: restore it with that release, then upgrade",
        ),
        (lambda path: rewritten(path, manifest=lambda m: m["tables"].pop()), "does not list the tables"),
    ],
)
def test_a_spoilt_backup_is_refused_in_a_sentence_and_nothing_is_written(backup, spoil, said):
    spoilt = spoil(backup)
    empty_the_database()
    with pytest.raises(CommandError, match=said):
        call_command("restore", spoilt)
    assert not any(everything().values())


def test_a_database_that_is_not_empty_stays_as_it_is(backup):
    before = everything()
    with pytest.raises(CommandError, match="not empty: it has"):
        call_command("restore", backup)
    assert everything() == before


def test_a_row_that_the_database_refuses_leaves_it_empty(backup):
    """The rule that it breaks is one that only the end of the transaction looks at."""
    empty_the_database()

    def orphaned(name, data):
        if name != "glossary.watch.jsonl":
            return data
        pk, _, *rest = json.loads(data)
        return json.dumps([pk, 999_999, *rest]).encode() + b"\n"

    def with_checksum(manifest):
        [table] = [table for table in manifest["tables"] if table["name"] == "glossary.watch"]
        with ZipFile(backup) as archive:
            data = archive.read("glossary.watch.jsonl")
        table["sha256"] = hashlib.sha256(orphaned("glossary.watch.jsonl", data)).hexdigest()

    with pytest.raises(CommandError, match="refused a row, so nothing was restored"):
        call_command("restore", rewritten(backup, rows=orphaned, manifest=with_checksum))
    assert not any(everything().values())


def test_every_kind_of_value_can_be_carried():
    """A field of a new kind must be thought about before it is in a table."""
    known = (
        models.AutoField, models.BigAutoField, models.BooleanField, models.CharField, models.DateField,
        models.DateTimeField, models.ForeignKey, models.IntegerField, models.JSONField, models.TextField,
        models.UUIDField,
    )  # fmt: skip
    fields = [field for model in tables() for field in columns(model)]
    assert {type(field) for field in fields if not isinstance(field, known)} == set()
    assert connection.vendor in {"sqlite", "postgresql"}
    assert Term in tables()
