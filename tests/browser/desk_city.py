"""Two streets of the demo city with a desk that takes commands, and pages over them."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.factory import CityDash, create_app
from app.settings import load_settings
from datastore.desk.desk import Desk
from datastore.store import Store
from tests.browser.city_page import Page
from twin_model.actor import Actor, Role
from twin_model.case_file import CaseFile
from twin_model.command import Command
from twin_model.workflow import Action

OPERATOR = Actor("operator", Role.OPERATOR)
COLLECTOR = Actor("collector", Role.COLLECTOR, source_code="COLLECTOR")


class DeskCity:
    """The city, its desk, and its application."""

    def __init__(self, app: CityDash, desk: Desk) -> None:
        self.app, self.desk = app, desk

    def report(self, private: Mapping[str, str] | None = None, **data: Any) -> CaseFile:
        """Report a case in Zhongguancun; it is filed and dispatched by itself."""
        told = {"source": "COLLECTOR", "class": "E0102", "lon": "116.3232", "lat": "39.9781", **data}
        receipt = self.desk.do(Command(Action.REPORT, COLLECTOR, data=told, private=private or {}))
        assert receipt.file is not None
        self.desk.exclusive(lambda _con, _desk: None)  # pages count it from here on
        return receipt.file

    def returned(self, **data: Any) -> str:
        """Report a case that its unit sends back at once; gives its number."""
        file = self.report(**data)
        role = Role.STREET if file.unit.startswith("S") else Role.DEPARTMENT
        unit = Actor("unit", role, file.unit)
        self.desk.do(Command(Action.RETURN, unit, file.case_no, {"reason": "不属于我单位"}))
        self.desk.exclusive(lambda _con, _desk: None)
        return file.case_no

    def void(self, case_no: str) -> None:
        """Void a case, as the centre may at any time."""
        self.desk.do(Command(Action.VOID, OPERATOR, case_no, {"reason": "误报"}))

    def file(self, case_no: str) -> CaseFile:
        return self.desk.read(case_no).file


@contextmanager
def desk_city(source: Path, target: Path) -> Iterator[DeskCity]:
    """Serve a copy of a store with its desk open."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, target, dirs_exist_ok=True)
    with Store.open(target) as store, Desk.open(store) as desk:
        app = create_app(load_settings(data=target), store, desk=desk)
        try:
            yield DeskCity(app, desk)
        finally:
            if app.live is not None:
                app.live.stop()


class DeskPage(Page):
    """A page on which cases are worked."""

    def open_cases(self, search: str = "") -> "DeskPage":
        self.driver.get(f"{self.url}/cases{search}")
        self.until(lambda: self.all(".queue") and self.all(".panel-work_brief") and self.all(".pages .muted"))
        return self

    def open_case(self, case_no: str, search: str = "") -> "DeskPage":
        self.driver.get(f"{self.url}/case/{case_no}{search}")
        self.until(lambda: self.all(".step") and self.all(".panel-case_proof") and self.all(".event"))
        return self

    def rows(self) -> int:
        return len(self.all(".work-grid .ag-center-cols-container .ag-row"))

    def said(self) -> str:
        self.until(lambda: self.all(".work-said.shown"))
        return self.text(".work-said")

    def hush(self) -> None:
        """Take away what was said, so that the next word is a new one."""
        self.driver.execute_script("document.querySelector('.work-said').className = 'work-said'")

    def param(self, name: str) -> Any:
        return self.driver.execute_script("return new URLSearchParams(location.search).get(arguments[0])", name)

    def fill(self, selector: str, text: str) -> None:
        self.until(lambda: self.all(selector))
        self.all(selector)[0].send_keys(text)
