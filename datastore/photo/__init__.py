"""Photos of cases: how one is taken in, measured, and kept as a file."""
