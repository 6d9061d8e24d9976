"""manage.py work: does what need not keep a visitor waiting, and what recurs."""

import logging
import threading
import time

from django.db import DatabaseError, close_old_connections
from django_tasks_db.management.commands.db_worker import Command as Worker
from django_tasks_db.management.commands.db_worker import logger as worker_log

from glossary.services.tending import enqueue_due

logger = logging.getLogger(__name__)
SECONDS_BETWEEN_LOOKS = 30


class Command(Worker):
    help = "Work through the queue of tasks, and enqueue what recurs when it is due. Start as many as you like."

    def configure_logging(self, verbosity: int) -> None:
        """Say what failed, not what was done: that is at /tasks/."""
        super().configure_logging(verbosity)
        if verbosity == 1:
            for log in (worker_log, logging.getLogger("django_tasks")):
                log.setLevel(logging.WARNING)

    def handle(self, **options) -> None:
        if not options["batch"]:
            threading.Thread(target=keep_time, name="clock", daemon=True).start()
        super().handle(**options)


def keep_time() -> None:
    """Look for ever whether something is due. A database that is away is asked again."""
    while True:
        close_old_connections()
        try:
            enqueue_due()
        except DatabaseError as error:
            logger.warning("Could not look for recurring work: %s", error)
        time.sleep(SECONDS_BETWEEN_LOOKS)
