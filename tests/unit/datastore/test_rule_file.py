import json

import pytest

from datastore.rule_file import RuleFileError, RuleFormat, read_rule_file, written_rules
from twin_model.case_class import default_case_classes
from twin_model.errors import RuleDocumentError
from twin_model.rule_book import RuleKind, default_documents
from twin_model.rule_table import COLUMNS

DEFAULTS = default_documents(tuple(default_case_classes()))
FORMS = [(kind, form) for kind in RuleKind for form in RuleFormat if form is not RuleFormat.CSV or kind in COLUMNS]
LIST = RuleKind.RESPONSIBILITY


def write(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(("kind", "form"), FORMS)
def test_what_is_shown_can_be_put_again_as_it_is(tmp_path, kind, form):
    path = write(tmp_path, f"rules.{form}", written_rules(kind, DEFAULTS[kind], form))
    assert read_rule_file(path, kind, DEFAULTS[kind]) == DEFAULTS[kind]


def test_rows_are_written_without_their_empty_fields():
    text = written_rules(LIST, DEFAULTS[LIST], RuleFormat.TOML)
    assert '[[rules]]\nrule_id = "R-C-owner"\nclass_pattern = "C"\nlead = "@owner"' in text
    assert '""' not in text


def test_a_document_that_this_release_cannot_use_is_shown_as_it_is():
    assert json.loads(written_rules(LIST, {"rules": 7}, RuleFormat.JSON)) == {"rules": 7}


def test_a_table_is_asked_for_where_there_is_none():
    with pytest.raises(RuleDocumentError, match="use TOML or JSON"):
        written_rules(RuleKind.WORKFLOW, DEFAULTS[RuleKind.WORKFLOW], RuleFormat.CSV)


def test_moments_of_toml_are_read(tmp_path):
    row = 'rule_id = "R-1"\nclass_pattern = "*"\nlead = "D01"\nvalid_from = 2026-01-01T00:00:00+08:00\n'
    path = write(tmp_path, "list.toml", f'last_resort = "D01"\n[[rules]]\n{row}')
    assert read_rule_file(path, LIST, {})["rules"][0]["valid_from"] == "2025-12-31T16:00:00+00:00"


def test_days_of_toml_are_read(tmp_path):
    hours = "[hours]\n" + "\n".join(f'{day} = ["09:00-18:00"]' for day in ("mon", "tue", "wed", "thu", "fri", "sat"))
    head = 'zone = "Asia/Shanghai"\nworking_weekdays = ["mon"]\n'
    content = f'{head}{hours}\n[[overrides]]\nday = 2026-05-04\nkind = "rest"\n'
    found = read_rule_file(write(tmp_path, "days.toml", content), RuleKind.CALENDAR, {})
    assert found["overrides"][0]["day"] == "2026-05-04"


def test_a_table_of_a_chinese_spreadsheet_is_read(tmp_path):
    content = "rule_id,class_pattern,lead,basis\r\nR-1,E0102,D04,本市清单\r\n".encode("gb18030")
    found = read_rule_file(write(tmp_path, "list.CSV", content), LIST, {"last_resort": "D01"})
    assert found["rules"][0]["basis"] == "本市清单"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.xlsx", "", "no .toml, .json or .csv file"),
        ("list.toml", "rules = [", "is no TOML"),
        ("list.json", "{", "is no JSON"),
        ("list.json", '{"rules": [], "rules": []}', "names 'rules' twice"),
        ("list.json", '{"rules": NaN}', "NaN is no JSON"),
        ("list.json", b"\xff", "is no UTF-8 from byte 0 on"),
        ("list.json", '{"rules": []}', None),
        ("list.json", "[" * 100_000, "nested too deeply"),
        ("list.json", '{"rules": [{"rule_id": "R-1"}]}', "row 1 (R-1) of the responsibility list: class_pattern is ''"),
        ("list.csv", 'rule_id,lead\nR-1,"D01', "is no CSV"),
        ("list.csv", b"rule_id\n\xff\xff", "is no UTF-8"),
        ("list.csv", "rule_id,boss\n", "column 2 is 'boss'"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_place_and_the_mend(tmp_path, name, content, said):
    path = write(tmp_path, name, content)
    if said is None:
        assert read_rule_file(path, LIST, {})["last_resort"] == "D01"
        return
    with pytest.raises(RuleFileError) as caught:
        read_rule_file(path, LIST, {"last_resort": "D01"})
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(RuleFileError, match="No such file"):
        read_rule_file(tmp_path / "list.csv", LIST, {})
