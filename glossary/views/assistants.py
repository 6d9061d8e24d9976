"""Assistants over HTTP: the Model Context Protocol at one address, each message a request of its own."""

import asyncio
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from ..api.errors import too_many
from ..api.limits import Limit
from .doors import door

limit = Limit("checks")
# What is of the connection to this server, not of the answer.
OF_THE_CONNECTION = (b"connection", b"content-length", b"transfer-encoding")


# It changes nothing, whoever sends it from wherever.
@csrf_exempt
@door("read")
def assistants(request):
    """Hand a message on to the package's own application, and its answer back."""
    if request.method != "POST":
        sentence = "Assistants ask here by the Model Context Protocol: each message is a POST.\n"
        return HttpResponse(sentence, status=405, headers={"Allow": "POST"}, content_type="text/plain; charset=utf-8")
    if not limit.allow_request(request):
        return too_many(request)
    # Where the request came to, it was found to be allowed; from here on the public address counts.
    return answer({**request.headers, "Host": request.get_host()}, request.body)


@async_to_sync
async def answer(headers: dict[str, str], body: bytes) -> HttpResponse:
    app = application()
    messages = []
    asked = [{"type": "http.request", "body": body, "more_body": False}]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": urlsplit(settings.PUBLIC_URL).scheme,
        "path": "/mcp",
        "raw_path": b"/mcp",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
    }

    async def receive():
        # After the body nothing comes: this side waits for the answer, however long it takes.
        return asked.pop() if asked else await asyncio.Future()

    async def send(message):
        messages.append(message)

    async with app.router.lifespan_context(app):
        await app(scope, receive, send)
    start, *parts = messages
    response = HttpResponse(b"".join(part.get("body", b"") for part in parts), status=start["status"])
    for name, value in start["headers"]:
        if name.lower() not in OF_THE_CONNECTION:
            response[name.decode("latin-1")] = value.decode("latin-1")
    return response


def application():
    """The package's application for one message; it keeps no session, so that any worker answers the next."""
    # The package is large: only workers that an assistant asks pay for it.
    from mcp.server.transport_security import TransportSecuritySettings

    from ..assistants import server

    public = TransportSecuritySettings(
        allowed_hosts=[urlsplit(settings.PUBLIC_URL).netloc], allowed_origins=[settings.PUBLIC_URL]
    )
    return server().streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        transport_security=public,
    )
