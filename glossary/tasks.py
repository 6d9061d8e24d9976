"""Tasks that are tried again.

The queue (django-tasks, kept in the database) records what every attempt came to and tries nothing twice. Here a
task that fails for a passing reason is enqueued once more, later each time. Attempts stay in the queue's table as
they ended, so that an admin sees each of them at /tasks/.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.db import OperationalError, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

# A server that is away, a connection that broke (SMTP's exceptions are OSErrors), a database that is busy.
PASSING = (OSError, OperationalError)
MOST_ATTEMPTS = 6
FIRST_PAUSE = timedelta(seconds=30)


def background(function: Callable) -> Callable:
    """Make a module's function a task: `it.enqueue(...)` is part of the transaction that it is called in.

    The function may run more than once for one enqueuing, so it must be idempotent. It is tried six times within
    three hours if it raises something of PASSING, or if its worker was told to end meanwhile.
    """

    @wraps(function)
    def run(*args, attempt: int = 1, **kwargs):
        try:
            return function(*args, **kwargs)
        except (*PASSING, SystemExit):
            try_again(made, args, kwargs, attempt=attempt)
            raise

    made = task(run)
    return made


def pause_after(attempt: int) -> timedelta:
    """30 seconds after the first attempt, then four times as long each time: two hours after the fifth."""
    return FIRST_PAUSE * 4 ** (attempt - 1)


def try_again(made, args, kwargs, *, attempt: int) -> bool:
    """Enqueue the next attempt, if there is one left."""
    if attempt >= MOST_ATTEMPTS:
        return False
    later = made.using(run_after=timezone.now() + pause_after(attempt))
    later.enqueue(*args, **kwargs, attempt=attempt + 1)
    return True


@transaction.atomic
def enqueue_once(made, *args) -> None:
    """Enqueue a task unless the same one is ready to run and will see what this transaction writes.

    It will: while its row is locked, or on SQLite while we write at all, no worker takes it before we commit.
    """
    same = {"task_path": made.module_path, "args_kwargs": {"args": [*args], "kwargs": {}}}
    if not DBTaskResult.objects.ready().filter(**same).get_locked():
        made.enqueue(*args)
