"""People, for admins: who is here, with which role, and who is invited."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import permissions
from ..absolute import absolute
from ..account_forms import ConfirmNameForm, InviteForm, RoleForm
from ..domain.problems import Invalid
from ..models import Invitation, User
from ..services import inviting
from ..services import people as services
from .doors import add_problems, door

PER_PAGE = 50


@never_cache
@require_safe
@door("manage_people")
def people(request):
    """Everybody, those who may sign in first; `?q=` narrows it by name, address or team."""
    words = request.GET.get("q", "").replace("\0", "")[:200]
    found = User.people.matching(words).with_roles().in_order()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(person, permissions.given_role(person)) for person in page]
    return render(request, "people/people_list.html", {"q": words, "page": page, "rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door("manage_people")
def person(request, pk):
    """One person, and what an admin may do about them: POST with `deed`."""
    shown = permissions.access_person(request.user, pk, to="manage_people")
    deed = request.POST.get("deed", "")
    role_form = RoleForm(request.POST if deed == "give_role" else None, initial={"role": permissions.given_role(shown)})
    leave_form = ConfirmNameForm(request.POST if deed == "make_anonymous" else None, wanted=shown.username)
    forms = {"give_role": role_form, "make_anonymous": leave_form}
    form = forms.get(deed)
    problems = []
    if request.method == "POST":
        try:
            if (form is None or form.is_valid()) and (said := do(deed, shown, request.user, form)):
                messages.success(request, said)
                return redirect("person", pk=pk)
        except Invalid as invalid:
            problems = invalid.problems
    wrong = request.method == "POST"
    context = {"shown": shown, "role": permissions.given_role(shown), "problems": problems}
    context |= {"role_form": role_form, "leave_form": leave_form}
    return render(request, "people/person_page.html", context, status=422 if wrong else 200)


def do(deed: str, shown: User, by: User, form) -> str | None:
    """What was done, in words; nothing for a deed that is none. Raises Invalid."""
    match deed:
        case "give_role":
            services.give_role(person=shown, role=form.cleaned_data["role"], by=by)
            return f"{shown.name} now has the role {form.cleaned_data['role']}."
        case "deactivate":
            services.deactivate(person=shown, by=by)
            return f"{shown.name} is deactivated: signed out everywhere, and their tokens are refused."
        case "reactivate":
            services.reactivate(person=shown, by=by)
            return f"{shown.name} may sign in again."
        case "make_anonymous":
            services.make_anonymous(person=shown, by=by)
            return "What they wrote is now by a former member; nothing else of them is left."
    return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door("manage_people")
def invitations(request):
    """Invitations, and a form for a new one, whose link is shown in the answer and never again."""
    form = InviteForm(request.POST or None)
    link = made = None
    is_mailed = False
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = inviting.invite(by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            add_problems(form, invalid)
        else:
            link = absolute("accept_invitation", secret)
            is_mailed = bool(made.email) and inviting.mail_invitation(invitation=made, link=link)
            form = InviteForm()
    shown = Invitation.objects.with_people()[:PER_PAGE]
    context = {"form": form, "made": made, "link": link, "is_mailed": is_mailed}
    context |= {"invitations": [(invitation, invitation.state(at=timezone.now())) for invitation in shown]}
    return render(request, "people/invitations.html", context, status=422 if form.errors else 200)


@require_POST
@door("manage_people")
def revoke_invitation(request, pk):
    invitation = permissions.access_invitation(request.user, pk, to="manage_people")
    try:
        inviting.revoke(invitation=invitation, by=request.user)
    except Invalid as invalid:
        messages.error(request, invalid.problems[0].message)
    else:
        messages.success(request, "The invitation is revoked: its link leads nowhere now.")
    return redirect("invitations")
