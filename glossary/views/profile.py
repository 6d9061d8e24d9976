"""A person's own pages: what they say of themselves, their access tokens, taking their data away, leaving."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import permissions
from ..account_forms import ConfirmNameForm, ProfileForm, TokenForm
from ..domain.problems import Invalid
from ..models import User
from ..services import access_tokens, own_data, people
from .doors import add_problems, door


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door("have_account")
def profile(request):
    """What others see of a person, and how often they are written to."""
    # A copy: what was typed wrongly must not stand in the page's header.
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        people.change_profile(person=request.user, by=request.user, **form.cleaned_data)
        messages.success(request, "Your profile is saved.")
        return redirect("profile")
    status = 422 if form.errors else 200
    return render(request, "people/profile.html", {"form": form, "role": permissions.role_of(person)}, status=status)


@never_cache
@require_safe
@door("have_account")
def take_away(request):
    """Everything that is a person's own, as a file."""
    response = JsonResponse(own_data.data_of(request.user), json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door("have_account")
def leave(request):
    """A person makes themselves anonymous, after typing their name."""
    form = ConfirmNameForm(request.POST or None, wanted=request.user.username)
    if request.method == "POST" and form.is_valid():
        try:
            people.make_anonymous(person=request.user, by=request.user)
        except Invalid as invalid:
            add_problems(form, invalid)
        else:
            logout(request)
            return render(request, "people/left.html")
    return render(request, "people/leave.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door("make_tokens")
def tokens(request):
    """A person's tokens. A new one is shown in the answer to the form, and never again."""
    form = TokenForm(request.POST or None)
    made = secret = None
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = access_tokens.make_token(**form.cleaned_data, by=request.user)
            form = TokenForm()
        except Invalid as invalid:
            add_problems(form, invalid)
    context = {"form": form, "made": made, "secret": secret, "tokens": request.user.access_tokens.all()}
    return render(request, "people/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@door("make_tokens")
def revoke_token(request, pk):
    token = permissions.access_token(request.user, pk, to="make_tokens")
    access_tokens.revoke_token(token=token, by=request.user)
    messages.success(request, f"“{token.label}” is revoked: whoever uses it is refused from now on.")
    return redirect("tokens")
