"""A reader's own log: read in the browser, kept there, edited and exported, and sent nowhere."""

import json
import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def figure(page, live_server):
    heard, sent = [], []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: sent.append((request.method, request.url, request.post_data or "")))
    page.goto(f"{live_server.url}/simulator/log/")
    figure = page.locator("figure[data-scenario]")
    expect(figure).to_have_attribute("data-ready", "")
    yield figure
    assert heard == []
    assert not [request for request in sent if request[0] != "GET" or "secret" in "".join(request)]


def own_dialog(figure):
    if not figure.get_by_role("dialog", name="Your own log").is_visible():
        figure.locator(".figure-actions button").first.click()
    return figure.get_by_role("dialog", name="Your own log")


def paste(figure, text):
    dialog = own_dialog(figure)
    dialog.get_by_label("Paste it").fill(text)
    dialog.get_by_role("button", name="Use the pasted log").click()
    return dialog


def choose(figure, name, content):
    dialog = own_dialog(figure)
    file = {"name": name, "mimeType": "text/plain", "buffer": content}
    dialog.locator("input[type=file]").set_input_files(file)
    return dialog


def lines(*records):
    return "\n".join(json.dumps(record) for record in records)


COUNT = range(7)
TIME = 1_700_000_000_000
RECORDS = [{"key": f"secret-{i % 3}", "type": "OrderPlaced", "value": {"amount": i}, "time": TIME + i} for i in COUNT]
CLOUD_EVENT = {"specversion": "1.0", "source": "/shop", "type": "OrderPlaced", "subject": "secret"}
FORMATS = {
    "json": json.dumps(RECORDS),
    "jsonl": lines(*RECORDS),
    "cloudevents": lines(*[CLOUD_EVENT | {"id": str(i), "data": {"n": i}} for i in COUNT]),
    "debezium": lines(
        *[{"op": "c", "before": None, "after": {"id": i}, "source": {}, "ts_ms": TIME + i} for i in COUNT]
    ),
    "kcat": lines(
        *[{"topic": "orders", "partition": 0, "offset": i, "ts": TIME, "key": "secret", "payload": "{}"} for i in COUNT]
    ),
    "csv": "key,type,value,time\n" + "\n".join(f"secret,OrderPlaced,{i},{TIME + i}" for i in COUNT),
}
TRANSFER = """(text) => {
  const data = new DataTransfer();
  data.items.add(new File([text], "dropped.csv"));
  return data;
}"""


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_can_be_pasted(figure, name):
    dialog = paste(figure, FORMATS[name])
    expect(dialog).to_contain_text(f"7 records were read as {name}")
    dialog.get_by_role("button", name="Close").click()
    expect(figure.locator(".figure-source")).to_contain_text("your log pasted · 7 records")


def test_file_is_chosen_and_survives_a_reload_with_its_edits(figure, page):
    dialog = choose(figure, "orders.jsonl", FORMATS["jsonl"].encode())
    expect(dialog).to_contain_text("7 records were read")
    dialog.get_by_role("button", name="Close").click()
    figure.get_by_role("button", name="Edit the record at offset 2", exact=True).click()
    figure.get_by_role("dialog", name="Record").get_by_role("button", name="Remove this record").click()
    expect(figure.locator(".figure-source")).to_contain_text("6 records")
    page.wait_for_timeout(500)
    assert "secret" not in page.url
    page.reload()
    expect(figure.locator(".figure-source")).to_contain_text("your log orders.jsonl · 6 records")
    page.goto(page.url.split("#")[0])
    expect(figure.locator(".figure-source")).to_contain_text("6 records")


def test_file_is_dropped_on_the_figure(figure, page):
    transfer = page.evaluate_handle(TRANSFER, FORMATS["csv"])
    figure.dispatch_event("drop", {"dataTransfer": transfer})
    expect(figure.get_by_role("dialog", name="Your own log")).to_contain_text("7 records were read as csv")


def test_problems_are_listed_by_line_and_the_list_is_bounded(figure):
    dialog = paste(figure, "\n".join([FORMATS["jsonl"], *["{broken"] * 300]))
    expect(dialog.locator(".problems li")).to_have_count(21)
    expect(dialog.locator(".problems li").first).to_contain_text("line 8:")
    expect(dialog.locator(".problems li").last).to_have_text("and 280 more")


@pytest.mark.parametrize(
    "text", ["", "just words", "[" * 10_000, "\x00\x01\x02"], ids=["empty", "words", "nested", "nul"]
)
def test_what_is_no_log_is_told_and_changes_nothing(figure, text):
    dialog = choose(figure, "junk.bin", text.encode())
    expect(dialog.get_by_role("status")).to_contain_text("JSON Lines")
    dialog.get_by_role("button", name="Close").click()
    expect(figure.locator(".figure-source")).to_contain_text("sample log")


def test_file_above_the_limit_is_refused_with_the_way_out(figure, page, tmp_path):
    big = tmp_path / "big.jsonl"
    with big.open("wb") as file:
        file.truncate(51 * 1024 * 1024)
    dialog = own_dialog(figure)
    dialog.locator("input[type=file]").set_input_files(big)
    expect(dialog.get_by_role("status")).to_contain_text("big.jsonl is 51 MB, and at most 50 MB are read")


def test_large_file_shows_progress_and_can_be_cancelled(figure, tmp_path):
    large = tmp_path / "large.jsonl"
    large.write_text((FORMATS["jsonl"] + "\n") * 60_000)
    dialog = own_dialog(figure)
    dialog.locator("input[type=file]").set_input_files(large)
    expect(dialog.get_by_role("progressbar")).to_be_visible()
    dialog.get_by_role("button", name="Cancel reading").click()
    expect(dialog.get_by_role("status")).to_have_text("Cancelled: nothing was changed.")
    expect(figure.locator(".figure-source")).to_contain_text("sample log")


def test_log_is_exported_as_json_lines(figure, page):
    dialog = paste(figure, FORMATS["jsonl"])
    expect(dialog).to_contain_text("7 records were read")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Export as JSON Lines").click()
    assert download.value.suggested_filename == "pasted.jsonl"
    exported = [json.loads(line) for line in download.value.path().read_text().splitlines()]
    assert [record | {"offset": i} for i, record in enumerate(RECORDS)] == exported


def test_sample_log_comes_back(figure, page):
    dialog = paste(figure, FORMATS["jsonl"])
    expect(dialog).to_contain_text("7 records were read")
    dialog.get_by_role("button", name="Back to the sample log").click()
    expect(figure.locator(".figure-source")).to_contain_text("sample log")
    expect(figure.locator(".predict")).to_be_visible()
    expect(page).not_to_have_url(re.compile("o=1"))
    page.reload()
    expect(figure.locator(".figure-source")).to_contain_text("sample log")


def test_question_and_claims_of_the_scenario_are_silent_about_another_log(figure):
    dialog = paste(figure, FORMATS["jsonl"])
    expect(dialog).to_contain_text("7 records were read")
    dialog.get_by_role("button", name="Close").click()
    expect(figure.locator(".predict")).to_be_hidden()
    expect(figure.locator(".claims")).to_be_hidden()
    expect(figure.locator(".checks li").first).to_be_visible()
