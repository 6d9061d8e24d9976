"""Editing a scenario, with the simulator as the preview."""

from django.views.decorators.http import require_http_methods

from simulator import catalogue
from simulator.figures import Figure, draft_figure
from simulator.models import SampleLog

from .. import permissions
from ..domain.plain_json import read_json
from ..forms import scenario as form
from ..forms.fields import Fields, with_rows
from ..forms.scenario_page import ScenarioForm, words_of
from .state_editing import Edit, Editor, digest, edit, needed_to

FIRST_ROWS: Fields = {"break/by": "params"}


def begin(request) -> Fields:
    """A new scenario; ?model= and ?log= choose what it runs."""
    given = {name: request.GET[name] for name in ("model", "log") if name in request.GET}
    return FIRST_ROWS | given


def take(fields: Fields, request) -> Fields:
    """Parameters and interventions as the figure shows them, which sends them as JSON."""
    try:
        taken = read_json(request.POST.get("taken", ""))
        params = {name: value for name, value in taken["params"].items() if value is not None}
        rows = [
            {name: value for name, value in intervention.items() if value is not None}
            for intervention in taken["interventions"]
        ]
        declared = catalogue.declared()[fields["model"]]
        written = form.under("params", form.params_fields(params, declared["params"]))
        interventions = [form.intervention_fields(row, declared["interventions"]) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError):
        return fields
    others = {name: text for name, text in fields.items() if not name.startswith("params/")}
    return with_rows(others | written, "interventions", interventions)


def context(edit: Edit) -> dict:
    logs = list(SampleLog.objects.values_list("slug", "title"))
    fields, focus = edit.fields, edit.focus
    shown = ScenarioForm(fields, edit.problems, models=catalogue.models(), logs=logs, is_new=edit.has_slug, focus=focus)
    figure, log_key = figure_of_edit(edit)
    problems = edit.all_problems
    return {
        "form": shown,
        "preview": figure,
        "log_key": log_key,
        "to_mend": [(problem, words_of(problem.path)) for problem in problems],
        "digest": digest(edit.reading.snapshot, log_key, problems, [person.pk for person in edit.others]),
    }


def figure_of_edit(edit: Edit) -> tuple[Figure | None, str]:
    """The figure of what is typed, and what its log is called; the browser may have that log already."""
    snapshot = edit.reading.snapshot
    log = SampleLog.objects.filter(slug=snapshot["log"]).first()
    if log is None or snapshot["model"] not in catalogue.models():
        return None, ""
    key = f"{log.slug}/{log.revision}"
    data = log.as_json()
    if edit.request.POST.get("log_at_hand") == key:
        del data["records"]
    return draft_figure(snapshot, data), key


EDITOR = Editor(
    subject="scenario",
    page="glossary/scenario_edit.html",
    parts={"scenario-fields": "glossary/_scenario_fields.html", "scenario-preview": "glossary/_scenario_preview.html"},
    fields_of=lambda snapshot: form.fields_of(snapshot, catalogue.declared()),
    read=lambda fields: form.Reading(fields, catalogue.declared()),
    begin=begin,
    context=context,
    new_rows=form.NEW_ROWS,
    deeds={"take": take},
)


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_edit(request, slug, refusal=""):
    permissions.access_scenario(request.user, slug, to=needed_to(request))
    return edit(request, EDITOR, slug, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_new(request, refusal=""):
    permissions.require(request.user, needed_to(request))
    return edit(request, EDITOR, refusal=refusal)
