import pytest

from datastore.sources.city import import_city
from datastore.sources.options import CityOptions
from datastore.sources.texture_file import NoTexture, Texture, read_texture, texture_place
from tests.city_files import city, house, solid, write

JPEG, PNG, WEBP = b"\xff\xd8\xff\xe0rest", b"\x89PNG\r\n\x1a\nrest", b"RIFF\x00\x00\x00\x00WEBPrest"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "secret.jpg").write_bytes(JPEG)
    model = tmp_path / "model"
    (model / "外观").mkdir(parents=True)
    (model / "外观" / "墙.jpg").write_bytes(JPEG)
    return model


@pytest.mark.parametrize(("image", "media"), [(JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp")])
def test_an_image_is_known_by_its_first_bytes(folder, image, media):
    (folder / "wall.bin").write_bytes(image)
    found = read_texture(folder, "wall.bin")
    assert isinstance(found, Texture)
    assert (found.media_type, found.image) == (media, image)


@pytest.mark.parametrize("written", ["外观/墙.jpg", "外观\\墙.jpg", "./外观/../外观/墙.jpg"])
def test_a_path_within_the_folder_is_taken_however_it_is_written(folder, written):
    assert isinstance(read_texture(folder, written), Texture)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("../secret.jpg", "leaves the folder"),
        ("..\\secret.jpg", "leaves the folder"),
        ("外观/../../secret.jpg", "leaves the folder"),
        ("/etc/passwd", "absolute"),
        ("C:\\pictures\\wall.jpg", "absolute"),
        ("\\\\server\\share\\wall.jpg", "absolute"),
        ("//server/wall.jpg", "an address"),
        ("http://127.0.0.1/wall.jpg", "an address"),
        ("file:///etc/passwd", "an address"),
        ("data:image/png;base64,AAAA", "an address"),
        ("wall\0.jpg", "no path"),
        ("", "no path"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(folder, written, why):
    place = texture_place(folder, written)
    assert isinstance(place, NoTexture)
    assert place.fault == "refused"
    assert why in place.why


def test_a_link_that_leads_out_of_the_folder_is_refused(folder):
    (folder / "link.jpg").symlink_to(folder.parent / "secret.jpg")
    found = read_texture(folder, "link.jpg")
    assert isinstance(found, NoTexture)
    assert found.fault == "refused"


def test_what_is_no_image_is_refused_and_what_is_not_there_is_missing(folder, monkeypatch):
    (folder / "page.svg").write_text("<svg/>")
    assert read_texture(folder, "page.svg") == NoTexture("page.svg", "refused", "not a JPEG, PNG or WebP image")
    assert read_texture(folder, "gone.jpg") == NoTexture("gone.jpg", "missing", "not there")
    monkeypatch.setattr("datastore.sources.texture_file.MAX_BYTES", 4)
    assert read_texture(folder, "外观/墙.jpg").fault == "refused"


def textured(*images):
    """House whose polygons take the images in turn."""
    body = solid()
    values = [[[[number % len(images), *range(len(ring[0]))]] for number, ring in enumerate(body["boundaries"][0])]]
    body["texture"] = {"winter": {"values": values}}
    corners = [[0, 0], [1, 0], [1, 1], [0.5, 2], [0, 1]]
    appearance = {"textures": [{"type": "JPG", "image": image} for image in images], "vertices-texture": corners}
    return city({"a": house(body)}, appearance=appearance)


def test_a_model_loads_without_the_textures_that_are_refused_and_tells_them(store, folder, now, ask):
    file = write(folder / "a.json", textured("外观/墙.jpg", "../secret.jpg", "gone.jpg"))
    report = import_city(store, file, CityOptions(), now)
    assert {what: count for what, count in report.counts.items() if "textures" in what} == {
        "textures taken": 1, "textures missing": 1, "textures refused": 1,
    }  # fmt: skip
    assert any("textures refused, drawn without: ../secret.jpg (a path that leaves" in each for each in report.warnings)
    assert ask("SELECT path, media_type, image FROM building_texture") == [("外观/墙.jpg", "image/jpeg", JPEG)]
    ((faces, ids, uv, texture_id),) = ask(
        "SELECT octet_length(faces) / 12, texture_ids, octet_length(uv) / 24, texture_id "
        "FROM building_model, building_texture"
    )
    assert (faces, uv) == (16, 16)
    keys = [int.from_bytes(ids[at : at + 4], "little", signed=True) for at in range(0, len(ids), 4)]
    assert set(keys) == {texture_id, -1}


def test_a_texture_that_came_later_makes_the_import_anew(store, folder, now):
    file = write(folder / "a.json", textured("外观/墙.jpg", "later.jpg"))
    import_city(store, file, CityOptions(), now)
    assert import_city(store, file, CityOptions(), now).unchanged
    (folder / "later.jpg").write_bytes(JPEG)
    assert import_city(store, file, CityOptions(), now).counts["textures taken"] == 2
