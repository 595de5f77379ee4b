"""Services: every class, with what the service levels know of it."""

from app.api.open311.service import Service, services
from app.i18n import catalogue
from twin_model import service_level


def row(code: str, kind: str, *names: str) -> dict[str, str]:
    return {
        "code": code,
        "kind": kind,
        **dict(zip(("name_zh", "name_en", "big_name_zh", "big_name_en"), names, strict=True)),
    }


ROWS = [
    row("C0101", "component", "上水井盖", "Cover", "公用设施", "Utilities"),
    row("E0102", "event", "暴露垃圾", "Waste", "市容环境", "Appearance"),
]
LEVELS = service_level.from_document(service_level.default_document())


def test_a_service_has_the_conditions_of_its_class() -> None:
    found = services(ROWS, LEVELS)
    assert found["C0101"].conditions == ("guard", "missing_cover")
    assert found["E0102"].conditions == ()
    assert services(ROWS, None)["C0101"].conditions == ()


def test_metadata_says_whether_there_is_more_to_ask() -> None:
    found = services(ROWS, LEVELS)
    for service in found.values():
        listed, defined = service.listed(catalogue("en")), service.defined(catalogue("en"))
        assert listed["metadata"] is bool(defined["attributes"])
        assert [attribute["order"] for attribute in defined["attributes"]] == list(
            range(1, len(defined["attributes"]) + 1)
        )


def test_names_follow_the_language_and_keywords_are_in_both() -> None:
    waste = Service(ROWS[1], ())
    assert (waste.listed(catalogue("zh-CN"))["group"], waste.listed(catalogue("en"))["group"]) == (
        "市容环境",
        "Appearance",
    )
    assert waste.listed(catalogue("zh-CN"))["keywords"] == "暴露垃圾, 市容环境, Waste, Appearance"
