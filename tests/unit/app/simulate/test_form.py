from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from app.simulate.form import multipart, url_form


def read(body, content_type):
    """Fields and photos as the server reads them."""
    builder = EnvironBuilder(method="POST", data=body, content_type=content_type)
    with Request(builder.get_environ()) as request:
        photos = [file.read() for file in request.files.getlist("photo")]
        fields = request.form.to_dict()
    builder.close()
    return fields, photos


def test_a_form_with_photos_is_read_as_it_was_written():
    photos = [b"\xff\xd8one\r\n--x", b"\xff\xd8two"]
    fields = {"class": "E0102", "description": "暴露垃圾\n&=%"}
    assert read(*multipart(fields, "photo", photos)) == (fields, photos)


def test_a_form_without_photos_is_read_as_it_was_written():
    fields = {"service_code": "E0102", "description": "a&b=c 你好"}
    assert read(*url_form(fields)) == (fields, [])
