def test_unknown_model_is_a_run_of_no_steps_with_a_problem(engine):
    run = engine.simulate({"model": "no-such-model", "log": [{"key": "a"}]})
    assert run["length"] == 0
    assert [problem["path"] for problem in run["problems"]] == ["/model"]
