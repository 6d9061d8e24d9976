"""The review queue, one proposal with what it changes, and what is decided about it."""

from datetime import datetime

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from simulator.figures import figure_of_snapshot
from simulator.models import SampleLog

from .. import permissions
from ..differences import difference, differences
from ..domain.problems import Invalid, Problem
from ..domain.vocabulary import CHANGES, SUBJECTS, VOICES
from ..domain.workflow import STATES, NotPossible
from ..models import Category, Proposal, ReviewSet
from ..services import reviewing
from ..services.proposing import Conflicting
from ..services.standing import Standing, standing_of
from ..services.subjects import SUBJECTS as KINDS
from . import commenting, listing
from .commenting import Typed
from .doors import door, proposal_page

FILTERS = ("state", "subject", "voice", "category", "change", "who", "set")
PAGE = 50
SUBJECT_WORDS = {"term": "Terms", "scenario": "Scenarios", "log": "Sample logs"}


@require_safe
@door("see_reviews")
def queue(request):
    """Proposals, oldest first: those that wait for review unless ?state= says otherwise ("all" for every one)."""
    chosen = listing.chosen_filters(request, FILTERS)
    found = narrowed(chosen, request.user)
    context = {
        "count": found.count(),
        "page": listing.page_of(found.listed(), request, chosen, column="pk", size=PAGE, newest_first=False),
        "filters": filters(chosen),
        "is_narrowed": bool(chosen),
        "review_set": ReviewSet.objects.filter(pk=listing.number_of(chosen.get("set", ""))).first(),
        "review_sets": ReviewSet.objects.unfinished()[:20],
    }
    return render(request, "glossary/review_queue.html", context)


def narrowed(chosen: dict[str, str], person):
    """A value that does not exist narrows to nothing."""
    proposals = Proposal.objects.all()
    state = chosen.get("state", "open")
    who = chosen.get("who")
    if who == "waiting":
        proposals = proposals.waiting_for(person, may_review=permissions.may(person, "review"))
    elif who:
        proposals = proposals.by(person) if who == "mine" else proposals.none()
    # What waits for somebody, or is theirs, is of any state unless one is chosen.
    if "state" in chosen or not who:
        proposals = proposals if state == "all" else proposals.filter(status=state)
    for name in ("subject", "voice", "category", "change"):
        if value := chosen.get(name):
            proposals = proposals.filter(**{name: value}) if value.isprintable() else proposals.none()
    if number := chosen.get("set"):
        proposals = proposals.filter(review_set=listing.number_of(number) or 0)
    return proposals


def filters(chosen: dict[str, str]) -> list[tuple[str, list[listing.Choice]]]:
    any_state = [("Any state", "all"), *((state.replace("_", " ").capitalize(), state) for state in STATES[1:])]
    first_state = ("Open", "") if "who" not in chosen else ("Any state", "")
    states = [first_state, *(any_state if "who" not in chosen else [("Open", "open"), *any_state[1:]])]
    categories = [("Any category", ""), *Category.objects.values_list("label", "slug")]
    everybody = [("Everybody’s", ""), ("Waiting for me", "waiting"), ("Mine", "mine")]
    subjects = [("Everything", ""), *((SUBJECT_WORDS[subject], subject) for subject in SUBJECTS)]
    voices = [("Both voices", ""), *((voice.capitalize(), voice) for voice in VOICES)]
    changes = [("Any change", ""), *((change.capitalize(), change) for change in CHANGES)]
    offered = {
        "who": ("Whose", everybody),
        "state": ("State", states),
        "subject": ("About", subjects),
        "voice": ("Voice", voices),
        "change": ("Kind of change", changes),
        "category": ("Category", categories),
    }
    return [(label, listing.choices(name, chosen, *options)) for name, (label, options) in offered.items()]


@require_safe
@proposal_page(to="see_reviews")
def proposal(request, proposal):
    """?as=source shows texts as they are written; ?against=base compares with what its author saw."""
    return proposal_answer(request, proposal)


@require_POST
@proposal_page(to="discuss")
def comments(request, proposal):
    done = commenting.discuss(request, proposal, reverse("proposal", args=[proposal.pk]))
    return proposal_answer(request, proposal, typed=done, status=422) if isinstance(done, Typed) else done


@require_POST
@proposal_page(to="see_reviews")
def decide(request, proposal):
    """deed=approve (change?, reason?), ask_for_changes or reject (reason), or withdraw; `seen` and `seen_revision`."""
    try:
        told = decided(request, proposal)
    except Conflicting as conflicting:
        told = (
            f"Version {conflicting.number} was published meanwhile and changes the same places, so this cannot be "
            "published as it is. Ask its author to decide between the texts: their form shows both."
        )
        return refused(request, proposal, [Problem("", told)], status=409)
    except NotPossible as error:
        return refused(request, proposal, [Problem("", what_happened(proposal) or str(error))], status=409)
    except Invalid as invalid:
        return refused(request, proposal, invalid.problems, status=422)
    messages.success(request, told)
    return redirect("proposal", proposal.pk)


