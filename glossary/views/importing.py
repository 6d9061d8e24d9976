"""Importing: an upload, its dry run, and the set of proposals that it becomes."""

import csv

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import permissions
from ..domain.problems import Invalid
from ..domain.vocabulary import VOICES
from ..models import Category
from ..services import importing
from ..services.import_result import result
from ..services.reading_uploads import Unreadable, read_upload
from .doors import door


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door("import")
def import_page(request):
    """Upload a file or paste its text; what cannot be read at all is told beside the field."""
    text, problem = request.POST.get("text", ""), ""
    otherwise = {name: request.POST.get(name, "") for name in ("voice", "category")}
    file = request.FILES.get("file")
    if request.method == "POST":
        # Browsers send every line break of a text field as two characters.
        raw = file.read() if file else text.replace("\r\n", "\n").encode()
        try:
            name = file.name if file else "pasted text"
            pending = importing.keep(read_upload(raw), name=name, by=request.user, otherwise=otherwise)
            return redirect("import_dry_run", pk=pending.pk)
        except Unreadable as unreadable:
            problem = str(unreadable)
    context = {"text": text, "problem": problem, "file_name": file.name if file else ""}
    context |= {"waiting": request.user.pending_imports.listed(), "otherwise": otherwise}
    context |= {"voices": VOICES, "categories": Category.objects.all()}
    return render(request, "glossary/import_page.html", context, status=422 if problem else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dry_run(request, pk):
    """What would become of each thing; POST with `deed` proposes it all, or throws the upload away."""
    pending = permissions.access_import(request.user, pk, to="import")
    title = request.POST.get("title", f"Import of {pending.name}"[:200])
    problems, status, plan = [], 200, None
    if request.POST.get("deed") == "discard":
        importing.discard(pending)
        messages.success(request, f"The import of {pending.name} was thrown away. Nothing was proposed.")
        return redirect("import")
    if request.method == "POST":
        try:
            review_set = importing.confirm(pending, title=title, by=request.user)
            messages.success(request, "Proposed. Another curator reviews it, all in one table.")
            return redirect("review_set", pk=review_set.pk)
        except importing.NotAsShown as told:
            problems, plan, status = [str(told)], told.plan, 409
        except Invalid as invalid:
            problems, status = [problem.message for problem in invalid.problems], 422
    plan = plan or importing.plan(importing.upload_of(pending), by=request.user)
    context = {"pending": pending, "plan": plan, "title": title, "problems": problems}
    return render(request, "glossary/import_dry_run.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD"])
def dry_run_table(request, pk):
    """The dry run as CSV: what was uploaded, after what would become of each row."""
    pending = permissions.access_import(request.user, pk, to="import")
    plan = importing.plan(importing.upload_of(pending), by=request.user)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="dry-run.csv"'
    csv.writer(response).writerows(result(plan, pending.table))
    return response
