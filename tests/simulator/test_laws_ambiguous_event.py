"""Laws of words and meanings, and the report worked out in Python."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator.conftest import visit_in_any_order

laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

MEANINGS = {"checkout": "OrderPlaced", "payments": "PaymentReceived", "shipping": "OrderDelivered"}
TEAMS = (*MEANINGS, "returns")
COUNTS = "PaymentReceived"
events = st.lists(
    st.fixed_dictionaries(
        {
            "key": st.sampled_from(["o1", "o2", None]),
            "type": st.sampled_from(["OrderCompleted", "OrderCompleted", "ItemAdded"]),
            "value": st.fixed_dictionaries({"source": st.sampled_from(TEAMS), "amount": st.integers(1, 90)}),
        }
    ),
    max_size=20,
)
at = st.integers(0, 20)
team = st.sampled_from(TEAMS)


def each(kind, **params):
    return st.fixed_dictionaries({"kind": st.just(kind), "at": at, **params})


renames = each("rename", team=team)
rewords = each("reword", to=st.sampled_from(["OrderFinished", "OrderDone"]))
new_meanings = each("change-meaning", team=team, to=st.sampled_from(["PaymentAuthorised", COUNTS]))
new_shapes = each("change-shape", team=team, field=st.just("amount"), to=st.just("total"))
readings = st.one_of(each("translate"), each("redraw"))
changes = st.lists(st.one_of(renames, rewords, new_meanings, new_shapes, readings), max_size=7)
params = st.fixed_dictionaries(
    {"names": st.sampled_from(["shared", "own"]), "border": st.booleans(), "registry": st.booleans()}
)


def simulate(engine, log, changes, params):
    return engine.simulate({"model": "ambiguous_event", "log": log, "params": params, "interventions": changes})


def held(run):
    return {check["id"]: check["holds"] for check in run["checks"]}


class Company:
    """The teams, the registry, the border and the report, told afresh."""

    def __init__(self, params):
        self.registry = params["registry"]
        self.means = dict(MEANINGS)
        self.own = set(MEANINGS) if params["names"] == "own" else set()
        self.all_own = params["names"] == "own"
        self.words = ["OrderCompleted"]
        self.border = dict(MEANINGS) if params["border"] else None
        self.moved, self.heard = set(), []
        self.published, self.refused, self.truth = [], 0, []
        self.report = []

    def meaning(self, team):
        return self.means.setdefault(team, "OrderCompleted")

    def reads(self, team, name):
        if self.border is not None:
            return self.border.get(team, name) == COUNTS
        return name == COUNTS or name in self.words

    def publish(self, event):
        team, amount = event["value"]["source"], event["value"]["amount"]
        meaning = self.meaning(team)
        if meaning == COUNTS:
            self.truth.append(amount)
        if team in self.moved:
            if self.registry:
                self.refused += 1
                return
            amount = 0
        own = team in self.own or (self.all_own and team not in MEANINGS)
        name = meaning if own else self.words[-1]
        self.published.append((team, name, amount))
        if self.reads(team, name):
            self.report.append(amount)

    def change(self, change):
        kind = change["kind"]
        if kind == "rename":
            self.meaning(change["team"])
            self.own.add(change["team"])
        elif kind == "translate":
            self.border = dict(self.means)
        elif kind == "redraw":
            self.report = [amount for team, name, amount in self.published if self.reads(team, name)]
        elif kind == "reword":
            self.words.append(change["to"])
        elif kind == "change-meaning":
            self.means[change["team"]] = change["to"]
        else:
            self.meaning(change["team"])
            self.moved.add(change["team"])


@laws
@given(log=events, changes=changes, params=params)
def test_the_report_says_what_an_independent_company_would_report(engine, log, changes, params):
    company = Company(params)
    ordered = sorted(changes, key=lambda change: min(change["at"], len(log)))
    for index in range(len(log) + 1):
        for change in [one for one in ordered if min(one["at"], len(log)) == index]:
            company.change(change)
        if index < len(log) and log[index]["type"] == "OrderCompleted":
            company.publish(log[index])
    result = simulate(engine, log, changes, params)["result"]
    assert result["report"] == {"count": len(company.report), "sum": sum(company.report)}
    assert result["truth"] == {"count": len(company.truth), "sum": sum(company.truth)}
    assert (result["published"], len(result["refused"])) == (len(company.published), company.refused)


@laws
@given(log=events, changes=st.lists(rewords, max_size=4), params=params)
def test_another_word_for_everybody_changes_no_figure(engine, log, changes, params):
    assert simulate(engine, log, changes, params)["result"] == simulate(engine, log, [], params)["result"]


@laws
@given(log=events, changes=st.lists(new_meanings, max_size=4), params=params)
def test_no_registry_sees_a_change_of_meaning(engine, log, changes, params):
    assert simulate(engine, log, changes, params)["result"]["refused"] == []


@laws
@given(log=events, changes=st.lists(st.one_of(new_meanings, renames, rewords), max_size=5))
def test_under_names_of_their_own_a_known_team_is_never_misread(engine, log, changes):
    log = [event for event in log if event["value"]["source"] in MEANINGS]
    run = simulate(engine, log, changes, {"names": "own"})
    assert held(run)["report-agrees"]
    assert held(run)["one-word-one-meaning"]


@laws
@given(log=events, changes=st.lists(st.one_of(rewords, renames, new_shapes), max_size=5), params=params)
def test_what_is_published_adds_up_by_team_and_by_meaning(engine, log, changes, params):
    result = simulate(engine, log, changes, params)["result"]
    for figures in (result["teams"], result["meanings"]):
        assert sum(one["count"] for one in figures.values()) == result["published"]
    assert result["published"] + len(result["refused"]) == sum(event["type"] == "OrderCompleted" for event in log)


@settings(laws, max_examples=15)
@given(log=events, changes=changes, params=params, data=st.data())
def test_any_order_of_visits_shows_the_same_frames(engine, log, changes, params, data):
    source = {"model": "ambiguous_event", "log": log * 6, "params": params, "interventions": changes}
    visit_in_any_order(engine, source, data)
