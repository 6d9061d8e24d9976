"""Counts how often the pages of terms are asked for, without a reader waiting for it.

Each process counts in memory and writes once a minute, from a thread of its own, and when it ends. Only a process
that serves counts (wsgi.py says so). What cannot be written now is kept for the next minute; a process that is killed
loses a minute: these figures say what nobody reads, not what to bill.
"""

import logging
import re
import threading
import time
from collections import Counter
from multiprocessing.util import Finalize

from django.db import DatabaseError, close_old_connections, connection

from .services.counting import add_views

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_WRITES = 60
# More different terms than this are not kept apart within a minute.
MOST_TERMS = 10_000
TERM = re.compile(r"/terms/([-\w]+)/")
SEEN = {200, 304}


class Readership:
    """What was asked for since the last write."""

    def __init__(self):
        self.counts: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.writer: threading.Thread | None = None
        self.counting = False

    def start(self) -> None:
        """Count from now on."""
        if not self.counting:
            self.counting = True
            # The server's workers are children of multiprocessing, which end without atexit's functions.
            Finalize(None, self.flush, exitpriority=1)

    def note(self, request, response) -> None:
        """Count a page of a term that was answered; a card over a link is no visit."""
        if not self.counting or response.status_code not in SEEN or "HTTP_HX_REQUEST" in request.META:
            return
        if found := TERM.fullmatch(request.path):
            self.add({found[1]: 1})
            self.see_that_somebody_writes()

    def add(self, counts: dict[str, int]) -> None:
        with self.lock:
            for slug, count in counts.items():
                if slug in self.counts or len(self.counts) < MOST_TERMS:
                    self.counts[slug] += count

    def take(self) -> Counter[str]:
        with self.lock:
            taken, self.counts = self.counts, Counter()
        return taken

    def see_that_somebody_writes(self) -> None:
        """A thread does not survive a fork: each process starts its own with its first reader."""
        if self.writer is None or not self.writer.is_alive():
            self.writer = threading.Thread(target=self.write_for_ever, name="readership", daemon=True)
            self.writer.start()

    def write_for_ever(self) -> None:
        while True:
            time.sleep(SECONDS_BETWEEN_WRITES)
            close_old_connections()
            self.flush()
            connection.close()

    def flush(self) -> None:
        """Write what was counted. A write that fails is logged, and tried again with the next."""
        counts = self.take()
        if not counts:
            return
        try:
            add_views(counts)
        except DatabaseError as error:
            logger.warning("Could not write how often terms were read: %s", error)
            self.add(counts)


readership = Readership()