def decided(request, proposal) -> str:
    """Do what was posted; the sentence that says so."""
    deed, reason = request.POST.get("deed", ""), request.POST.get("reason", "")
    by, seen = request.user, seen_by(request)
    match deed:
        case "approve":
            change = request.POST.get("change") or None
            if change not in (None, *CHANGES):
                raise Invalid([Problem("change", f"{change!r:.60} is not one of {', '.join(CHANGES)}")])
            number = reviewing.approve(proposal=proposal, by=by, change=change, reason=reason, seen=seen)
            return f"Published as version {number}."
        case "ask_for_changes":
            reviewing.ask_for_changes(proposal=proposal, by=by, reason=reason, seen=seen)
            return "Given back to its author, with your reason."
        case "reject":
            reviewing.reject(proposal=proposal, by=by, reason=reason, seen=seen)
            return "Rejected, with your reason."
        case "withdraw":
            reviewing.withdraw(proposal=proposal, by=by)
            return "Withdrawn. It stays here to be read."
    raise Invalid([Problem("deed", f"{deed!r:.60} is no decision; choose one of the buttons.")])


def seen_by(request) -> reviewing.Seen | None:
    """What the page said that it showed."""
    at = moment(request.POST.get("seen", ""))
    return reviewing.Seen(at, listing.number_of(request.POST.get("seen_revision", ""))) if at else None


def moment(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def what_happened(proposal) -> str:
    """Who decided meanwhile, and how; "" where nobody did."""
    proposal.refresh_from_db()
    if proposal.status == "open":
        return ""
    who = proposal.decided_by.name if proposal.decided_by else "Somebody"
    how = {
        "published": f"approved this and it is version {proposal.published_revision} now",
        "rejected": "rejected this",
        "withdrawn": "withdrew this",
        "changes_requested": "gave this back to its author",
    }[proposal.status]
    return f"{who} {how} (at {proposal.decided_at:%H:%M} UTC). Your decision came after that and changed nothing."


def refused(request, proposal, problems: list[Problem], *, status: int):
    proposal.refresh_from_db()
    decision = {"problems": problems, "reason": request.POST.get("reason", ""), "change": request.POST.get("change")}
    return proposal_answer(request, proposal, decision=decision, status=status)


def proposal_answer(request, proposal, *, status=200, typed=None, decision=None):
    return render(
        request, "glossary/proposal_page.html", proposal_context(request, proposal, typed, decision), status=status
    )


def proposal_context(request, proposal, typed, decision) -> dict:
    standing = standing_of(proposal)
    against_base = request.GET.get("against") == "base" or not standing.has_moved
    as_source = request.GET.get("as") == "source"
    found = differences_of(standing, against_base, as_source)
    threads = commenting.threads_of(proposal.comments)
    paths = {difference.path for difference in found}
    return {
        "proposal": proposal,
        "standing": standing,
        "conflicts": conflicts_told(standing),
        "subject_words": {"log": "sample log"}.get(proposal.subject, proposal.subject),
        "address": KINDS[proposal.subject].address(proposal.target) if standing.number else "",
        "fields": [(field, [thread for thread in threads if thread.field == field.path]) for field in found],
        "threads": [thread for thread in threads if thread.field not in paths],
        "as_source": as_source,
        "against_base": against_base,
        "views": views(as_source, against_base and standing.has_moved),
        "claims": claims(standing) if proposal.subject == "scenario" else [],
        "figure": figure(standing.merged) if proposal.subject == "scenario" else None,
        "discuss_url": reverse("proposal_comments", args=[proposal.pk]),
        "typed": typed,
        "decision": decision,
        "called": (decision and decision["change"]) or proposal.change,
        "reason_against": permissions.reason_against(request.user, "review", proposal),
        "is_mine": proposal.author_id == request.user.pk,
    }


def differences_of(standing: Standing, against_base: bool, as_source: bool) -> list:
    """What its author changed, or what approving it would change by now; rendered unless shown as source."""
    if against_base:
        html = (None, None) if as_source else (standing.html_of_base(), standing.html_of_proposal())
        return differences(standing.base, standing.proposal.snapshot, *html)
    html = (None, None) if as_source else (standing.html_of_current(), standing.html_of_merged())
    return differences(standing.current, standing.merged, *html)


def conflicts_told(standing: Standing) -> list[tuple]:
    """Each conflict as its two differences from the base: the proposal's, and what was published meanwhile."""
    return [
        (difference(path, base, mine), difference(path, base, theirs))
        for path, base, mine, theirs in standing.conflicts
    ]


def views(as_source: bool, against_base: bool) -> dict[str, list[listing.Choice]]:
    """Links that switch between the ways to look at a proposal."""
    chosen = {"as": "source" if as_source else "", "against": "base" if against_base else ""}
    return {
        "as": listing.choices("as", chosen, ("As it reads", ""), ("As it is written", "source")),
        "against": listing.choices(
            "against", chosen, ("Against what is published", ""), ("Against what its author saw", "base")
        ),
    }


def claims(standing: Standing) -> list[dict]:
    """Each claim before and after, in the order of the proposed scenario."""
    before, after = (
        {claim["id"]: claim for claim in said.get("claims", [])} for said in (standing.current, standing.merged)
    )
    return [{"id": id, "before": before.get(id), "after": after.get(id)} for id in dict.fromkeys([*after, *before])]


def figure(snapshot: dict):
    """The proposed scenario, live; None where its sample log is not there (yet)."""
    log = SampleLog.objects.filter(slug=snapshot.get("log")).first()
    return figure_of_snapshot(snapshot, log) if log else None
