"""The command that checks documents."""

import json
import os

import pytest
from django.core.management import CommandError, call_command

from glossary.models import Document, DocumentUse
from tests.factories import TermFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    TermFactory(label="compaction", aliases=[{"text": "comapction", "kind": "misspelling"}])
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "0001.md").write_text("# Compaction\n\nWe use comapction.\n")
    (tmp_path / "notes.txt").write_text("compaction\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    return tmp_path


def run(capsys, *arguments) -> str:
    call_command("check_docs", *map(str, arguments))
    return capsys.readouterr().out


def test_a_folder_is_searched_for_documents_and_only_what_is_amiss_is_told(folder, capsys):
    [line] = run(capsys, folder).splitlines()
    assert line.startswith(f"{folder}/decisions/0001.md:3:8: warning: “comapction” is a misspelling of “compaction”.")


def test_all_terms_are_told_where_one_asks(folder, capsys):
    found = json.loads(run(capsys, folder, "--format", "json", "--all"))
    assert [(each["line"], each["level"]) for each in found] == [(1, "info"), (3, "warning"), (1, "info")]


@pytest.mark.parametrize(("level", "fails"), [("warning", True), ("error", False), ("info", True)])
def test_it_ends_with_one_from_the_level_that_is_named(folder, capsys, level, fails):
    if fails:
        with pytest.raises(SystemExit) as ended:
            run(capsys, folder, "--fail-on", level)
        assert ended.value.code == 1
    else:
        run(capsys, folder, "--fail-on", level)


def test_what_cannot_be_read_is_named(folder, tmp_path):
    (tmp_path / "latin.md").write_bytes("Größe".encode("latin-1"))
    for path, reason in [("latin.md", "is not UTF-8"), ("nowhere.md", "cannot be read")]:
        with pytest.raises(CommandError, match=reason):
            call_command("check_docs", str(tmp_path / path))


def test_documents_are_registered_below_the_address_that_is_given(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    (folder / "two words.md").write_text("compaction")
    run(capsys, ".", "--register", "https://x.org/docs/", "--repository", "orders", "--team", "Payments")
    assert set(Document.objects.values_list("address", "repository", "team", "format")) == {
        ("https://x.org/docs/decisions/0001.md", "orders", "Payments", "markdown"),
        ("https://x.org/docs/two%20words.md", "orders", "Payments", "markdown"),
        ("https://x.org/docs/notes.txt", "orders", "Payments", "text"),
    }
    assert DocumentUse.objects.filter(document__address__endswith="0001.md").get().count == 2


def test_what_cannot_be_registered_is_said(folder, monkeypatch):
    monkeypatch.chdir(folder / "decisions")
    with pytest.raises(CommandError, match="not below the folder"):
        call_command("check_docs", "../notes.txt", "--register", "https://x.org/")
    with pytest.raises(CommandError, match=r"0001\.md was not registered: address: .x\.org/0001\.md. must be an"):
        call_command("check_docs", ".", "--register", "x.org")
    assert not Document.objects.exists()


def test_a_team_without_the_address_that_it_is_for_is_told(folder):
    with pytest.raises(CommandError, match="with --register"):
        call_command("check_docs", str(folder), "--team", "Payments")


def test_a_name_that_is_no_utf_8_is_registered_as_its_bytes(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    (folder / os.fsdecode(b"Gr\xf6\xdfe.md")).write_text("compaction")
    run(capsys, ".", "--register", "https://x.org/docs/")
    assert Document.objects.filter(address="https://x.org/docs/Gr%F6%DFe.md").exists()
