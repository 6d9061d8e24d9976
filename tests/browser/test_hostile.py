"""What nobody should load into a figure: it is told, the run stays bounded, and the page goes on working."""

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

TIME = 1_700_000_000_000
KEYS = [
    "العربية",
    "עברית",
    "ключ",
    "鍵",
    "กุญแจ",
    "👨‍👩‍👧",
    "\u202eright to left\u202c",
    "Z" + "\u0337" * 100,
    "k" * 5000,
    "",
    None,
    "a\x00b\nc",
    "<img src=x onerror=console.error(1)>",
    "__proto__",
    "constructor",
]
ADDRESSES = {
    "a million characters": "#v=1&f=log&e=" + "x" * 1_000_000,
    "half an escape": "#v=1&f=%",
    "a name of every object": "#v=1&f=__proto__",
    "a model of every object": "#v=1&f=log&m=constructor",
    "a model elsewhere": "#v=1&f=log&m=" + quote("https://elsewhere.example/x.js", safe=""),
    "interventions of no kind": "#v=1&f=log&i=" + quote(json.dumps([{"at": n} for n in range(499)])),
    "edits that fit nothing": "#v=1&f=log&e=" + quote('[[],[">",0,1e99],["-",-1],["=",1.5,{}],["+",0,null]]'),
    "a record of wrong types": "#v=1&f=log&e=" + quote('[["+",0,{"time":1e300,"key":{},"type":[]}]]'),
    "the log of somebody else": "#v=1&f=log&o=1",
}


@pytest.fixture
def figure(open_page):
    page = open_page("/simulator/log/", viewport={"width": 1280, "height": 800})
    figure = page.locator("figure[data-scenario]")
    expect(figure).to_have_attribute("data-ready", "")
    return figure


@pytest.fixture
def load(figure, tmp_path):
    """load(content) -> the dialog, once the log is read."""

    def load(content: bytes):
        file = tmp_path / "own.jsonl"
        file.write_bytes(content)
        figure.locator(".figure-actions .own").click()
        dialog = figure.get_by_role("dialog", name="Your own log")
        dialog.locator("input[type=file]").set_input_files(file)
        expect(dialog.get_by_role("status")).to_contain_text(re.compile(r"(was|were) read as"), timeout=30_000)
        return dialog

    return load


def lines(*records):
    return "\n".join(json.dumps(record) for record in records).encode()


def play(figure, last: int):
    """To both ends by keyboard: the figure is alive."""
    figure.focus()
    figure.press("End")
    expect(figure.locator(".place")).to_have_text(f"step {last:,} of {last:,}")
    figure.press("Home")
    expect(figure.locator(".place")).to_have_text(f"step 0 of {last:,}")


@pytest.mark.parametrize("fragment", ADDRESSES.values(), ids=ADDRESSES)
def test_a_hostile_address_is_told_and_the_figure_plays(open_page, fragment):
    page = open_page("/simulator/log/" + fragment)
    figure = page.locator("figure[data-scenario]")
    notices = figure.locator(".figure-notices")
    expect(notices).to_contain_text(re.compile("address|left out|is used"))
    assert len(notices.inner_text()) < 3000
    figure.focus()
    page.keyboard.press("Home")
    expect(figure.locator(".place")).to_have_text(re.compile("^step 0 of"))


def test_a_million_records_are_read_and_a_window_of_them_is_drawn(figure, load):
    record = b'{"key":"k","value":1}\n'
    dialog = load(record * 1_000_005)
    expect(dialog.locator(".problems li")).to_have_text("the log has 1000005 records: the first 1000000 are used")
    dialog.get_by_role("button", name="Close").click()
    play(figure, 1_000_000)
    nodes = figure.evaluate("(one) => one.querySelectorAll('*').length")
    assert nodes < 3000


def test_keys_of_every_script_stay_text_in_every_model(figure, load):
    dialog = load(lines(*[{"key": key, "type": "T", "value": {"n": 1}, "time": TIME} for key in KEYS]))
    dialog.get_by_role("button", name="Close").click()
    models = figure.locator(".figure-model select")
    for model in models.locator("option").evaluate_all("(all) => all.map((one) => one.value)"):
        models.select_option(model)
        expect(models).not_to_have_attribute("aria-busy", "true")
        expect(models).to_have_value(model)
        figure.focus()
        figure.press("End")
        expect(figure.locator(".place")).to_have_text(re.compile(r"^step (\d+) of \1$"))
        assert figure.locator("img").count() == 0
        assert figure.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_record_nested_too_deep_is_left_out_and_told(figure, load):
    deep = b'{"key":"a","value":' + b"[" * 10_000 + b"]" * 10_000 + b"}\n"
    dialog = load(deep + lines({"key": "b", "value": 1}))
    expect(dialog.get_by_role("status")).to_contain_text("1 record was read as jsonl")
    expect(dialog.locator(".problems li")).to_have_text("line 1: nested deeper than 100 levels, skipped")
    dialog.get_by_role("button", name="Close").click()
    play(figure, 1)


def test_offsets_twice_and_times_out_of_order_are_told_by_line(figure, load):
    told = [
        {"key": "a", "offset": 5, "time": TIME},
        {"key": "b", "offset": 5, "time": TIME - 1000},
        {"key": "c", "offset": 4, "time": 1e300},
    ]
    dialog = load(lines(*told))
    problems = dialog.locator(".problems li")
    expect(problems.filter(has_text="line 2: offset was 5")).to_contain_text("6 is used")
    expect(problems.filter(has_text="line 3: offset was 4")).to_contain_text("7 is used")
    expect(problems.filter(has_text="line 3: time was 1e+300")).to_contain_text("ISO 8601")
    dialog.get_by_role("button", name="Close").click()
    play(figure, 3)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_a_byte_order_mark_says_how_a_file_is_written(figure, load, encoding):
    text = lines({"key": "zoë", "value": 1}, {"key": "鍵", "value": 2}).decode()
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    dialog = load(mark + text.encode(encoding))
    expect(dialog.get_by_role("status")).to_contain_text("2 records were read as jsonl")
    dialog.get_by_role("button", name="Close").click()
    expect(figure.locator(".log-panel")).to_contain_text("鍵")


@pytest.fixture
def elsewhere(live_server):
    """A site of another origin that frames a figure, and a page that must not be framed."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<link rel="icon" href="data:,"><iframe src="{live_server.url}{self.path}">'.encode())

        def log_message(self, *args):
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_figure_plays_in_a_frame_of_another_site(open_page, elsewhere):
    page = open_page(f"{elsewhere}/embed/log/")
    figure = page.frame_locator("iframe").locator("figure[data-scenario]")
    expect(figure).to_have_attribute("data-ready", "")
    figure.press("End")
    expect(figure.locator(".place")).to_have_text("step 50 of 50")


def test_a_page_for_readers_is_in_no_frame_of_another_site(page, elsewhere):
    page.goto(f"{elsewhere}/terms/log/")
    expect(page.frame_locator("iframe").locator("main")).to_have_count(0)
    assert page.frames[1].url.startswith("chrome-error:")
