"""Lets the queue be worked through, by the worker itself, in the test's own process."""

from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult, get_date_max


def work(*, later: bool = False) -> list[DBTaskResult]:
    """Run everything that is ready until nothing is; `later`: also what is put off. All results, oldest first."""
    if later:
        waiting = DBTaskResult.objects.filter(status="READY").exclude(run_after=get_date_max())
        waiting.update(run_after=timezone.now() - timedelta(seconds=1))
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
    # As Django's test client does: the connection holds the test's own transaction.
    with patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
        worker.run()
    return list(DBTaskResult.objects.order_by("enqueued_at"))
