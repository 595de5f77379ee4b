import hashlib

from datastore.sources.areas import import_areas
from datastore.sources.buildings import import_buildings
from datastore.sources.cases import import_cases
from datastore.sources.options import AreaOptions, BuildingOptions, CaseOptions


def test_the_registry_holds_the_checksum_of_the_file_itself(store, two_streets, case_file, now, ask):
    import_areas(store, two_streets, AreaOptions(), now)
    file, mapping = case_file("1,2026-05-01 09:30:00,,116.005,39.905,A,web,open,,")
    import_cases(store, file, CaseOptions(mapping=mapping), now)
    for path in (two_streets, file):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert ask("SELECT source_sha256 FROM dataset WHERE source = ?", path.name) == [(digest,)]


def test_other_options_read_the_same_file_again(store, two_streets, now, ask):
    import_areas(store, two_streets, AreaOptions(name="streets"), now)
    before = ask("SELECT source_sha256, options_sha256 FROM dataset")
    assert import_areas(store, two_streets, AreaOptions(name="streets"), now).unchanged
    assert not import_areas(store, two_streets, AreaOptions(name="streets", shapes="schematic"), now).unchanged
    after = ask("SELECT source_sha256, options_sha256 FROM dataset")
    assert after[0][0] == before[0][0]
    assert after[0][1] != before[0][1]


def test_another_mapping_reads_the_same_cases_again(store, case_file, now):
    line = "1,2026-05-01 09:30:00,,116.005,39.905,A,web,open,,"
    file, mapping = case_file(line)
    import_cases(store, file, CaseOptions(mapping=mapping), now)
    assert import_cases(store, file, CaseOptions(mapping=mapping), now).unchanged
    file, mapping = case_file(line, replace=[('web = "PUBLIC"', 'web = "OTHER"')])
    assert not import_cases(store, file, CaseOptions(mapping=mapping), now).unchanged


def test_warnings_of_an_import_stay_with_its_data_set(store, geojson, square, *, case_file, now, ask):
    file, mapping = case_file("1,2026-05-01 09:30:00,2026-05-01 08:00:00,,,A,web,done,,")
    cases = import_cases(store, file, CaseOptions(mapping=mapping), now)
    heights = geojson((square(116.0, 39.9, 0.001), {"height": "-3"}), name="heights.geojson")
    buildings = import_buildings(store, heights, BuildingOptions(), now)
    assert "closed before they were reported" in cases.warnings[0]
    assert "heights make no sense" in buildings.warnings[0]
    assert ask("SELECT note FROM dataset ORDER BY dataset_id") == [(cases.warnings[0],), (buildings.warnings[0],)]


def test_an_import_without_warnings_has_no_note(store, two_streets, now, ask):
    import_areas(store, two_streets, AreaOptions(), now)
    assert ask("SELECT note FROM dataset") == [("",)]
