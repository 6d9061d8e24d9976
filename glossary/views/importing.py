"""Importing: an upload, its dry run, and the set of proposals that it becomes."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import permissions
from ..domain.problems import Invalid
from ..services import importing
from ..services.reading_uploads import Unreadable, read_upload
from .doors import door


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door("import")
def import_page(request):
    """Upload a file or paste its text; what cannot be read at all is told beside the field."""
    text, problem = request.POST.get("text", ""), ""
    file = request.FILES.get("file")
    if request.method == "POST":
        # Browsers send every line break of a text field as two characters.
        raw = file.read() if file else text.replace("\r\n", "\n").encode()
        try:
            pending = importing.keep(read_upload(raw), name=file.name if file else "pasted text", by=request.user)
            return redirect("import_dry_run", pk=pending.pk)
        except Unreadable as unreadable:
            problem = str(unreadable)
    context = {"text": text, "problem": problem, "file_name": file.name if file else ""}
    context["waiting"] = request.user.pending_imports.all()
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
