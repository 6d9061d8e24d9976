"""What is decided for every request: the public address, who may come in at all, and what is met at a closed door."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import patch_cache_control, patch_vary_headers

from simulator.views import embeddable

from . import permissions
from .api.errors import error, in_shape
from .domain.readable import MEGABYTES
from .services.access_tokens import token_with

# What programs read, with an access token where the site is private.
FOR_PROGRAMS = ("/api/", "/embed/", "/export/", "/feeds/", "/llms", "/mcp", "/objects.inv", "/oembed")
# What reads although it is posted, as an address holds no document.
READING_POSTS = ("/api/v1/check", "/mcp")
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
        method = request.method
        if method == "HEAD":
            # Answered like a GET, down to the length; the server leaves the body out.
            request.method = "GET"
        response = in_shape(self.get_response(request))
        request.method = method
        if usage := getattr(request, "usage", None):
            usage.tell(response)
        return response


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
    """Refuse, unread, what no form and no upload of this site is as large as, and what does not say how large it is."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length and "HTTP_TRANSFER_ENCODING" in request.META:
            return told(request, 411, "Say in `Content-Length` how long it is; what does not is not read.")
        if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            most, sent = (size / 1_000_000 for size in (settings.DATA_UPLOAD_MAX_MEMORY_SIZE, int(length)))
            if request.path.startswith(FOR_PROGRAMS):
                return told(request, 413, f"This has {sent:.1f} MB, and the most is {most:g} MB; it was not read.")
            context = {"most": f"{most:g}", "sent": sent, "most_of_document": MEGABYTES}
            return render(request, "413.html", context, status=413)
        return self.get_response(request)


def told(request, status: int, sentence: str) -> HttpResponse:
    """An error for programs."""
    if request.path.startswith("/api/"):
        return error(status, sentence)
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")


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
    """Let programs act in the name of the person whose token they carry.

    What is not reading is done at addresses of the API alone, where each operation says which scope it needs
    (api/scopes.py). There a session never counts: other sites could make a browser send its cookie along.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.access_token = None
        is_reading = request.method in {"GET", "HEAD"} or request.path in READING_POSTS
        is_api = request.path.startswith("/api/")
        if is_api or (request.path.startswith(FOR_PROGRAMS) and is_reading):
            secret = token_in(request) if is_reading else bearer_in(request)
            request.access_token = token_with(secret) if secret else None
        if request.access_token:
            request.user = request.access_token.owner
        elif is_api and not is_reading:
            request.user = AnonymousUser()
        return self.get_response(request)


def bearer_in(request) -> str:
    kind, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def token_in(request) -> str:
    """The secret of a token that reads; where only an address can be given, it is in the query."""
    return bearer_in(request) or request.GET.get("token", "")


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
        response = told(request, 401, sentence)
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
