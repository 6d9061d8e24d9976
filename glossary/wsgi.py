import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glossary.settings")

application = get_wsgi_application()

from glossary.readership import readership  # noqa: E402 – after Django is set up

readership.start()


def warm_up() -> None:
    """Do at the start of a process what its first visitors would wait for. Pages are served meanwhile."""
    from django.db import connection

    from . import search

    search.warm_up()
    connection.close()


Thread(target=warm_up, name="warm-up", daemon=True).start()
