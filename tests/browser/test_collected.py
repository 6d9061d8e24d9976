"""A figure made of the files that `make run` serves."""

from playwright.sync_api import expect

from tests.collected import collected, manifest

__all__ = ["collected", "manifest"]


def test_a_figure_runs_on_the_modules_that_are_served(open_page, collected, manifest):
    served = []

    def answer(route):
        name = route.request.url.partition("/static/")[2]
        served.append(manifest.get(name, name))
        route.fulfill(path=collected / served[-1])

    page = open_page("/robots.txt")
    page.route("**/static/**", answer)
    page.goto("/terms/transaction-marker/#v=1&f=transaction-marker&s=2")
    figure = page.locator("figure[data-ready]")
    expect(page.locator(".place")).to_have_text("step 2 of 6")
    figure.press("ArrowRight")
    expect(page.locator(".place")).to_have_text("step 3 of 6")
    page.get_by_role("button", name="save or copy").click()
    expect(page.get_by_role("dialog", name="Save or copy")).to_be_visible()
    unhashed = {name for name in served if name.startswith("simulator/") and name.count(".") == 1}
    assert unhashed == set()
    assert any(name.startswith("simulator/controls/rows.") for name in served)
