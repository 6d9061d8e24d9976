"""The server judges claims itself, in a process that cannot harm it."""

import json

import pytest

from simulator import claims
from tests.snapshots import log_snapshot, scenario_snapshot

RECORDS = log_snapshot()["records"]


def claim(**changes) -> dict:
    return scenario_snapshot()["claims"][0] | changes


def failures_of(*asked, **changes) -> list[claims.Failure]:
    [found] = claims.failures([(scenario_snapshot(claims=list(asked), **changes), RECORDS)])
    return found


def test_a_claim_that_holds_is_no_failure():
    assert failures_of(claim()) == []


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"value": 7}, "/result/survivors must contain 7, but what came out is [0,1,2]"),
        ({"op": "length", "value": 2}, "/result/survivors must have the length 2, but what came out is [0,1,2]"),
        ({"op": "eq", "value": "é"}, '/result/survivors must be "é", but what came out is [0,1,2]'),
        ({"path": "/result/nothing"}, 'path was "/result/nothing": nothing is there'),
        ({"at": 1, "value": 2}, "/result/survivors after step 1 must contain 2, but what came out is [0]"),
    ],
)
def test_a_failure_names_the_claim_what_was_expected_and_what_came_out(said, message):
    failed = claim(id="what-survives", **said)
    [(index, told)] = failures_of(claim(), failed)
    assert index == 1
    assert told.startswith("the claim 'what-survives' fails: ")
    assert message in told


def test_what_came_out_is_cut_where_it_is_long():
    records = [record | {"key": f"order-{n}"} for n in range(200) for record in RECORDS[:1]]
    [[failure]] = claims.failures([(scenario_snapshot(claims=[claim(value=-1)]), records)])
    assert len(failure.message) < 400
    assert failure.message.endswith("…")


def test_many_scenarios_are_judged_each_by_its_own_log():
    both = [(scenario_snapshot(), RECORDS), (scenario_snapshot(), RECORDS[:1])]
    assert [len(failed) for failed in claims.failures(both)] == [0, 1]
    assert claims.failures([]) == []


def test_parameters_and_interventions_are_part_of_what_is_judged():
    log = claim(path="/result/passes", op="length", value=0)
    assert failures_of(log, params={"cleanAt": []}, interventions=[]) == []
    assert len(failures_of(log, params={"cleanAt": []}, interventions=[{"kind": "clean", "at": 3}])) == 1


def test_what_takes_too_long_is_ended_and_said(monkeypatch):
    monkeypatch.setattr(claims, "SECONDS", 0.01)
    with pytest.raises(claims.NotJudged, match=r"more than 0\.01 seconds"):
        failures_of(claim())


def test_what_takes_too_much_memory_is_ended_and_said(monkeypatch):
    monkeypatch.setattr(claims, "MEGABYTES", 1)
    with pytest.raises(claims.NotJudged, match="too much memory"):
        failures_of(claim())


def test_the_process_reads_the_engine_and_nothing_else(tmp_path, monkeypatch):
    secret, script = tmp_path / "secret", tmp_path / "simulator" / "judge.mjs"
    script.parent.mkdir()
    monkeypatch.setattr(claims, "HERE", script.parent)
    monkeypatch.setattr(claims, "JUDGE", script)
    for path, is_read in ((script, True), (secret, False)):
        path.touch()
        reading = f'import {{ readFileSync }} from "node:fs"; readFileSync({json.dumps(str(path))});'
        script.write_text(f'{reading} process.stdout.write("[]");')
        if is_read:
            assert claims.judged([]) == []
        else:
            with pytest.raises(claims.NotJudged, match="broke off"):
                claims.judged([])
