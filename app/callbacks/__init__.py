"""Callbacks: read the selection, call, return."""

from dash import Dash

from app.callbacks import acting, building, case_page, navigation, panels, scene, shell, workbench
from app.data import DataManager
from app.desk_context import Office


def register(app: Dash, data: DataManager, default_language: str) -> None:
    """Wire every callback of the application."""
    shell.register(app)
    navigation.register(app, default_language)
    panels.register(app, data, default_language)
    building.register(app, data, default_language)
    scene.register(app, data, default_language)


def register_work(app: Dash, office: Office) -> None:
    """Wire every callback of the pages on which cases are worked."""
    shell.register_pages(app, office)
    workbench.register(app, office)
    case_page.register(app, office)
    acting.register(app, office)
