"""Two hundred people who save the same term at the same time, with real requests to a real server."""

import http.client
import json
import threading
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from tests.bench.site import Site, call
from tests.html_forms import fields_of

TERM = "compaction"
EDIT = f"/terms/{TERM}/edit/"
# Members' changes wait as proposals, so that none is in the way of another. Of the curators, whose wording is live at
# once, most add an alias, which merges; the others add a sentence at one and the same place, which all but one of them
# have to decide about.
PROPOSING, ALIASING, CONTENDING = 120, 68, 12
MOST_TRIES = 60

SIGN_IN = """
import json, sys
from tests.bench.crowd import person
from tests.sessions import session_of
print(json.dumps([session_of(person(f"editor-{n}", role)) for n, role in enumerate(sys.argv[1].split(","))]))
"""
READ_BACK = """
import json
from glossary.models import Proposal, Revision, Term
term = Term.objects.select_related("current").get(slug="compaction")
numbers = list(term.revisions.order_by("number").values_list("number", flat=True))
print(json.dumps({
    "current": term.current.snapshot,
    "proposed": [p.snapshot for p in Proposal.objects.all()],
    "published": [r.snapshot for r in term.revisions.all()],
    "has_gaps": numbers != list(range(1, len(numbers) + 1)) or term.current.number != numbers[-1],
}))
"""


class Save(NamedTuple):
    """What became of one person's word: `statuses` of all tries; it is acknowledged where the last one leads on.

    `failure` says how the connection broke, which it does only where the server is killed.
    """

    word: str
    statuses: list[int]
    keeps_what_was_typed: bool
    failure: str = ""

    @property
    def is_acknowledged(self) -> bool:
        return bool(self.statuses) and self.statuses[-1] in (302, 303)


class Editor(threading.Thread):
    """Opens the form, waits for the others, and saves; asked to decide, takes their text and adds the word to it."""

    def __init__(self, site: Site, session: str, number: int, start: threading.Barrier):
        super().__init__(daemon=True)
        self.site, self.session, self.number, self.ready = site, session, number, start
        self.word = f"wordnumber{number}"
        self.save = Save(self.word, [], True)

    def run(self):
        try:
            form = self.ask("GET")[1]
            self.ready.wait(timeout=300)
            while len(self.save.statuses) < MOST_TRIES:
                status, answer = self.ask("POST", self.filled_in(form))
                self.save.statuses.append(status)
                if self.save.is_acknowledged:
                    return
                self.save = self.save._replace(keeps_what_was_typed=self.word in answer)
                # Their text first, as the button beside the field does; then one's own word again.
                form = self.ask("POST", [*fields_of(answer, having="say"), ("do", "theirs gap")])[1]
        except (OSError, http.client.HTTPException, threading.BrokenBarrierError) as error:
            self.save = self.save._replace(failure=repr(error))

    def ask(self, method: str, fields: list[tuple[str, str]] | None = None) -> tuple[int, str]:
        # A connection of its own for each request: two workers share out connections, not requests.
        connection = http.client.HTTPConnection(urlsplit(self.site.address).netloc, timeout=300)
        headers = {"Cookie": f"sessionid={self.session}"}
        if fields is not None:
            headers["Cookie"] += f"; csrftoken={dict(fields)['csrfmiddlewaretoken']}"
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, EDIT, None if fields is None else urlencode(fields), headers)
        response = connection.getresponse()
        try:
            return response.status, response.read().decode()
        finally:
            connection.close()

    def filled_in(self, form: str) -> list[tuple[str, str]]:
        fields = dict(fields_of(form, having="say"))
        if self.number < PROPOSING:
            fields |= {"say": f"{fields['say']} {self.word}.", "change": "meaning"}
        elif self.number < PROPOSING + ALIASING:
            row = max(int(name.split("/")[1]) for name in fields if name.startswith("aliases/"))
            fields |= {f"aliases/{row}/text": self.word, f"aliases/{row}/kind": "synonym", "change": "wording"}
        else:
            fields |= {"gap": f"{fields['gap']} {self.word}.", "change": "wording"}
        fields |= {"note": f"Because of {self.word}."}
        return list(fields.items())


def sign_in(database_url: str) -> list[str]:
    roles = ["member"] * PROPOSING + ["curator"] * (ALIASING + CONTENDING)
    return json.loads(run(database_url, SIGN_IN, ",".join(roles)))


def read_back(database_url: str) -> dict:
    return json.loads(run(database_url, READ_BACK))


def run(database_url: str, program: str, *arguments: str) -> str:
    setup = "import os, django\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'glossary.settings')\ndjango.setup()\n"
    return call(database_url, "-c", setup + program, *arguments).splitlines()[-1]


def editors(site: Site, sessions: list[str], ready: threading.Barrier) -> list[Editor]:
    people = [Editor(site, session, number, ready) for number, session in enumerate(sessions)]
    for person in people:
        person.start()
    return people
