"""What nobody should upload, and what anybody may."""

import io
import json
import stat
import zipfile
from zipfile import ZipFile, ZipInfo

import pytest

from glossary.domain.content_file import write_categories, write_term
from glossary.services import reading_uploads
from glossary.services.reading_uploads import Unreadable, read_upload
from tests.snapshots import term_snapshot


def zipped(*files, method=zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of (name or ZipInfo, bytes or text)."""
    out = io.BytesIO()
    with ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data, method)
    return out.getvalue()


def term_file(label="compaction") -> str:
    return write_term(term_snapshot(label))


def refusal(raw: bytes) -> str:
    with pytest.raises(Unreadable) as raised:
        read_upload(raw)
    return str(raised.value)


def test_a_zip_of_a_folder_is_read_and_what_systems_add_is_passed_over():
    categories = write_categories([{"slug": "kafka", "label": "Kafka", "description": "The broker."}])
    raw = zipped(
        ("words/", ""),
        ("words/categories.toml", categories),
        ("words/terms/compaction.md", b"\xef\xbb\xbf" + term_file().replace("\n", "\r\n").encode()),
        ("__MACOSX/words/terms/._compaction.md", b"\0"),
        ("words/.DS_Store", b"\0"),
    )
    upload = read_upload(raw)
    assert upload.problems == []
    assert [(entry.subject, entry.place) for entry in upload.entries] == [
        ("category", "words/categories.toml"),
        ("term", "words/terms/compaction.md"),
    ]
    assert upload.entries[1].data["label"] == "compaction"
    assert upload.entries[1].place_of("label") == "words/terms/compaction.md:3"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/etc/passwd", "leads out of the zip"),
        ("../terms/a.md", "leads out of the zip"),
        ("terms/../../a.md", "leads out of the zip"),
        ("terms\\..\\a.md", "leads out of the zip"),
        ("C:/terms/a.md", "leads out of the zip"),
        ("README.txt", "is none of categories.toml, terms/<slug>.md"),
        ("terms/a.toml", "must end in .md"),
    ],
)
def test_a_name_that_has_no_place_in_a_zip_is_told(name, said):
    upload = read_upload(zipped((name, term_file())))
    assert upload.entries == []
    [(place, message)] = upload.problems
    assert place == name.replace("\\", "\\")
    assert said in message


def test_a_link_in_a_zip_is_not_followed():
    link = ZipInfo("terms/a.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    [(_, message)] = read_upload(zipped((link, "/etc/passwd"))).problems
    assert "is a link to another file" in message


def test_other_ways_to_compress_are_refused_unread():
    [(_, message)] = read_upload(zipped(("terms/a.md", term_file()), method=zipfile.ZIP_LZMA)).problems
    assert "make the zip with Deflate" in message


def test_a_zip_bomb_is_refused_before_it_unpacks(monkeypatch):
    monkeypatch.setattr(reading_uploads, "MOST_UNPACKED", 1_000_000)
    bomb = zipped(*((f"terms/a{number}.md", b" " * 400_000) for number in range(5)))
    assert len(bomb) < 5000
    assert "unpacks to more than is read at once" in refusal(bomb)


def test_a_file_that_claims_to_be_smaller_than_it_is_is_refused():
    raw = zipped(("terms/a.md", b" " * 100_000)).replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert "damaged" in refusal(raw)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "There is nothing in it"),
        (b" \n ", "There is nothing in it"),
        (b"PK\x03\x04 cut off", "The zip is damaged"),
        (zipped(("[Content_Types].xml", "<x/>"), ("xl/workbook.xml", "<x/>")), "save the table as CSV"),
        (zipped(), "holds no term"),
        ("slug,gap\nx,Café\n".encode("latin-1"), "Line 2 holds the byte 0xe9, which is not UTF-8 text"),
        ("slug,gap\nx,y\n".encode("utf-16-le"), "NUL characters"),
        (b"\xff\xfe\x00", "is not UTF-16 text"),
        (b'{"terms": [}', "is not JSON"),
        (b'{"terms": [NaN]}', "NaN is not a number"),
        (b"[" * 10_000 + b"]" * 10_000, "nested too deep"),
        (b'{"terms": [' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"]}", "nested too deep"),
        (b"[" + b"9" * 5_000 + b"]", "cannot be read"),
        (b"slug,gap\n", "holds no term"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(raw, said):
    assert said in refusal(raw)


@pytest.mark.parametrize(
    ("document", "place", "said"),
    [
        ({"words": []}, "the document", "is no export"),
        ({"format": "skos", "terms": []}, "format", "is another format"),
        ({"terms": {}}, "terms", "must be a list"),
        ([7], "terms 1", "7 must be an object"),
        ([{"revision": "two"}], "terms 1", "revision: 'two' must be the number"),
        ([{"revision": True}], "terms 1", "revision: True must be the number"),
        ([{"label": "\ud800"}], "terms 1", "half a character"),
        ([{"label": [[[]] * 3] * 3, "deep": json.loads("[" * 200 + "]" * 200)}], "terms 1", "deeper than 100 levels"),
    ],
)
def test_what_is_wrong_with_a_document_is_told_with_its_place(document, place, said):
    [(where, message)] = read_upload(json.dumps(document).encode()).problems
    assert where == place
    assert said in message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_of_every_spreadsheet_are_read(encoding, delimiter):
    text = "slug,gap\r\ncompaction,Größe\r\n".replace(",", delimiter)
    [entry] = read_upload(text.encode(encoding)).entries
    assert entry.data == {"slug": "compaction", "gap": "Größe"}


def test_more_than_can_be_reviewed_at_once_is_refused():
    raw = "slug\n" + "\n".join(f"a{number}" for number in range(5_001))
    assert "the most at once is 5000" in refusal(raw.encode())
    assert len(read_upload(raw.encode(), bounded=False).entries) == 5_001
