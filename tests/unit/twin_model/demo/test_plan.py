from datetime import date

import numpy as np
import pytest

from twin_model.demo.plan import PARTS, DemoPlan, stream
from twin_model.errors import TwinModelError

PLAN = DemoPlan(anchor_day=date(2026, 11, 23))


def test_the_same_part_of_the_same_plan_draws_the_same_numbers():
    assert np.array_equal(stream(PLAN, "grid", 7).random(5), stream(PLAN, "grid", 7).random(5))


def test_parts_keys_and_seeds_have_streams_of_their_own():
    other_seed = DemoPlan(anchor_day=PLAN.anchor_day, seed=PLAN.seed + 1)
    draws = [stream(PLAN, part).random() for part in PARTS]
    draws += [stream(PLAN, "grid", 1).random(), stream(other_seed, "grid").random()]
    assert len(set(draws)) == len(draws)


def test_an_unknown_part_is_refused():
    with pytest.raises(TwinModelError, match="moon"):
        stream(PLAN, "moon")


@pytest.mark.parametrize("cases", [0, -1])
def test_a_city_without_cases_is_refused(cases):
    with pytest.raises(TwinModelError, match=f"a demo city of {cases} cases cannot be built; ask for 1 or more"):
        DemoPlan(anchor_day=PLAN.anchor_day, cases=cases)
