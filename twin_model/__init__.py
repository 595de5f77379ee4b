"""The city and its rules: pure functions and frozen dataclasses, without I/O, SQL, Dash or a clock."""
