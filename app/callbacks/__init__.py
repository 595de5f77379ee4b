"""Callbacks: read the selection, call, return."""
