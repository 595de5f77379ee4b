from datetime import date

import numpy as np

from twin_model.demo.case_numbers import case_numbers


def test_sequence_counts_from_one_in_each_day():
    days = [date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)]
    numbers = case_numbers("110108", days, np.array([0, 0, 2, 2, 2]))
    assert numbers.to_pylist() == [
        "11010820261121000001",
        "11010820261121000002",
        "11010820261123000001",
        "11010820261123000002",
        "11010820261123000003",
    ]


def test_sequence_of_six_digits_is_written_in_full():
    numbers = case_numbers("110108", [date(2026, 1, 1)], np.zeros(123_456, np.int64))
    assert numbers[-1].as_py() == "11010820260101123456"


def test_no_cases_have_no_numbers():
    assert case_numbers("110108", [date(2026, 1, 1)], np.zeros(0, np.int64)).to_pylist() == []
