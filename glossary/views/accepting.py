"""The page behind the link of an invitation."""

from allauth.account.utils import perform_login
from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..account_forms import AcceptForm
from ..domain.problems import Invalid
from ..services import inviting
from .doors import add_problems


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request, secret):
    """For whoever has the link: choose a name and a password. 410 once it was used, was revoked or has expired."""
    invitation = inviting.find(secret)
    if invitation is None:
        raise Http404("invitation")
    if not invitation.is_open(at=timezone.now()):
        return render(request, "people/invitation_over.html", status=410)
    if request.user.is_authenticated:
        return render(request, "people/invitation_for_another.html", status=409)
    form = AcceptForm(request.POST or None, invitation=invitation, email_needed=settings.REGISTRATION == "open")
    if request.method == "POST" and form.is_valid():
        try:
            person = inviting.accept(secret=secret, **form.cleaned_data)
        except Invalid as invalid:
            add_problems(form, invalid)
        else:
            return perform_login(request, person, signup=True, email=person.email or None)
    context = {"form": form, "invitation": invitation}
    return render(request, "people/invitation_accept.html", context, status=422 if form.errors else 200)
