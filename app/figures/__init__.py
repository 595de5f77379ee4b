"""Plotly figures: pure functions from tables to figures."""
