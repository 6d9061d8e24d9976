"""What is decided for every request: the public address, who may come in at all, and what is met at a closed door."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import patch_cache_control, patch_vary_headers

from simulator.views import embeddable

from . import permissions
from .api.errors import error, in_shape
from .services.access_tokens import reader_with

# What programs read, with an access token where the site is private.
FOR_PROGRAMS = ("/api/", "/embed/", "/export/", "/feeds/", "/llms", "/objects.inv", "/oembed")
# What reads although it is posted, as an address holds no document.
READING_POSTS = ("/api/v1/check",)
# What is there for everybody also where the site is private: the way in, and what holds no words of the dictionary.
ALWAYS_OPEN = ("/accounts/", "/healthz", "/robots.txt", "/static/", "/favicon.ico")


class PublicScheme:
    """Treat every request as it was made to PUBLIC_URL: over TLS, or not.

    A proxy that ends TLS speaks plain HTTP to us. No header of the request is trusted about
    it: the setting knows.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.META["wsgi.url_scheme"] = urlsplit(settings.PUBLIC_URL).scheme
        return self.get_response(request)


class ApiErrors:
    """Answer programs in one shape whatever goes wrong, and let scripts of other origins ask before they send."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        if request.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META:
            return allowed_from_everywhere()
        return in_shape(self.get_response(request))


def allowed_from_everywhere() -> HttpResponse:
    """The answer to a preflight: what may be sent from other origins, never with credentials."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD, POST",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }
    return HttpResponse(status=204, headers=headers)


class LargestBody:
    """Refuse, unread, what no form and no upload of this site is as large as."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            context = {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000, "sent": int(length) / 1_000_000}
            return render(request, "413.html", context, status=413)
        return self.get_response(request)


class PublicHost:
    """Let every address that a library builds for a mail or for an identity provider begin with PUBLIC_URL.

    Only once the Host header was found to be allowed and no form to be forged, which compares it with where a
    request comes from.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        request.META["HTTP_HOST"] = urlsplit(settings.PUBLIC_URL).netloc


class AccessTokens:
    """Let programs read in the name of the person whose token they carry."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_reading = request.method in {"GET", "HEAD"} or request.path in READING_POSTS
        if request.path.startswith(FOR_PROGRAMS) and is_reading:
            secret = token_in(request)
            person = reader_with(secret) if secret else None
            if person:
                request.user = person
        return self.get_response(request)


def token_in(request) -> str:
    kind, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else request.GET.get("token", "")


class Private:
    """Where the site is private, send visitors to sign in, and keep what others read out of every shared cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not settings.PRIVATE:
            return self.get_response(request)
        response = self.refusal(request) or self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_cache=True)
        patch_cache_control(response, private=True)
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return response

    def refusal(self, request) -> HttpResponse | None:
        if request.path.startswith(ALWAYS_OPEN) or permissions.may(request.user, "read"):
            return None
        if not request.path.startswith(FOR_PROGRAMS):
            return to_sign_in(request, "This glossary is for people who are signed in.")
        sentence = "This glossary is private: send an access token, as `Authorization: Bearer …` or `?token=…`."
        if request.path.startswith("/api/"):
            response = error(401, sentence)
        else:
            response = HttpResponse(f"{sentence}\n", status=401, content_type="text/plain; charset=utf-8")
        response["WWW-Authenticate"] = "Bearer"
        return embeddable(lambda request: response)(request) if request.path.startswith("/embed/") else response


class InvalidForms:
    """Answer 422 where a library shows a form again because of what was sent, as our own views do."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and form is not None and form.errors:
            response.status_code = 422
        return response


class Doors:
    """What somebody meets at a closed door: the way to sign in, or a page that says who may enter."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, permissions.SignInNeeded):
            return to_sign_in(request, str(exception))
        if isinstance(exception, permissions.Refused):
            return render(request, "403.html", {"reason": str(exception)}, status=403)
        return None


def to_sign_in(request, reason: str) -> HttpResponse:
    """A page leads to sign in and back; what was sent, or wanted as a part, is told why it went nowhere."""
    if request.method in {"GET", "HEAD"} and not request.htmx:
        return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")
    return render(request, "403.html", {"reason": reason, "needs_sign_in": True}, status=401)
