from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from dataimp_gui.core import formats
from dataimp_gui.core.engine import Engine
from dataimp_gui.core.formats.found import Found
from dataimp_gui.core.model import Modality, Role
from dataimp_gui.core.storage.objects import Objects
from dataimp_gui.errors import Cancelled, FormatError
from dataimp_gui.progress import Progress, Report


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(temp=tmp_path, threads=1)
    yield engine
    engine.close()


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    return Objects(tmp_path / "objects")


def write(engine: Engine, path: Path, select: str, parameters: list[object] | None = None) -> Path:
    engine.run(f"COPY ({select}) TO '{path}' (FORMAT parquet)", parameters)
    return path


def load(engine: Engine, objects: Objects, found: Found) -> list[dict[str, Any]]:
    assert formats.load(found, engine, objects, Progress()) == []
    names = [name for name, _ in engine.columns("SELECT * FROM incoming")]
    return [dict(zip(names, row, strict=True)) for row in engine.rows("SELECT * FROM incoming ORDER BY _place")]


def png(shade: int) -> bytes:
    return cv2.imencode(".png", np.full((4, 6, 3), shade, np.uint8))[1].tobytes()


def test_types_become_the_five_and_roles_become_text(engine: Engine, objects: Objects, tmp_path: Path) -> None:
    path = write(
        engine,
        tmp_path / "a.parquet",
        "SELECT 7::INTEGER AS id, 2::TINYINT AS label, 1.5::FLOAT AS x, 10.25::DECIMAL(9, 2) AS price, true AS ok, "
        "DATE '2024-01-05' AS day, TIMESTAMPTZ '2024-01-05 10:00:00+00' AS seen, [1, 2] AS list, {'k': 'v'} AS struct, "
        "18446744073709551615::UBIGINT AS huge, 'a'::ENUM('a', 'b') AS kind",
    )
    found = formats.inspect(path, engine)
    assert found.format == "parquet"
    (row,) = load(engine, objects, found)
    assert (row["_place"], row["id"], row["label"]) == (1, "7", "2")
    assert (row["x"], row["price"], row["ok"], row["kind"]) == (1.5, 10.25, True, "a")
    assert row["day"].isoformat() == "2024-01-05T00:00:00"
    assert row["list"] == "[1,2]"
    assert row["struct"] == '{"k":"v"}'
    assert row["huge"] == float(2**64 - 1)
    assert isinstance(row["seen"], str)


@pytest.mark.parametrize("shape", ["$1::BLOB", "{'bytes': $1::BLOB, 'path': 'a.png'}"])
def test_embedded_bytes_go_to_the_objects(engine: Engine, objects: Objects, tmp_path: Path, shape: str) -> None:
    data = png(90)
    path = write(engine, tmp_path / "a.parquet", f"SELECT 'x' AS label, {shape} AS image", [data])
    found = formats.inspect(path, engine)
    assert found.modality is Modality.IMAGE
    assert [column.role for column in found.columns] == [Role.LABEL, Role.MEDIA]
    (row,) = load(engine, objects, found)
    assert row["image"].startswith("sha256:")
    assert objects.read(row["image"].removeprefix("sha256:")) == data


def test_embedded_sounds_are_known_by_their_content(engine: Engine, tmp_path: Path) -> None:
    path = write(engine, tmp_path / "a.parquet", "SELECT $1::BLOB AS clip", [b"RIFF\0\0\0\0WAVEfmt "])
    assert formats.inspect(path, engine).modality is Modality.AUDIO


def test_rows_keep_their_order_and_their_own_bytes(engine: Engine, objects: Objects, tmp_path: Path) -> None:
    engine.run("CREATE TABLE many (n INTEGER, image BLOB)")
    pictures = [png(shade) for shade in range(0, 250, 5)]
    engine.run("INSERT INTO many SELECT unnest($1), unnest($2)", [list(range(50)), pictures])
    found = formats.inspect(write(engine, tmp_path / "a.parquet", "FROM many"), engine)
    rows = load(engine, objects, found)
    assert [row["n"] for row in rows] == list(range(50))
    assert [objects.read(row["image"].removeprefix("sha256:")) for row in rows] == pictures


def test_a_struct_without_bytes_is_its_path(engine: Engine, objects: Objects, tmp_path: Path) -> None:
    path = write(engine, tmp_path / "a.parquet", "SELECT {'bytes': NULL::BLOB, 'path': 'b.png'} AS image, 1 AS n")
    (row,) = load(engine, objects, formats.inspect(path, engine))
    assert row["image"] == "b.png"


def test_unpacking_can_be_cancelled(engine: Engine, objects: Objects, tmp_path: Path) -> None:
    path = write(engine, tmp_path / "a.parquet", "SELECT range::VARCHAR::BLOB AS image FROM range(1000)")

    def report(now: Report) -> None:
        if now.phase == "Unpacking media":
            progress.cancel()

    progress = Progress(report)
    with pytest.raises(Cancelled):
        formats.load(formats.inspect(path, engine), engine, objects, progress)


def test_a_file_that_is_not_parquet_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    for content in (b"", b"id,label\n1,2\n"):
        path.write_bytes(content)
        with pytest.raises(FormatError, match=r"a\.parquet is no Parquet file"):
            formats.inspect(path, engine)


def test_damage_anywhere_is_one_clear_error(engine: Engine, objects: Objects, tmp_path: Path) -> None:
    whole = write(
        engine, tmp_path / "whole.parquet", "SELECT range AS n, 'text ' || range AS t FROM range(5000)"
    ).read_bytes()
    path = tmp_path / "torn.parquet"
    said = []
    for start in range(0, len(whole), max(1, len(whole) // 40)):
        for torn in (whole[:start], whole[:start] + b"\xff" * 64 + whole[start + 64 :]):
            path.write_bytes(torn)
            try:
                formats.load(formats.inspect(path, engine), engine, objects, Progress())
            except FormatError as error:
                said.append(str(error))
    assert len(said) > 40
    assert all("torn.parquet" in sentence for sentence in said)


def test_too_many_columns_are_refused(engine: Engine, tmp_path: Path) -> None:
    columns = ", ".join(f"{number} AS c{number}" for number in range(10_001))
    path = write(engine, tmp_path / "wide.parquet", f"SELECT {columns}")
    with pytest.raises(FormatError, match="10,001 columns"):
        formats.inspect(path, engine)
