"""The player by hand and by key: what a reader does to a figure, and what the page shows for it."""

import itertools
import json
import re
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import expect

START = 30
LENGTH = 50

NOTE_WRITES = """() => {
  window.writes = [];
  const replace = history.replaceState;
  history.replaceState = function (...all) {
    writes.push(performance.now());
    return replace.apply(this, all);
  };
}"""
ADD_UP_SHIFTS = """
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""
ANIMATIONS_IN_THE_NEXT_FRAME = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => done(document.getAnimations().length)));
})"""
LOWER_THAN_44_PIXELS = """(all) =>
  all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.textContent)
"""
JUNK = {
    "step": "#v=1&f=log&s=abc",
    "json": "#v=1&f=log&p=%7B%7B",
    "figure": "#v=1&f=nowhere&s=1",
    "bare": "#v=1",
    "nested": "#v=1&f=log&p=" + quote("[" * 9000),
    "huge": "#v=1&f=log&e=" + "x" * 300_000,
}


@pytest.fixture
def messages(page):
    """What the browser's console heard; a figure says nothing there, whatever happens to it."""
    heard = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard
    assert heard == []


@pytest.fixture
def visit(page, live_server, messages):
    """Opens an address and gives the figure on it, once the player stands."""

    def open_figure(path="/terms/log/", fragment=""):
        page.goto(f"{live_server.url}{path}{fragment}")
        figure = page.locator("figure[data-scenario]").first
        expect(figure).to_have_attribute("data-ready", "")
        return figure

    return open_figure


def scrubber(figure):
    return figure.locator("input[type=range]")


def at_step(figure, step):
    expect(scrubber(figure)).to_have_value(str(step))
    expect(figure.locator(".place")).to_have_text(re.compile(rf"^step {step} of "))


def fragment_of(page):
    """The address's fragment, after the rest that it is promised to need at most."""
    page.wait_for_timeout(300)
    return page.evaluate("location.hash")


def field(figure, name):
    return figure.locator(f"[id$='-append_log-{name}']")


# --- moving


def test_figure_starts_paused_before_its_telling_step_with_its_question(visit):
    figure = visit()
    at_step(figure, START)
    expect(figure.get_by_role("button", name="Play")).to_be_visible()
    expect(figure.locator(".predict")).to_contain_text("Predict first")
    expect(figure.locator(".predict")).to_contain_text("What is there to read?")
    expect(figure.locator(".predict")).not_to_contain_text("Reading moved a position")


def test_figure_holds_one_scrubber(visit):
    expect(scrubber(visit())).to_have_count(1)


def test_guess_is_shown_beside_the_answer(visit):
    figure = visit()
    figure.get_by_label("Your guess, if you like").fill("nothing <b>")
    figure.get_by_role("button", name="Show me").click()
    at_step(figure, START + 1)
    expect(figure.locator(".predict")).to_contain_text("All 30 records.")
    expect(figure.locator(".predict")).to_contain_text("Your guess: nothing <b>")


def test_keys_move_the_playhead(visit, page):
    figure = visit()
    figure.focus()
    for key, step in [
        ("ArrowRight", 31),
        ("ArrowLeft", 30),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("End", LENGTH),
        ("ArrowRight", LENGTH),
        ("r", 0),
    ]:
        page.keyboard.press(key)
        at_step(figure, step)
    page.keyboard.press("Shift+ArrowRight")
    expect(scrubber(figure)).not_to_have_value("0")
    page.keyboard.press("End")
    at_step(figure, LENGTH)
    page.keyboard.press("Shift+ArrowLeft")
    expect(scrubber(figure)).not_to_have_value(str(LENGTH))
    expect(scrubber(figure)).not_to_have_value("0")


def test_space_plays_and_pauses(visit, page):
    figure = visit()
    figure.focus()
    page.keyboard.press("Space")
    expect(figure.get_by_role("button", name="Pause")).to_be_visible()
    expect(scrubber(figure)).not_to_have_value(str(START))
    page.keyboard.press("Space")
    expect(figure.get_by_role("button", name="Play")).to_be_visible()


def test_playing_stops_at_the_end(visit, page):
    figure = visit()
    scrubber(figure).fill(str(LENGTH - 2))
    figure.get_by_label("Speed").select_option("8 ×")
    figure.get_by_role("button", name="Play").click()
    at_step(figure, LENGTH)
    expect(figure.get_by_role("button", name="Play")).to_be_visible()


