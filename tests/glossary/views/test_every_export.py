"""What holds for every export; they are found in the table of addresses, so a new one is held to it too."""

import csv
import io
import json
import zlib
from collections.abc import Callable
from datetime import date
from inspect import isgenerator
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
import yaml
from django.urls import get_resolver, reverse
from rdflib import Graph

from glossary.views import exporting
from tests.factories import TermFactory

VIEWS = {view for view in vars(exporting).values() if getattr(view, "__qualname__", "") == "export.<locals>.view"}
ADDRESSES = [
    reverse(pattern.name, kwargs={name: date(2026, 3, 2) for name in pattern.pattern.converters})
    for pattern in get_resolver().url_patterns
    if getattr(pattern, "callback", None) in VIEWS
]
every_export = pytest.mark.parametrize("address", ADDRESSES)
ODD = "a \"b\" 'c' <d> & ]]> # : \\ ; | 😀 שלום "


def front_matter(text: bytes):
    return yaml.safe_load(text.decode().split("---\n")[1])


def rows(text: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


# How each format is read by what reads it; text for people needs no reader.
READERS: dict[str, Callable[[bytes], object]] = {
    "json": json.loads,
    "jsonld": json.loads,
    "csv": rows,
    "zip": lambda body: ZipFile(io.BytesIO(body)).testzip(),
    "inv": lambda body: zlib.decompress(body.split(b"\n", 4)[4]),
    "yml": yaml.safe_load,
    "ttl": lambda body: Graph().parse(data=body, format="turtle"),
    "mdx": front_matter,
    "tbx": ElementTree.fromstring,
    "md": bytes.decode,
    "txt": bytes.decode,
}


def body(client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return response.getvalue()


def read(client, address: str):
    return READERS[address.rpartition(".")[2]](body(client, address))


@every_export
def test_the_bytes_stay_the_same_whatever_else_is_asked_for(client, address):
    for label in ("tombstone", "compaction", "log"):
        TermFactory(label=label, aliases=[{"text": f"{label}ing", "kind": "misspelling"}])
    once = body(client, address)
    assert client.get("/terms/compaction/").status_code == 200
    assert body(client, address) == once


@every_export
def test_what_did_not_change_is_not_sent_again(client, address):
    TermFactory(label="log")
    response = client.get(address)
    for header, value in (("If-None-Match", response["ETag"]), ("If-Modified-Since", response["Last-Modified"])):
        again = client.get(address, headers={header: value})
        assert (again.status_code, again.content) == (304, b"")


@every_export
def test_its_head_says_what_it_is_to_every_origin(client, address):
    TermFactory(label="log")
    head, response = client.head(address), client.get(address)
    assert head.content == b""
    for name in ("Content-Type", "Content-Disposition", "ETag", "Last-Modified", "Access-Control-Allow-Origin"):
        assert head[name] == response[name], name
    assert response["Access-Control-Allow-Origin"] == "*"
    assert f'filename="{address.rpartition("/")[2]}"' in response["Content-Disposition"]


@every_export
def test_it_is_sent_as_it_is_made(client, address):
    TermFactory(label="log")
    response = client.get(address)
    assert response.streaming
    assert isgenerator(response._iterator)


@every_export
def test_without_a_term_it_is_read_all_the_same(client, address):
    read(client, address)


@every_export
def test_hostile_words_do_not_break_it(client, address):
    TermFactory(
        label="=odd: #word",
        slug="odd",
        gap=ODD + " long" * 200,
        say=ODD,
        aliases=[{"text": 'ev;il "x" <y> & ]]', "kind": "synonym"}, {"text": "evi: #l", "kind": "misspelling"}],
    )
    read(client, address)
