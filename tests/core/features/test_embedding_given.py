import duckdb
import numpy as np
import pytest

from dataimp_gui.core.features.embedding_given import from_file, from_words
from dataimp_gui.errors import DataimpError

VECTORS = np.array([[3.0, 4.0], [0.0, 2.0], [1.0, 0.0]], np.float32)
UNIT = np.array([[0.6, 0.8], [0.0, 1.0], [1.0, 0.0]], np.float32)


@pytest.fixture
def parquet(tmp_path):
    def write(select):
        path = tmp_path / "vectors.parquet"
        duckdb.sql(f"COPY ({select}) TO '{path}'")
        return path

    return write


def test_an_array_becomes_unit_vectors_and_is_versioned_by_its_content(tmp_path):
    path = tmp_path / "clip.npy"
    np.save(path, VECTORS)
    found = from_file(path, 3)
    assert np.allclose(found.vectors, UNIT)
    assert found.name == "clip"
    assert "clip.npy" in found.made_by
    np.save(path, VECTORS[::-1])
    assert from_file(path, 3).version != found.version


def test_an_archive_is_matched_by_its_ids_and_what_it_lacks_has_a_reason(tmp_path):
    path = tmp_path / "clip.npz"
    np.savez(path, embeddings=VECTORS, ids=np.array(["c", "a", "stranger"]))
    found = from_file(path, 3, ids=["a", "b", "c"])
    assert np.allclose(found.vectors[[0, 2]], UNIT[[1, 0]])
    assert np.isnan(found.vectors[1]).all()
    assert found.missing == {1: "No vector was given for it."}


def test_parquet_gives_lists_or_a_column_for_each_dimension(parquet):
    listed = parquet("SELECT * FROM (VALUES ('x', [3.0, 4.0]), ('y', [0, 2]), ('z', NULL)) t(id, embedding)")
    found = from_file(listed, 3)
    assert np.allclose(found.vectors[:2], UNIT[:2])
    assert list(found.missing) == [2]
    assert np.allclose(from_file(listed, 2, ids=["y", "x"]).vectors, UNIT[[1, 0]])
    fixed = parquet("SELECT [n, 1]::FLOAT[2] AS v, 'word' AS other FROM range(3) t(n)")
    assert from_file(fixed, 3).vectors.shape == (3, 2)
    wide = parquet("SELECT * FROM (VALUES ('x', 3, 4.0), ('y', 0, 2), ('z', 1, 0)) t(id, d0, d1)")
    assert np.allclose(from_file(wide, 3).vectors, UNIT)


def test_one_of_several_is_named(tmp_path, parquet):
    path = tmp_path / "two.npz"
    np.savez(path, first=VECTORS, second=VECTORS[:, ::-1])
    with pytest.raises(DataimpError, match="no array called") as caught:
        from_file(path, 3)
    assert "first, second" in caught.value.hint
    assert np.allclose(from_file(path, 3, column="second").vectors[0], [0.8, 0.6])
    columns = parquet("SELECT [n, 1.0] AS a, [1.0, n] AS b FROM range(3) t(n)")
    assert np.allclose(from_file(columns, 3, column="b").vectors[0], [1, 0])
    with pytest.raises(DataimpError, match='no column "c"'):
        from_file(columns, 3, column="c")


def test_values_that_are_not_finite_cost_a_row_only(tmp_path):
    values = np.vstack([VECTORS, [[np.inf, 1], [0, 0], [np.nan, np.nan]]]).astype(np.float64)
    np.save(tmp_path / "a.npy", values)
    found = from_file(tmp_path / "a.npy", 6)
    assert found.has_vector.tolist() == [True, True, True, False, False, False]
    assert "not finite" in found.missing[3]
    assert found.missing[5] == "No vector was given for it."


def test_very_large_and_very_small_numbers_keep_their_direction(tmp_path):
    np.save(tmp_path / "a.npy", np.array([[3e30, 4e30], [3e-30, 4e-30]], np.float32))
    assert np.allclose(from_file(tmp_path / "a.npy", 2).vectors, [[0.6, 0.8], [0.6, 0.8]])


def test_what_does_not_fit_is_refused_in_a_sentence(tmp_path, parquet):
    def saved(values):
        np.save(tmp_path / "a.npy", values)
        return tmp_path / "a.npy"

    cases = [
        (saved, np.ones((4, 2)), 3, "4 vectors, but there are 3"),
        (saved, np.ones(3), 3, "shape"),
        (saved, np.array([["a", "b"]] * 3), 3, "not one vector"),
        (saved, np.full((3, 2), np.nan), 3, "no vector that can be used"),
        (saved, np.zeros((3, 0)), 3, "0 numbers"),
        (saved, np.array([{"a": 1}], object), 1, "pickle"),
        (parquet, "SELECT [1.0] AS v UNION ALL SELECT [1.0, 2.0]", 2, "different lengths"),
        (parquet, "SELECT 'a' AS word", 1, "neither"),
    ]
    for write, content, count, said in cases:
        with pytest.raises(DataimpError, match=said):
            from_file(write(content), count)
    with pytest.raises(DataimpError, match="2 vectors, but there are 3"):
        from_file(saved(np.ones((2, 3))), 3)


def test_broken_absent_and_foreign_files_are_refused(tmp_path, parquet):
    cut = parquet("SELECT [1.0] AS v")
    cut.write_bytes(cut.read_bytes()[:-20])
    (tmp_path / "a.txt").write_text("0.1, 0.2")
    for path in (cut, tmp_path / "a.txt", tmp_path / "absent.npy", tmp_path):
        with pytest.raises(DataimpError):
            from_file(path, 1)


def test_ids_that_do_not_fit_are_refused(tmp_path):
    for ids, said in ((["a", "a", "b"], "more than once"), (["a", "b"], "2 ids"), (["p", "q", "r"], "None of the ids")):
        np.savez(tmp_path / "a.npz", vectors=VECTORS, ids=np.array(ids))
        with pytest.raises(DataimpError, match=said):
            from_file(tmp_path / "a.npz", 3, ids=["a", "b", "c"])


def test_a_column_of_lists_as_text_is_read():
    found = from_words(["[3, 4]", None, "", "[1.0,0]"], "mine", "It came with the data.")
    assert np.allclose(found.vectors[[0, 3]], UNIT[[0, 2]])
    assert list(found.missing) == [1, 2]
    for word in ("tea", "[1, 2", '["a"]', '{"a": 1}'):
        with pytest.raises(DataimpError, match="row 2"):
            from_words(["[1, 2]", word], "mine", "")