def test_keys_typed_into_a_field_stay_there(visit, page):
    figure = visit()
    guess = figure.get_by_label("Your guess, if you like")
    guess.press_sequentially("r 12?")
    guess.press("Home")
    expect(guess).to_have_value("r 12?")
    at_step(figure, START)
    expect(figure.locator("dialog[open]")).to_have_count(0)


def test_help_names_the_keys_and_gives_the_focus_back(visit, page):
    figure = visit()
    figure.focus()
    page.keyboard.press("?")
    expect(figure.get_by_role("dialog")).to_contain_text("play or pause")
    page.keyboard.press("Escape")
    expect(figure).to_be_focused()


def test_figure_pauses_when_it_is_scrolled_away(visit, page):
    figure = visit()
    figure.get_by_role("button", name="Play").click()
    page.evaluate("document.body.style.minHeight = '6000px'; scrollTo(0, 6000)")
    expect(figure.locator(".play")).to_have_attribute("aria-label", "Play")


# --- voices


def test_voice_keys_choose_what_is_said_and_are_remembered(visit, page):
    figure = visit()
    figure.focus()
    page.keyboard.press("2")
    expect(figure.locator(".narration .manager")).to_be_visible()
    expect(figure.locator(".narration .engineer")).to_be_hidden()
    figure = visit()
    expect(figure.locator(".narration .engineer")).to_be_hidden()
    figure.focus()
    page.keyboard.press("1")
    expect(figure.locator(".narration .engineer")).to_be_visible()
    expect(figure.locator(".narration .manager")).to_be_hidden()
    page.keyboard.press("0")
    expect(figure.locator(".narration .manager")).to_be_visible()


def test_each_step_has_one_sentence_in_each_voice(visit, page):
    figure = visit()
    figure.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        for voice in ("engineer", "manager"):
            expect(figure.locator(f".narration .{voice} span")).to_have_text(re.compile(r"\w.*[.!?]$"))


# --- changing


def test_parameter_runs_again_at_once_and_the_playhead_stays(visit):
    figure = visit()
    before = figure.locator(".stage").inner_text()
    field(figure, "batch").fill("1")
    expect(figure.locator(".stage")).not_to_have_text(before)
    at_step(figure, START)
    figure.get_by_role("button", name="Undo").click()
    expect(field(figure, "batch")).to_have_value("4")


def test_passing_through_the_fields_changes_nothing(visit, page):
    figure = visit("/terms/compaction/")
    for number in figure.locator(".settings input[type=number]:visible").all():
        number.focus()
        page.keyboard.press("Tab")
    expect(figure.get_by_role("button", name="Undo")).to_be_disabled()
    assert fragment_of(page) == ""


def test_passing_through_a_field_of_the_break_does_not_mend_it(visit, page):
    figure = visit("/terms/compaction/")
    figure.get_by_role("button", name=re.compile("Break it")).click()
    for number in figure.locator(".settings input[type=number]:visible").all():
        number.focus()
        page.keyboard.press("Tab")
    expect(figure.get_by_role("button", name="Mend it")).to_be_visible()


def test_value_out_of_bounds_is_told_at_its_field(visit):
    figure = visit()
    field(figure, "batch").fill("5000")
    expect(figure.locator(".problem", has_text="the most is 1000")).to_be_visible()
    expect(field(figure, "batch")).to_have_attribute("aria-invalid", "true")


def test_intervention_happens_now_and_can_be_removed(visit):
    figure = visit()
    scrubber(figure).fill("10")
    figure.get_by_label("Let something happen now").select_option(index=2)
    figure.get_by_role("button", name="Delete a record").click()
    at_step(figure, 11)
    item = figure.locator(".happened li", has_text="after 10 records")
    expect(item).to_be_visible()
    item.get_by_role("button").click()
    expect(item).to_have_count(0)


def test_break_makes_a_claim_fail_and_mending_restores_it(visit):
    figure = visit()
    claims = figure.locator(".claims li")
    expect(claims).to_have_count(5)
    expect(figure.locator(".claims [data-holds=true]")).to_have_count(5)
    figure.get_by_role("button", name=re.compile("Break it")).click()
    failed = figure.locator(".claims [data-holds=false]")
    expect(failed.first).to_contain_text("✗ failed")
    expect(figure.locator(".verdicts .note")).to_contain_text("own settings")
    figure.get_by_role("button", name="Mend it").click()
    expect(failed).to_have_count(0)


# --- the log


def open_log(figure):
    figure.locator(".log-panel summary").click()
    return figure.locator(".log-panel")


