"""The card of a term: what chats and social sites show where somebody pastes its address."""

import textwrap

from django.conf import settings
from django.template.loader import render_to_string

from simulator.stills import png

from .domain.vocabulary import VOICES
from .models import Term

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
COLUMN = 492
# What a letter is wide on the average, in parts of the font's size.
BREADTH = 0.5
LARGEST_LABEL, SMALLEST_LABEL = 92, 36
LINE_SIZE, LINE_SPACE, MOST_LINES = 34, 44, 7


def png_of(term: Term) -> bytes:
    """The label and both lines of a term, 1200 × 630 pixels."""
    return png(svg_of(term.current.snapshot))


def svg_of(snapshot: dict) -> str:
    label = snapshot["label"]
    size = int(min(LARGEST_LABEL, max(SMALLEST_LABEL, (WIDTH - 2 * MARGIN) / (BREADTH * max(1, len(label))))))
    columns = [
        {
            "voice": voice,
            "x": MARGIN + place * (COLUMN + MARGIN),
            "lines": placed(wrapped(snapshot["lines"][voice], LINE_SIZE, COLUMN, MOST_LINES), 300),
        }
        for place, voice in enumerate(VOICES)
    ]
    context = {
        "label": wrapped(label, size, WIDTH - 2 * MARGIN, 1)[0],
        "size": size,
        "voice": snapshot["voice"],
        "columns": columns,
        "site_title": settings.GLOSSARY_TITLE,
    }
    return render_to_string("glossary/term_card.svg", context)


def wrapped(text: str, size: int, room: int, most: int) -> list[str]:
    """A text as lines that fit, the last with an ellipsis where there are more than `most`."""
    width = int(room / (size * BREADTH))
    return textwrap.wrap(text, width, max_lines=most, placeholder=" …") or [text[:width]]


def placed(lines: list[str], top: int) -> list[dict]:
    return [{"y": top + number * LINE_SPACE, "text": line} for number, line in enumerate(lines)]
