"""A figure as a picture, for what shows images only: drawn by the modules that draw it in readers' browsers."""

from importlib.resources import files
from pathlib import Path
from threading import BoundedSemaphore

import resvg_py
from django.conf import settings
from django.urls import reverse

from . import catalogue, node
from .models import Scenario

HERE = Path(__file__).resolve().parent
MODULES = HERE.parent / "static" / "simulator"
SCRIPT = HERE / "still.mjs"
SECONDS = 5
MEGABYTES = 512
# Drawn at once in one process, and how long another may wait for its turn.
AT_ONCE = BoundedSemaphore(2)
PATIENCE = 2
LONGEST_STATE = 32_768
# So that a picture has the same letters on every machine; a server may have no fonts at all.
FONTS = {
    "serif_family": "Source Serif Pro",
    "sans_serif_family": "Source Sans Pro",
    "monospace_family": "Source Sans Pro",
}
FONT_FILES = [
    str(files("font_source_serif_pro") / "files" / "SourceSerifPro-Regular.ttf"),
    str(files("font_source_serif_pro") / "files" / "SourceSerifPro-Bold.ttf"),
    str(files("font_source_sans_pro") / "files" / "SourceSansPro-Regular.ttf"),
    str(files("font_source_sans_pro") / "files" / "SourceSansPro-Bold.ttf"),
]


class NotDrawn(Exception):
    """There is no picture; the message says why, in a sentence. `status` is that of HTTP."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


def svg(scenario: Scenario, state: str) -> str:
    """The scenario in a state, which is the fragment of a figure's address ("" for where it starts). Raises NotDrawn.

    What of the state does not fit falls back to the scenario's own, as in a browser.
    """
    if len(state) > LONGEST_STATE:
        raise NotDrawn(f"The state is {len(state)} characters long; at most {LONGEST_STATE} are read.", 414)
    asked = {
        "scenario": scenario.as_json(),
        "state": state,
        "address": settings.PUBLIC_URL + reverse("scenario", args=[scenario.slug]),
        "models": list(catalogue.models()),
    }
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise NotDrawn("Too many pictures are drawn just now: ask again in a moment.", 503)
    try:
        return node.answer(SCRIPT, asked, reads=(HERE, MODULES), seconds=SECONDS, megabytes=MEGABYTES)
    except node.TooSlow:
        raise NotDrawn(f"This state takes more than {SECONDS} seconds to draw.", 422) from None
    except node.BrokeOff:
        raise NotDrawn("This state takes too much memory to draw.", 422) from None
    finally:
        AT_ONCE.release()


def png(svg: str, *, zoom: int = 1) -> bytes:
    """A picture as PNG, `zoom` pixels for each of its own."""
    return resvg_py.svg_to_bytes(svg_string=svg, zoom=zoom, skip_system_fonts=True, font_files=FONT_FILES, **FONTS)
