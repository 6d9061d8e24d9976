"""Nobody's words are lost where two hundred people save one term at once, nor where the server is killed meanwhile."""

import os
import signal
import threading
from contextlib import contextmanager

import pytest

from tests.bench.site import load_dictionary, served

from .crowd import ALIASING, CONTENDING, PROPOSING, editors, read_back, sign_in
from .postgresql import cluster

pytestmark = pytest.mark.proof
EVERYBODY = PROPOSING + ALIASING + CONTENDING


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    with sqlite(tmp_path) if request.param == "sqlite" else cluster() as url:
        load_dictionary(url)
        yield url


@contextmanager
def sqlite(folder):
    yield f"sqlite:///{folder}/glossary.sqlite3"


def words_of(stored: dict) -> set[str]:
    text = f"{stored['current']} {stored['proposed']}"
    return set("".join(c if c.isalnum() else " " for c in text).split())


def test_two_hundred_people_save_one_term_at_once_and_every_word_is_kept(database_url):
    sessions = sign_in(database_url)
    with served(database_url) as site:
        people = editors(site, sessions, threading.Barrier(EVERYBODY))
        for person in people:
            person.join()
    saves = [person.save for person in people]
    assert [save.failure for save in saves if save.failure] == []
    assert [save for save in saves if any(status >= 500 for status in save.statuses)] == []
    assert [save for save in saves if not save.is_acknowledged] == []
    assert [save for save in saves if not save.keeps_what_was_typed] == []
    stored = read_back(database_url)
    assert {save.word for save in saves} - words_of(stored) == set()
    assert len(stored["proposed"]) == PROPOSING
    assert not stored["has_gaps"]
    # They did contend: somebody was asked to decide.
    assert any(409 in save.statuses for save in saves)


def test_what_was_acknowledged_before_the_server_was_killed_is_found_after_it(database_url):
    sessions = sign_in(database_url)
    with served(database_url) as site:
        people = editors(site, sessions, threading.Barrier(EVERYBODY))
        acknowledged = threading.Event()

        def watch():
            while sum(person.save.is_acknowledged for person in people) < EVERYBODY // 4:
                if acknowledged.wait(0.01):
                    return
            os.killpg(site.group, signal.SIGKILL)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        for person in people:
            person.join()
        acknowledged.set()
        watcher.join()
    saves = [person.save for person in people]
    assert 0 < sum(save.is_acknowledged for save in saves) < EVERYBODY
    with served(database_url) as site:
        assert site.body("/terms/compaction/")
    stored = read_back(database_url)
    assert {save.word for save in saves if save.is_acknowledged} - words_of(stored) == set()
    assert not stored["has_gaps"]
