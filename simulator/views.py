"""The workbench, its scenarios, what the models were checked against, and embeds."""

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_exempt

from . import catalogue, stills
from .figures import figure_of, free_figure
from .models import SampleLog, Scenario


def workbench(request):
    """Any model on any sample log (?model=&log=; the first ones where these name none), and all scenarios."""
    models = list(catalogue.models().values())
    logs = list(SampleLog.objects.all())
    model = catalogue.models().get(request.GET.get("model", ""), models[0])
    log = next((log for log in logs if log.slug == request.GET.get("log", "")), logs[0] if logs else None)
    by_model = {model["id"]: [] for model in models}
    for scenario in Scenario.objects.with_logs():
        by_model.setdefault(scenario.model, []).append(scenario)
    context = {
        "models": [model | {"scenarios": by_model[model["id"]]} for model in models],
        "logs": logs,
        "chosen_model": model,
        "chosen_log": log,
        "figure": free_figure(model, log) if log else None,
    }
    return render(request, "simulator/workbench.html", context)


def scenario_page(request, slug):
    scenario = get_object_or_404(Scenario.objects.with_logs(), slug=slug)
    siblings = Scenario.objects.filter(model=scenario.model).exclude(pk=scenario.pk)
    context = {
        "scenario": scenario,
        "figure": figure_of(scenario, has_choice=True),
        "model": catalogue.models().get(scenario.model),
        "shown_by": [shown.term for shown in scenario.term_scenarios.select_related("term")],
        "siblings": siblings,
    }
    return render(request, "simulator/scenario_page.html", context)


def fidelity(request):
    """Per model: which rules of which system it follows, class and method, and what is simplified."""
    return render(request, "simulator/fidelity.html", {"models": list(catalogue.models().values())})


def embed(request, slug):
    scenario = get_object_or_404(Scenario.objects.with_logs(), slug=slug)
    return render(request, "simulator/embed.html", {"scenario": scenario, "figure": figure_of(scenario)})


def still_svg(request, slug):
    return still(request, slug, lambda svg: HttpResponse(svg, content_type="image/svg+xml"))


def still_png(request, slug):
    # Twice the size, so that it is sharp on fine screens.
    return still(request, slug, lambda svg: HttpResponse(stills.png(svg, zoom=2), content_type="image/png"))


def still(request, slug, made):
    """A picture of a scenario in the state that ?state= says, or a sentence that says why there is none."""
    scenario = get_object_or_404(Scenario.objects.with_logs(), slug=slug)
    try:
        return made(stills.svg(scenario, request.GET.get("state", "")))
    except stills.NotDrawn as error:
        response = HttpResponse(f"{error}\n", status=error.status, content_type="text/plain; charset=utf-8")
        if error.status == 503:
            response["Retry-After"] = "2"
        return response


def embeddable(view):
    """Let other sites show a page in a frame: those that a setting names."""
    return xframe_options_exempt(csp_replace({"frame-ancestors": settings.EMBED_ANCESTORS})(view))
