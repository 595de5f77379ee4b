"""Benchmarks: run by `make bench`, proven to run (small) by the tests, never assertions of time."""
