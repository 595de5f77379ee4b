from collections import Counter
from datetime import UTC, datetime

import pytest
import shapely

from app.api.open311.parameters import number_of
from app.simulate.chance import chance
from app.simulate.followed import followed_report
from app.simulate.ground import Community, Ground, Place
from app.simulate.report import CONFIDENCE, MARK, Reporters
from app.simulate.report_class import ClassMix, ReportClass
from twin_model.case_class import default_case_classes

NOW = datetime(2026, 11, 26, 2, tzinfo=UTC)
CLASSES = [
    ReportClass(row.code, row.name_zh, row.kind == "component", ("missing_cover",) if row.code == "C0101" else ())
    for row in default_case_classes()
]


class Components:
    """A city that has three components of every class."""

    def __init__(self):
        self.asked = []

    def features(self, collection, **query):
        self.asked.append((collection, query))
        rows = [
            {
                "geometry": {"coordinates": [116.3 + number / 1e4, 39.98]},
                "properties": {"code": f"{query['class']}-{number}", "community_name": "科源社区居委会"},
            }
            for number in range(3)
        ]
        return {"numberMatched": 3, "features": rows}


def ground():
    community = Community("科源社区", shapely.box(116.30, 39.97, 116.31, 39.98), 1.0)
    building = Place(116.305, 39.975, "科源社区1号楼附近")
    return Ground(Components(), 1, (community,), (building,), {"E0102": (Place(116.302, 39.972),)})


def reporters(seed=1, run="r"):
    return Reporters(seed, run, ClassMix(CLASSES), ground())


def many(source, times=1500, **more):
    desk = reporters(**more)
    return [desk.draw(source, number, NOW) for number in range(times)]


def test_one_seed_and_run_give_the_same_day():
    assert many("PUBLIC", 50) == many("PUBLIC", 50)
    assert many("PUBLIC", 50) != many("PUBLIC", 50, seed=2)


def test_another_run_reports_other_things_at_other_places_under_other_refs():
    first, second = many("PUBLIC", 50), many("PUBLIC", 50, run="s")
    assert not {report.ref for report in first} & {report.ref for report in second}
    assert not {report.place for report in first} & {report.place for report in second}
    assert followed_report("7", first[0]).key == first[0].ref


def test_every_text_is_marked_as_simulated():
    for source in ("COLLECTOR", "PUBLIC", "VIDEO", "DATA_IOT"):
        assert all(report.description.endswith(MARK) for report in many(source, 30))


def test_whoever_reports_for_the_public_is_obviously_nobody():
    for report in many("PUBLIC", 50):
        assert report.reporter["name"].startswith("演示")
        assert report.reporter["phone"].startswith("000-0000-")
        assert report.reporter["email"].endswith(".invalid")
    assert not any(report.reporter for report in many("COLLECTOR", 50))


@pytest.mark.parametrize("source", sorted(CONFIDENCE))
def test_machines_are_sure_to_a_degree_and_show_what_they_saw(source):
    found = many(source, 300)
    assert all(0 <= float(report.confidence) <= 1 for report in found)
    assert 0.1 < sum(float(report.confidence) < 0.85 for report in found) / 300 < 0.9
    assert all(report.evidence["model"] == "simulated" for report in found)
    assert all(type(value) is str for report in found for value in report.evidence.values())
    assert not any(report.has_photo for report in found)


def test_only_machines_are_unsure():
    assert not any(report.confidence or report.evidence for report in many("COLLECTOR", 100))


def test_the_faults_of_reports_are_few_but_there():
    found = many("PUBLIC")
    assert 0.01 < sum(bool(report.true_class) for report in found) / len(found) < 0.06
    assert 0.02 < sum(report.is_nonsense for report in found) / len(found) < 0.07
    unplaced = [report for report in found if not report.is_placed]
    assert 0.12 < len(unplaced) / len(found) < 0.24
    assert all(
        report.place.address and "lon" not in report.fields() and "lat" not in report.form() for report in unplaced
    )
    assert not any(report.is_nonsense or not report.is_placed for report in many("COLLECTOR", 300))


def test_some_reports_repeat_another_visibly_or_not():
    desk = reporters()
    before = desk.draw("COLLECTOR", 1, NOW)
    desk.remember("case", before)
    found = [desk.draw("COLLECTOR", number, NOW) for number in range(2, 2000)]
    unseen = [report for report in found if report.repeats]
    assert 20 < len(unseen) < 90
    assert all(report.repeats == "case" and report.kind.code != before.kind.code for report in unseen)
    near = [
        report
        for report in found
        if report.kind == before.kind and abs(report.place.lon - before.place.lon) < 2e-4 and not report.repeats
    ]
    assert len(near) > 10


def test_nothing_is_repeated_that_has_no_place_or_sense():
    desk = reporters()
    for number in range(300):
        report = desk.draw("PUBLIC", number, NOW)
        if report.is_nonsense or not report.is_placed:
            desk.remember("wrong", report)
    assert not any(desk.draw("COLLECTOR", number, NOW).repeats for number in range(500))


def test_a_component_report_names_its_component():
    found = [report for report in many("DATA_IOT", 200) if report.kind.about_component]
    assert found
    assert all(report.fields()["component"].startswith(report.kind.code) for report in found)
    assert all(report.place.address == "科源社区附近" for report in found)


def test_a_form_says_what_the_fields_say():
    for report in many("PUBLIC", 60):
        form, fields = report.form(), report.fields()
        assert (form["service_code"], form["description"], form["ref"]) == (
            fields["class"], fields["description"], fields["ref"],
        )  # fmt: skip
        if report.is_placed:
            assert (number_of(form["long"], "long"), number_of(form["lat"], "lat")) == (
                float(fields["lon"]), float(fields["lat"]),
            )  # fmt: skip
        assert f"{form['first_name']} {form['last_name']}" == fields["reporter"]["name"]


def test_the_public_and_the_duty_desk_report_events():
    for source in ("PUBLIC", "DUTY_EMERGENCY"):
        assert not any(report.kind.about_component for report in many(source, 300) if not report.true_class)


def test_a_class_with_a_hot_spot_lies_in_it_often():
    there = ground()
    desk = reporters()
    places = [there.draw("E0102", about_component=False, random=desk_random) for desk_random in randoms(400)]
    near = sum(abs(place.lon - 116.302) < 0.006 and abs(place.lat - 39.972) < 0.005 for place in places)
    assert near > 100
    assert desk.mix.by_code["E0102"].name


def randoms(count):
    return [chance(5, number) for number in range(count)]


def test_components_are_asked_for_once():
    there = ground()
    for _ in range(3):
        assert len(there.components("C0102")) == 3
    assert [query.get("limit") for _, query in there.city.asked] == ["1", "100"]


def test_classes_come_as_often_as_the_demos_history_has_them():
    mix = ClassMix(CLASSES)
    drawn = Counter(mix.draw("COLLECTOR", random).code for random in randoms(4000))
    assert drawn["E0102"] > drawn["E0101"]
    assert drawn.most_common(3)[0][0] in ("E0102", "E0201", "E0104")
    assert {mix.draw("SATELLITE", random).code for random in randoms(300)} <= {
        "E0101", "E0103", "E0105", "E0302", "E0303", "E0117",
    }  # fmt: skip