def test_record_is_edited_moved_added_and_removed(visit, page):
    figure = visit()
    scrubber(figure).fill("0")
    log = open_log(figure)
    rows = log.locator("tbody tr")
    expect(rows).to_have_count(25)
    log.get_by_role("button", name="Edit the record at offset 1", exact=True).click()
    dialog = figure.get_by_role("dialog")
    dialog.get_by_label("Key", exact=True).fill("zoë")
    dialog.get_by_label("Value, as JSON").fill("{nonsense")
    dialog.get_by_role("button", name="Save record").click()
    expect(dialog.get_by_role("alert")).to_contain_text("not JSON")
    dialog.get_by_label("Value, as JSON").fill('{"page": "/new"}')
    dialog.get_by_role("button", name="Save record").click()
    expect(rows.nth(1)).to_contain_text("zoë")
    log.get_by_role("button", name=re.compile("Offset 1:")).focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(2)).to_contain_text("zoë")
    page.keyboard.press("ArrowUp")
    expect(rows.nth(1)).to_contain_text("zoë")
    expect(log.get_by_role("button", name=re.compile("Offset 1:"))).to_be_focused()
    log.get_by_role("button", name="Edit the record at offset 1", exact=True).click()
    dialog.get_by_role("button", name="Remove this record").click()
    expect(log).not_to_contain_text("zoë")
    log.get_by_role("button", name="Add a record").click()
    dialog.get_by_role("button", name="Add record").click()
    expect(log.locator("caption")).to_contain_text("of 48")


def test_record_is_dragged_to_another_place(visit, page):
    figure = visit()
    scrubber(figure).fill("0")
    log = open_log(figure)
    rows = log.locator("tbody tr")
    first = rows.nth(0).inner_text()
    rows.nth(0).scroll_into_view_if_needed()
    grip = rows.nth(0).locator(".grip").bounding_box()
    target = rows.nth(3).bounding_box()
    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(target["x"] + 20, target["y"] + 15, steps=5)
    page.mouse.up()
    expect(rows.nth(3)).to_contain_text(first.split("\t")[2].strip())
    expect(scrubber(figure)).to_have_attribute("max", str(LENGTH))
    figure.get_by_role("button", name="Undo").click()
    expect(figure.get_by_role("button", name="Undo")).to_be_disabled()


# --- the address


def test_address_is_untouched_until_something_changes(visit, page):
    visit()
    assert fragment_of(page) == ""
    visit(fragment="#aliases")
    assert fragment_of(page) == "#aliases"


def test_address_holds_the_state_and_gives_the_same_frame_back(visit, page):
    figure = visit()
    field(figure, "batch").fill("3")
    figure.get_by_role("button", name=re.compile("Break it")).click()
    scrubber(figure).fill("37")
    fragment = fragment_of(page)
    assert fragment.startswith("#v=1&f=log&s=37&")
    assert json.loads(unquote(re.search(r"p=([^&]+)", fragment)[1])) == {"batch": 3}
    scene = figure.locator(".stage").inner_text()
    page.goto("about:blank")
    figure = visit(fragment=fragment)
    at_step(figure, 37)
    expect(figure.get_by_role("button", name="Mend it")).to_be_visible()
    assert figure.locator(".stage").inner_text() == scene


def test_new_fragment_in_the_same_page_is_honoured(visit, page):
    figure = visit()
    page.evaluate("location.hash = 'v=1&f=log&s=12'")
    at_step(figure, 12)
    page.evaluate("location.hash = 'v=1&f=log&s=13'")
    at_step(figure, 13)


@pytest.mark.parametrize("fragment", JUNK.values(), ids=JUNK)
def test_junk_in_the_address_falls_back_with_a_notice(visit, fragment):
    figure = visit(fragment=fragment)
    expect(figure.locator(".figure-notices")).to_contain_text(re.compile("address"))
    at_step(figure, START)
    figure.get_by_role("button", name="Dismiss").click()
    expect(figure.locator(".figure-notices")).to_be_hidden()


def test_address_is_written_at_most_four_times_a_second(visit, page):
    figure = visit()
    page.evaluate(NOTE_WRITES)
    figure.focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(50)
    assert "s=10" in fragment_of(page)
    writes = page.evaluate("writes")
    assert len(writes) > 1
    assert all(after - before > 240 for before, after in itertools.pairwise(writes))


# --- for everyone


def test_every_page_of_a_figure_has_the_player(visit):
    for path in ("/terms/log/", "/simulator/log/", "/embed/log/"):
        at_step(visit(path), START)


