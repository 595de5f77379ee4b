import pytest

from app.simulate.cast import Cast, actor_of_unit, read_keys
from app.simulate.errors import KeyFileError


@pytest.mark.parametrize(
    ("unit", "actor"),
    [("S110108011", "street-S110108011"), ("D04", "dept-D04"), ("O08", "dept-O08"), ("SX", "dept-SX")],
)
def test_a_unit_acts_under_its_own_name(unit, actor):
    assert actor_of_unit(unit) == actor


def test_on_an_open_desk_an_actor_is_named():
    cast = Cast()
    assert cast.query("duty") == {"as": "duty"}
    assert cast.headers("duty") == {}
    assert cast.knows("anybody")


def test_with_keys_an_actor_proves_who_it_is():
    cast = Cast({"duty": "abc"})
    assert cast.query("duty") == {}
    assert cast.headers("duty") == {"Authorization": "Bearer abc"}
    assert not cast.knows("operator")
    assert "abc" not in repr(cast)


@pytest.mark.parametrize(("name", "text"), [("k.toml", 'duty = "abc"'), ("k.json", '{"duty": "abc"}')])
def test_keys_are_read_from_toml_or_json(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert read_keys(path) == {"duty": "abc"}


@pytest.mark.parametrize("text", ["duty", "", "duty = 5", 'duty = ""', "[duty]\nkey = 'a'"])
def test_a_file_without_keys_is_refused(tmp_path, text):
    path = tmp_path / "k.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KeyFileError, match="operator ="):
        read_keys(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(KeyFileError, match=r"none\.toml"):
        read_keys(tmp_path / "none.toml")
