import hashlib

import pytest

from dataimp_gui.core.storage.objects import Objects
from dataimp_gui.errors import ProjectError


def test_the_same_bytes_are_kept_once_under_their_hash(tmp_path):
    objects = Objects(tmp_path / "objects")
    digest = objects.put(b"pixels")
    assert objects.put(b"pixels") == digest == hashlib.sha256(b"pixels").hexdigest()
    objects.sync()
    assert objects.read(digest) == b"pixels"
    assert [path.name for path in (tmp_path / "objects").rglob("*") if path.is_file()] == [digest]


def test_a_flipped_byte_is_found_before_it_is_used(tmp_path):
    objects = Objects(tmp_path)
    digest = objects.put(b"pixels")
    objects.path(digest).write_bytes(b"pixelz")
    with pytest.raises(ProjectError, match="changed on disk"):
        objects.read(digest)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "/x"])
def test_only_a_digest_names_an_object(tmp_path, name):
    with pytest.raises(ProjectError):
        Objects(tmp_path).path(name)


def test_a_missing_object_is_said(tmp_path):
    with pytest.raises(ProjectError, match="missing"):
        Objects(tmp_path).read("a" * 64)
