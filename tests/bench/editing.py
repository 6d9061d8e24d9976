"""Many people at once, long histories, long queues and long texts, each beside the same with few or none."""

import http.client
import itertools
import json
import statistics
import threading
import time
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from tests.html_forms import fields_of

from . import crowd
from .load import Request, median, rounds
from .report import Row
from .site import Site, call

READERS, EDITORS = 50, 10
# Each reader turns a page every second, and each editor opens a form and saves it every six.
PAUSE_OF_READERS, PAUSE_OF_EDITORS = 1.0, 6.0
IDLE_SECONDS, BUSY_SECONDS = 20, 60
MOST = 3
LONGEST_COMPARISON = 200


def rows(site: Site, database: str) -> list[Row]:
    people = json.loads(call(site.database_url, "-m", "tests.bench.crowd").splitlines()[-1])
    member = signed_in(people["member"])
    told = [
        history_row(site, member, database),
        comparison_row(site, member, people["long"], database),
        queue_row(site, member, database),
        *crowd_rows(site, people["curators"], database),
    ]
    return told


def signed_in(session: str) -> dict[str, str]:
    return {"Cookie": f"sessionid={session}"}


def history_row(site: Site, headers: dict, database: str) -> Row:
    few, many = (Request(f"/terms/{slug}/history/", headers) for slug in (crowd.SELDOM_EDITED, crowd.OFTEN_EDITED))
    few, many = (median(loads) for loads in rounds(site.address, {"few": [few], "many": [many]}, count=3).values())
    return beside(f"history of {crowd.MANY_REVISIONS:,} revisions, {database}", many.p50, few.p50, crowd.FEW)


def queue_row(site: Site, headers: dict, database: str) -> Row:
    queue = {"queue": [Request("/review/", headers)]}
    [few] = (median(loads) for loads in rounds(site.address, queue, count=3).values())
    call(site.database_url, "-m", "tests.bench.crowd", "proposals")
    [many] = (median(loads) for loads in rounds(site.address, queue, count=3).values())
    return beside(f"review queue of {crowd.MANY_PROPOSALS:,} proposals, {database}", many.p50, few.p50, crowd.FEW)


def beside(what: str, many: float, few: float, count: int) -> Row:
    ratio = many / few
    return Row(
        f"{what}: p50", f"{many:.1f} ms", f"with {count} {few:.1f} ms", f"{ratio:.1f} ×", f"≤ {MOST} ×", ratio <= MOST
    )


def comparison_row(site: Site, headers: dict, revisions: list[int], database: str) -> Row:
    """The whole page, as a person who is signed in gets it: made anew each time."""
    older, newer = revisions
    address = f"/terms/{crowd.LONG_WINDED}/diff/?from={older}&to={newer}"
    times = []
    for _ in range(7):
        began = time.perf_counter()
        site.body(address, headers)
        times.append((time.perf_counter() - began) * 1000)
    median_time = statistics.median(times)
    return Row(
        f"comparing two texts of {crowd.LONG // 1000} kB, {database}",
        f"{median_time:.0f} ms",
        reach=f"< {LONGEST_COMPARISON} ms",
        met=median_time < LONGEST_COMPARISON,
    )


class Seen(NamedTuple):
    """Milliseconds of each answer, and what went wrong."""

    times: list[float]
    errors: list[str]


class Person(threading.Thread):
    """Somebody with one connection who does something again and again until they are told to stop."""

    def __init__(self, site: Site, deed, pause: float, headers: dict, until: float, start_after: float):
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection(urlsplit(site.address).netloc, timeout=60)
        self.deed, self.pause, self.headers, self.until = deed, pause, headers, until
        self.start_after = start_after
        self.seen = Seen([], [])

    def run(self):
        time.sleep(self.start_after)
        while time.monotonic() < self.until:
            began = time.perf_counter()
            try:
                error = self.deed(self)
            except (OSError, http.client.HTTPException) as problem:
                self.connection.close()
                error = repr(problem)
            self.seen.times.append((time.perf_counter() - began) * 1000)
            if error:
                self.seen.errors.append(error)
            time.sleep(self.pause)

    def ask(self, method: str, path: str, body: str | None = None, headers: dict | None = None) -> tuple[int, str]:
        self.connection.request(method, path, body, self.headers | (headers or {}))
        response = self.connection.getresponse()
        return response.status, response.read().decode()


