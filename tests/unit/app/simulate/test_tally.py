from app.simulate.tally import Tally


def test_a_paragraph_tells_everything():
    tally = Tally()
    for seconds in (0.1, 0.3):
        tally.answered(seconds, 2)
    for action in ("report", "accept", "report"):
        tally.accepted(action)
    tally.refused("close 409")
    tally.count("candidates")
    tally.count("closed", 2)
    told = tally.paragraph()
    assert told.count("\n") == 0
    parts = (
        "2 requests sent", "3 actions accepted (report 2, accept 1)", "1 refused (close 409 1)", "1 candidates",
        "2 cases closed", "2 attempts repeated", "200 ms",
    )  # fmt: skip
    for part in parts:
        assert part in told
    assert "2 reported" in tally.line()


def test_nothing_is_a_tally_too():
    assert "0 requests sent, 0 actions accepted (nothing), 0 refused;" in Tally().paragraph()
    assert Tally().latency_s == 0
