"""Fixtures for tests of versions."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from version_places import PNG, Make, Place, Rows, new_project

from dataimp_gui.core.model import Modality


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """make(rows, modality="image", name="p", metadata={"column": "number"}, root=...) -> Place

    A row has an id, and maybe label, split, media (with `bytes`, which are written), text and metadata.
    """
    places: list[Place] = []

    def make(
        rows: Rows,
        modality: str = "image",
        name: str = "p",
        metadata: Mapping[str, str] | None = None,
        root: Path | None = None,
    ) -> Place:
        folder = tmp_path / f"{name}.dataimp"
        root = root or tmp_path / f"{name}-media"
        contract = new_project(folder, rows, Modality(modality), root, metadata or {})
        places.append(Place(folder, contract))
        return places[-1]

    yield make
    for place in places:
        place.database.close()


@pytest.fixture
def animals(make: Make) -> Place:
    """Six pictures: three cats and two dogs in train and test, one without label and split."""
    return make(
        [
            {"id": "cat/1.png", "label": "cat", "split": "train", "bytes": PNG + b"one", "brightness": 0.5},
            {"id": "cat/2.png", "label": "cat", "split": "train", "bytes": PNG + b"two", "brightness": 1e-07},
            {"id": "cat/3.png", "label": "cat", "split": "test", "bytes": PNG + b"three", "brightness": None},
            {"id": "dog/1.png", "label": "dog", "split": "train", "bytes": PNG + b"four", "brightness": float("nan")},
            {"id": "dog/2.png", "label": "dog", "split": "test", "bytes": PNG + b"five", "brightness": 1e300},
            {"id": "new/1.png", "bytes": PNG + b"six", "brightness": -3.0},
        ],
        metadata={"brightness": "number"},
    )
