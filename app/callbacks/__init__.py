"""Callbacks: read the selection, call, return."""

from dash import Dash

from app.callbacks import building, navigation, panels, scene, shell
from app.data import DataManager


def register(app: Dash, data: DataManager, default_language: str) -> None:
    """Wire every callback of the application."""
    shell.register(app, data, default_language)
    navigation.register(app, default_language)
    panels.register(app, data, default_language)
    building.register(app, data, default_language)
    scene.register(app, data, default_language)
