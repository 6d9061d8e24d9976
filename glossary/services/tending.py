"""Work that recurs, and the queue itself: what is due is enqueued once, whoever looks first.

Any number of workers call `enqueue_due` as often as they like; a row of Schedule, moved on by one of them, decides.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, Count, QuerySet, When
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from .. import permissions
from ..models import Delivery, MailFrequency, Schedule, Term
from ..tasks import background, try_again
from . import notifying
from .mailing import mail_notices
from .recording import record

# No task of ours takes so long; one that is still running then went down with its worker.
LONGEST_RUN = timedelta(minutes=15)
KEEP_DONE, KEEP_FAILED, KEEP_DELIVERIES = timedelta(days=7), timedelta(days=30), timedelta(days=30)


def results(*, status: str = "") -> QuerySet:
    """What the queue holds: failures first, then what runs and waits, then what is done; the newest first."""
    order = [TaskResultStatus.FAILED, TaskResultStatus.RUNNING, TaskResultStatus.READY, TaskResultStatus.SUCCESSFUL]
    urgency = Case(*(When(status=name, then=place) for place, name in enumerate(order)))
    found = DBTaskResult.objects.filter(status=status) if status else DBTaskResult.objects.all()
    return found.order_by(urgency, "-enqueued_at")


def counts() -> dict[str, int]:
    """How many tasks are in each state."""
    found = DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk"))
    return {status: 0 for status in TaskResultStatus.values} | dict(found)


class Routine(NamedTuple):
    """Work that recurs: its task with arguments, and how often; `hour` (UTC) fixes the time of day of a daily one."""

    task: Callable
    every: timedelta
    args: tuple = ()
    hour: int | None = None

    def next_after(self, at: datetime) -> datetime:
        if self.hour is None:
            return at + self.every
        today = at.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        return today if today > at else today + timedelta(days=1)


class Abandoned(Exception):
    """The worker of a task ended without saying what came of it."""


@background
def remind_of_reviews() -> int:
    """Tell the authors of terms whose review is overdue; the number of such terms."""
    at = timezone.now()
    overdue = Term.objects.published().filter(review_due_on__lt=at.date()).select_related("current")
    with transaction.atomic():
        for term in overdue:
            notifying.review_due(term, at=at)
    return len(overdue)


@background
def forget_old_results() -> int:
    """Delete what the queue has done a week ago, and what failed a month ago; how many."""
    at = timezone.now()
    done = DBTaskResult.objects.successful().filter(finished_at__lt=at - KEEP_DONE)
    failed = DBTaskResult.objects.failed().filter(finished_at__lt=at - KEEP_FAILED)
    return done.delete()[0] + failed.delete()[0]


@background
def forget_old_deliveries() -> int:
    """Delete what was sent to webhooks a month ago, and does not wait any more; how many messages."""
    ended = Delivery.objects.exclude(status=Delivery.Status.WAITING)
    old = ended.filter(created_at__lt=timezone.now() - KEEP_DELIVERIES)
    return old.delete()[1].get(Delivery._meta.label, 0)


ROUTINES = {
    "digests": Routine(mail_notices, timedelta(days=1), (MailFrequency.DAILY,), hour=6),
    "mail left over": Routine(mail_notices, timedelta(hours=1), (MailFrequency.AT_ONCE, True)),
    "reminders": Routine(remind_of_reviews, timedelta(days=1), hour=5),
    "old results": Routine(forget_old_results, timedelta(days=1), hour=3),
    "old deliveries": Routine(forget_old_deliveries, timedelta(days=1), hour=3),
}


def enqueue_due(*, at: datetime | None = None) -> list[str]:
    """Enqueue every routine that is due, and what was abandoned; the names of these routines."""
    at = at or timezone.now()
    recover_abandoned(at=at)
    known = dict(Schedule.objects.values_list("name", "next_at"))
    return [name for name in ROUTINES if known.get(name, at) <= at and enqueue_routine(name, at=at)]


@transaction.atomic
def enqueue_routine(name: str, *, at: datetime) -> bool:
    """Enqueue a routine unless another worker was quicker. One that never ran is due at its next time."""
    routine = ROUTINES[name]
    moved_on = {"next_at": routine.next_after(at)}
    _, is_new = Schedule.objects.get_or_create(name=name, defaults=moved_on)
    if is_new or not Schedule.objects.filter(name=name).due(at=at).update(**moved_on):
        return False
    routine.task.enqueue(*routine.args)
    return True


def recover_abandoned(*, at: datetime) -> int:
    """Fail tasks that went down with their workers, and try them again; how many."""
    abandoned = list(DBTaskResult.objects.running().filter(started_at__lt=at - LONGEST_RUN))
    return sum(recover(result) for result in abandoned)


@transaction.atomic
def recover(result: DBTaskResult) -> bool:
    result = DBTaskResult.objects.select_for_update().running().filter(pk=result.pk).first()
    if result is None:
        return False
    result.set_failed(Abandoned(f"worker {result.worker_ids[-1]} did not end this task within {LONGEST_RUN}"))
    args, kwargs = arguments(result)
    try_again(result.task, args, kwargs, attempt=kwargs.pop("attempt", 1))
    return True


def arguments(result: DBTaskResult) -> tuple[list, dict]:
    return result.args_kwargs["args"], dict(result.args_kwargs["kwargs"])


@transaction.atomic
def run_again(*, result: DBTaskResult, by, at=None) -> None:
    """Enqueue a failed task anew, with all its attempts. Other tasks are left alone."""
    permissions.require(by, "see_tasks")
    if result.status != TaskResultStatus.FAILED:
        return
    args, kwargs = arguments(result)
    kwargs.pop("attempt", None)
    result.task.using(run_after=timezone.now()).enqueue(*args, **kwargs)
    record(action="task.rerun", target=result.task_name, by=by, at=at or timezone.now(), data={"task": str(result.pk)})
