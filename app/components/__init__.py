"""Panels and shell parts: pure functions from tables to Dash components."""
