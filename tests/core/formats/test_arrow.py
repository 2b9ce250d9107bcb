import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dataimp_gui.core import formats
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.model import Modality, Role
from dataimp_gui.core.storage.objects import Objects
from dataimp_gui.errors import FormatError
from dataimp_gui.progress import Progress

pa = pytest.importorskip("pyarrow")
feather = pytest.importorskip("pyarrow.feather")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(temp=tmp_path, threads=1)
    yield engine
    engine.close()


def table() -> "pa.Table":
    return pa.table(
        {
            "id": ["001", "NA", None],
            "label": pa.array(["cat", "dog", "cat"]).dictionary_encode(),
            "n": pa.array([1, None, 3], pa.int16()),
            "image": pa.array([b"\x89PNG\r\n\x1a\n1", b"\x89PNG\r\n\x1a\n2", b"\x89PNG\r\n\x1a\n3"], pa.binary()),
        }
    )


@pytest.mark.parametrize("kind", ["file", "stream", "feather"])
def test_arrow_files_streams_and_feather_are_read(engine: Engine, tmp_path: Path, kind: str) -> None:
    path = tmp_path / ("data.feather" if kind == "feather" else "data.arrow")
    if kind == "feather":
        feather.write_feather(table(), path, compression="zstd")
    else:
        opened = pa.ipc.new_file if kind == "file" else pa.ipc.new_stream
        with pa.OSFile(str(path), "wb") as sink, opened(sink, table().schema) as writer:
            for batch in table().to_batches(max_chunksize=2):
                writer.write_batch(batch)
    found = formats.inspect(path, engine)
    assert (found.format, found.modality) == ("arrow", Modality.IMAGE)
    assert [column.role for column in found.columns] == [Role.ID, Role.LABEL, Role.METADATA, Role.MEDIA]
    objects = Objects(tmp_path / "objects")
    assert formats.load(found, engine, objects, Progress()) == []
    rows = engine.rows("SELECT * FROM incoming ORDER BY _place")
    assert [row[:4] for row in rows] == [(1, "001", "cat", 1), (2, "NA", "dog", None), (3, None, "cat", 3)]
    assert objects.read(rows[2][4].removeprefix("sha256:")).endswith(b"3")
    assert not list(tmp_path.glob("arrow-*")), "the copy is removed"


@pytest.mark.parametrize("content", [b"", b"ARROW1\0\0rest", b"ARROW1\0\0" + bytes(1000), b"id,label\n1,2\n"])
def test_a_broken_file_is_one_clear_error(engine: Engine, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data.arrow"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=r"data\.arrow is damaged"):
        formats.inspect(path, engine)


def test_a_torn_file_is_one_clear_error(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "data.feather"
    feather.write_feather(table(), path, compression="uncompressed")
    whole = path.read_bytes()
    for end in range(10, len(whole), 97):
        path.write_bytes(whole[:end])
        with pytest.raises(FormatError):
            formats.inspect(path, engine)


def test_without_pyarrow_a_sentence_says_how_to_get_it(tmp_path: Path) -> None:
    path = tmp_path / "data.arrow"
    path.write_bytes(b"ARROW1\0\0")
    program = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from pathlib import Path\n"
        "from dataimp_gui.core import formats\n"
        "from dataimp_gui.core.engine import Engine\n"
        "from dataimp_gui.errors import FormatError\n"
        "try:\n"
        "    formats.inspect(Path(sys.argv[1]), Engine())\n"
        "except FormatError as error:\n"
        "    sys.exit(0 if 'PyArrow is not installed' in str(error) and 'dataimp[arrow]' in error.hint else 3)\n"
    )
    assert subprocess.run([sys.executable, "-c", program, str(path)], check=False).returncode == 0