def reader(paths: list[str]):
    """Reads one page after the other."""
    turns = itertools.cycle(paths)
    lock = threading.Lock()

    def read(person: Person) -> str | None:
        with lock:
            path = next(turns)
        status, _ = person.ask("GET", path)
        return None if status == 200 else f"GET {path}: {status}"

    return read


def editor(paths: list[str]):
    """Opens the form of a term, adds a word to what one should say, and publishes it."""
    turns = itertools.count()

    def edit(person: Person) -> str | None:
        turn = next(turns)
        path = f"{paths[turn % len(paths)]}edit/"
        status, form = person.ask("GET", path)
        if status != 200:
            return f"GET {path}: {status}"
        fields = [
            (name, f"{value} {turn}" if name == "say" else value) for name, value in fields_of(form, having="say")
        ]
        fields += [("change", "wording"), ("note", "A word more.")]
        token = dict(fields)["csrfmiddlewaretoken"]
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            # A masked token is as good in the cookie as in the form.
            "Cookie": f"{person.headers['Cookie']}; csrftoken={token}",
        }
        status, _ = person.ask("POST", path, urlencode(fields), headers)
        # Two editors of one sentence: the second is asked to decide, which is an answer and no error.
        return None if status in (302, 303, 409) else f"POST {path}: {status}"

    return edit


def crowd_rows(site: Site, sessions: list[str], database: str) -> list[Row]:
    paths = site.term_paths()
    idle, _ = together(site, paths, [], IDLE_SECONDS)
    kept, _ = together(site, paths, [], IDLE_SECONDS)
    busy, edits = together(site, paths, sessions, BUSY_SECONDS)
    errors = [*busy.errors, *edits.errors]
    if errors:
        print(f"{len(errors)} answers were not what they should be, such as {errors[0]}")
    before, during = p95(idle.times), p95(busy.times)
    ratio = during / before
    what = f"{READERS} readers beside {EDITORS} editors for a minute, {database}"
    return [
        Row(
            f"{what}: p95 of reading",
            f"{during:.1f} ms",
            f"without editors {before:.1f} ms",
            f"{ratio:.1f} ×",
            f"≤ {MOST} ×",
            ratio <= MOST,
        ),
        Row(f"{what}: errors", f"{len(errors)} of {len(busy.times) + len(edits.times)}", reach="0", met=not errors),
        Row("· reading without editors when every page is kept: p95", f"{p95(kept.times):.1f} ms"),
        Row("· saves: p50, p95", f"{statistics.median(edits.times):.0f} ms, {p95(edits.times):.0f} ms"),
    ]


def together(site: Site, paths: list[str], sessions: list[str], seconds: int) -> tuple[Seen, Seen]:
    until = time.monotonic() + seconds
    readers = [
        Person(site, reader(paths[number:] + paths[:number]), PAUSE_OF_READERS, {}, until, number * 0.01)
        for number in range(READERS)
    ]
    editors = [
        Person(site, editor(paths[number::EDITORS]), PAUSE_OF_EDITORS, signed_in(session), until, number * 0.2)
        for number, session in enumerate(sessions)
    ]
    for person in [*readers, *editors]:
        person.start()
    for person in [*readers, *editors]:
        person.join()
    return gathered(readers), gathered(editors)


def gathered(people: list[Person]) -> Seen:
    return Seen(
        [time for person in people for time in person.seen.times],
        [error for person in people for error in person.seen.errors],
    )


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
