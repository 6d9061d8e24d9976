"""The start of a worker, in a process of its own."""

from tests.glossary.test_settings import start

FILL = """
import django
django.setup()
from django.core.management import call_command
from tests.factories import TermFactory
call_command("migrate", verbosity=0)
TermFactory(label="compaction")
"""
START = """
import threading
import glossary.wsgi
for thread in threading.enumerate():
    if thread.name == "warm-up":
        thread.join()
"""
SEARCH = """
from django.db import connection
from django.test.utils import CaptureQueriesContext
from glossary import search
with CaptureQueriesContext(connection) as captured:
    print(search.find("compation", limit=1).hits[0].term.label, len(captured))
"""
ENVIRONMENT = {
    "SECRET_KEY": "long",
    "DJANGO_SETTINGS_MODULE": "glossary.settings",
    # A bare clone has collected no static files yet.
    "PYTHONWARNINGS": "ignore:No directory at:UserWarning",
}


def test_a_worker_has_built_its_index_before_anybody_searches(tmp_path):
    worker = start(FILL + START + SEARCH, DATABASE_URL=f"sqlite:///{tmp_path}/glossary.sqlite3", **ENVIRONMENT)
    assert worker.stderr == ""
    assert worker.stdout.splitlines()[-1] == "compaction 1"


def test_a_worker_starts_where_the_database_is_not_there_yet(tmp_path):
    worker = start(START, DATABASE_URL=f"sqlite:///{tmp_path}/no-such-folder/glossary.sqlite3", **ENVIRONMENT)
    assert worker.returncode == 0
    [warning] = worker.stderr.splitlines()
    assert "The search index will be built by the first search" in warning
