"""What many tests start from: a small dataset as files, and the project that its import makes."""

import csv
import logging

import numpy as np
import pytest

CLASSES = ("Bag", "Coat", "Shirt")


@pytest.fixture(autouse=True)
def _no_warning_goes_unseen(caplog):
    """A test that logs a warning nobody asked for has found something."""
    yield
    loud = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    assert not loud, f"logged: {loud}"


@pytest.fixture(autouse=True)
def _known_author(monkeypatch):
    monkeypatch.setenv("DATAIMP_AUTHOR", "mira")


@pytest.fixture(scope="session")
def shirts_files(tmp_path_factory):
    """dataset.csv (60 rows, a table) and predictions.csv with class probabilities; every fourth prediction is wrong."""
    folder = tmp_path_factory.mktemp("shirts")
    rng = np.random.default_rng(5)
    dataset, predictions = folder / "dataset.csv", folder / "predictions.csv"
    with dataset.open("w", newline="") as data, predictions.open("w", newline="") as said:
        rows, runs = csv.writer(data), csv.writer(said)
        rows.writerow(["id", "label", "split", "brightness", "camera"])
        runs.writerow(["id", *CLASSES])
        for number in range(60):
            label = CLASSES[number % 3]
            split = ("train", "val", "test")[number // 20]
            rows.writerow([f"{number:03d}", label, split, round(number / 60, 3), "phone" if number % 2 else "studio"])
            probabilities = rng.dirichlet(np.ones(3)) * 0.3
            probabilities[(number + (number % 4 == 0)) % 3] += 0.7
            runs.writerow([f"{number:03d}", *(round(float(p), 6) for p in probabilities)])
    return dataset, predictions


@pytest.fixture
def shirts(shirts_files, tmp_path):
    """The project of `shirts_files`, freshly imported; its folder."""
    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.progress import Progress

    dataset, predictions = shirts_files
    import_dataset(dataset, tmp_path / "shirts.dataimp", ImportOptions(predictions=(predictions,)), Progress())
    return tmp_path / "shirts.dataimp"
