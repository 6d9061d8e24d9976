"""The queue of tasks, for admins: what waits, what runs, what failed and why."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..services import tending
from .doors import door

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@door(to="see_tasks")
def tasks(request):
    """The list, by `?status=`; what is posted (`task`, its id) is run again."""
    if request.method == "POST":
        task = get_object_or_404(tending.results(), pk=uuid(request.POST.get("task", "")))
        tending.run_again(result=task, by=request.user)
        return redirect("tasks")
    counts = tending.counts()
    status = request.GET.get("status", "")
    page = Paginator(tending.results(status=status if status in counts else ""), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "counts": counts, "status": status, "now": timezone.now()}
    return render(request, "glossary/tasks.html", context)


def uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404(text) from None
