"""What axe finds wrong with a page."""

from axe_playwright_python.sync_playwright import Axe

CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}


def barriers(page, *, around: list | None = None, options: dict | None = None) -> list[tuple]:
    """Address, rule, place and summary of each; `around` are selectors of what is not looked at."""
    given = {} if options is None else {"options": options}
    found = Axe().run(page, context=around and {"exclude": [around]}, **given)
    return [
        (page.url, violation["id"], node["target"], node["failureSummary"])
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def barriers_in_both_schemes(page, *, around: list | None = None) -> list[tuple]:
    """By light, then in the dark, where only the colours are others; leaves the page dark."""
    page.emulate_media(color_scheme="light")
    found = barriers(page, around=around)
    page.emulate_media(color_scheme="dark")
    return found + barriers(page, around=around, options=CONTRAST)