def test_workbench_fits_a_window_of_1280_by_800(visit, page):
    page.set_viewport_size({"width": 1280, "height": 800})
    figure = visit("/simulator/log/")
    box = figure.bounding_box()
    assert box["y"] + box["height"] <= 800
    for part in (".log-panel table", ".stage", ".settings", ".narration", ".transport"):
        expect(figure.locator(part)).to_be_in_viewport()


def test_figure_fits_360_pixels(visit, page):
    page.set_viewport_size({"width": 360, "height": 780})
    figure = visit()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    small = figure.locator("button:visible, select:visible").evaluate_all(LOWER_THAN_44_PIXELS)
    assert small == []


def test_taking_over_moves_nothing_on_the_page(page, live_server, messages):
    page.add_init_script(ADD_UP_SHIFTS)
    for path in ("/terms/log/", "/simulator/log/", "/embed/log/"):
        page.goto(f"{live_server.url}{path}")
        expect(page.locator("figure[data-ready]")).to_be_attached()
        page.wait_for_timeout(300)
        assert page.evaluate("shift") < 0.01


def test_nothing_moves_for_readers_who_want_less_motion(visit, page):
    page.emulate_media(reduced_motion="reduce")
    figure = visit()
    figure.get_by_role("button", name="Forward").click()
    at_step(figure, START + 1)
    assert page.evaluate("document.getAnimations().length") == 0
    page.emulate_media(reduced_motion="no-preference")
    figure = visit()
    figure.get_by_role("button", name="Forward").evaluate("(button) => button.click()")
    assert page.evaluate(ANIMATIONS_IN_THE_NEXT_FRAME) > 0


def test_without_scripts_log_and_explanation_are_text(browser, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/terms/log/")
    figure = page.locator("figure[data-scenario]")
    expect(figure.locator("table tbody tr")).to_have_count(48)
    expect(figure).to_contain_text("All 30 records.")
    expect(figure.locator("table")).to_be_visible()
    context.close()


def test_print_keeps_the_log_and_leaves_the_controls_out(visit, page):
    figure = visit("/simulator/log/")
    page.emulate_media(media="print")
    expect(figure.locator(".transport")).to_be_hidden()
    expect(figure.locator(".settings")).to_be_hidden()
    expect(figure.locator(".log-panel table")).to_be_visible()


# The terms that say most.
@pytest.mark.parametrize("slug", ["kafka", "retention", "eventual-consistency", "single-source-of-truth"])
def test_longest_terms_print_on_one_page(visit, page, slug):
    visit(f"/terms/{slug}/")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


def test_many_lanes_are_paged(visit):
    figure = visit("/terms/partition/")
    lanes, pager = figure.locator(".lane"), figure.locator(".lane-pager")
    expect(pager).to_be_hidden()
    figure.locator("[id$='-partitioning-partitions']").fill("40")
    expect(lanes).to_have_count(12)
    expect(pager).to_contain_text("and 28 more")
    before = pager.inner_text()
    turn = pager.locator("button:enabled").first
    turn.focus()
    turn.press("Enter")
    expect(lanes).to_have_count(12)
    expect(pager).not_to_have_text(before)
    # The next step is shown where it happens, wherever the reader turned.
    figure.get_by_role("button", name="Forward").click()
    expect(figure.locator(".lane.lit")).to_be_attached()


def test_model_is_chosen_on_the_workbench(visit):
    figure = visit("/simulator/log/")
    figure.locator(".figure-model select").select_option(label="Partitioning")
    expect(figure.locator("[id$='-partitioning-partitions']")).to_be_visible()
    expect(figure.locator(".predict")).to_be_hidden()
    expect(figure.locator(".figure-caption .figure-lines")).to_be_hidden()
    figure.locator(".figure-model select").select_option("append_log")
    expect(figure.locator(".predict")).to_be_visible()
    expect(figure.locator(".figure-caption .figure-lines")).to_be_visible()


def test_the_model_that_was_chosen_last_runs_whichever_is_loaded_first(visit):
    figure = visit("/simulator/log/")
    choice, held = figure.locator(".figure-model select"), []
    figure.page.route(re.compile("models/partitioning"), lambda route: held.append(route))
    with figure.page.expect_request(re.compile("models/partitioning")):
        choice.select_option("partitioning")
    figure.press("End")
    expect(choice).to_have_value("partitioning")
    choice.select_option("retention")
    expect(choice).not_to_have_attribute("aria-busy", "true")
    held.pop().continue_()
    figure.evaluate("(one) => import(JSON.parse(one.dataset.models).partitioning.modelSrc)")
    expect(figure.locator("[id$='-retention-retentionMs']")).to_be_attached()
    figure.press("Home")
    expect(choice).to_have_value("retention")
