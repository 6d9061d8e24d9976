"""Sample logs: the list of them, and the form in which one is edited, with the simulator as its preview."""

from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from simulator.figures import draft_figure, model_file
from simulator.models import SampleLog, Scenario

from .. import permissions
from ..domain.vocabulary import OWN_LOG
from ..forms import log as form
from ..forms.fields import Fields
from ..forms.scenario_page import words_of
from ..pages import reading_page
from .state_editing import Edit, Editor, edit, needed_to

# What a page without scripts shows; scripts read the form's own text.
SHOWN_RECORDS = 100
NOTHING_SAID = {"engineer": "", "manager": ""}


@reading_page()
def logs(request):
    """Every sample log, with the scenarios that run on it."""
    found = SampleLog.objects.prefetch_related("scenarios")
    context = {"logs": [(log, len(log.records), log.slug != OWN_LOG) for log in found]}
    return render(request, "glossary/log_list.html", context)


@require_safe
def log(request, slug):
    """A sample log is shown by the workbench."""
    return redirect(f"{reverse('workbench')}?log={slug}")


def begin(request) -> Fields:
    return {}


def context(edit: Edit) -> dict:
    return {
        "form": form.LogForm(edit.fields, edit.problems, is_new=edit.has_slug),
        "to_mend": [(problem, words_of(problem.path)) for problem in edit.all_problems],
        "preview": figure_of_edit(edit),
        "dependents": dependents(edit.target),
    }


def figure_of_edit(edit: Edit):
    snapshot = edit.reading.snapshot
    records = [record for record in snapshot["records"][:SHOWN_RECORDS] if isinstance(record, dict)]
    unsaid = {"captions": NOTHING_SAID, "question": NOTHING_SAID, "break": {"label": ""}, "claims": []}
    scenario = unsaid | {"model": "append_log", "title": snapshot["title"] or "A new sample log"}
    return draft_figure(scenario, snapshot | {"records": records})


def dependents(slug: str) -> list[dict]:
    """The scenarios that run on a log, with what a browser needs to check their claims on other records."""
    return [
        {
            "slug": scenario.slug,
            "title": scenario.title,
            "address": reverse("scenario", args=[scenario.slug]),
            "modelSrc": static(model_file(scenario.model)),
            "params": scenario.params,
            "interventions": scenario.interventions,
            "claims": scenario.claims,
        }
        for scenario in Scenario.objects.filter(log__slug=slug)
    ]


EDITOR = Editor(
    subject="log",
    page="glossary/log_edit.html",
    parts={"log-says": "glossary/_log_says.html"},
    fields_of=form.fields_of,
    read=form.Reading,
    begin=begin,
    context=context,
)


@require_http_methods(["GET", "HEAD", "POST"])
def log_edit(request, slug, refusal=""):
    permissions.access_log(request.user, slug, to=needed_to(request))
    return edit(request, EDITOR, slug, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
def log_new(request, refusal=""):
    permissions.require(request.user, needed_to(request))
    return edit(request, EDITOR, refusal=refusal)
