"""Commands that share their work out on a Dask cluster: with a real scheduler and a real worker."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

import dataimp_gui

DASK = Path(sys.executable).with_name("dask")
POLICY = {"name": "Dim", "modality": "image", "seed": 5, "steps": [{"op": "dim"}, {"op": "pixel_noise"}]}


class Cluster:
    def __init__(self, folder):
        self._folder, self._told = folder, folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0")
        wait_for(lambda: self._told.is_file() and self._told.read_text().strip().endswith("}"))
        self.address = json.loads(self._told.read_text())["address"]
        self.workers = []

    def add_worker(self):
        arguments = ("--nthreads", "2", "--no-nanny", "--local-directory", str(self._folder))
        self.workers.append(self._start("worker", *arguments))
        wait_for(lambda: b"Registered to:" in (self._folder / "worker.log").read_bytes())

    def stop(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, part, *arguments):
        with (self._folder / f"{part}.log").open("wb") as log:
            return subprocess.Popen(
                [DASK, part, *arguments, "--scheduler-file", self._told, "--no-dashboard"],
                stdout=log,
                stderr=log,
                cwd=self._folder,  # what is read elsewhere has no relative path
            )


@pytest.fixture
def cluster(tmp_path_factory):
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    yield found
    found.stop()


@pytest.fixture
def photos(tmp_path):
    rng = np.random.default_rng(1)
    for number in range(40):
        file = tmp_path / "photos" / "train" / ("cat", "dog")[number % 2] / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(file), rng.integers(0, 256, (24, 24, 3), np.uint8))
    (tmp_path / "photos" / "train" / "cat" / "0.png").write_bytes(b"no picture")
    (tmp_path / "dim.json").write_text(json.dumps(POLICY))
    return tmp_path


def dataimp(folder, *arguments, wait=True):
    process = subprocess.Popen(
        [sys.executable, "-m", "dataimp_gui", *map(str, arguments)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if not wait:
        return process
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def writing(photos, cluster):
    """A run of a minute that has just begun to write."""
    cluster.add_worker()
    assert dataimp(photos, "import", "photos", "a.dataimp")[0] == 0
    command = ("augment", "a.dataimp", "--policy", "dim.json", "--write", 500, "--scheduler", cluster.address)
    running = dataimp(photos, *command, wait=False)
    wait_for(lambda: len(files(photos / "a.dataimp" / "objects")) > 20)
    return running


def wait_for(fact):
    end = time.monotonic() + 60
    while not fact():
        assert time.monotonic() < end
        time.sleep(0.05)


def content(folder, name):
    with dataimp_gui.open(folder / name, read_only=True) as project:
        rows = project.rows("")
        vectors = project.analysis.embedding.vectors
        return (
            project.ids(rows),
            [len(project.quarantine()), *project.classes],
            vectors,
            files(folder / name / "objects"),
        )


def files(folder):
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


def test_a_cluster_makes_what_this_machine_makes(cluster, photos):
    cluster.add_worker()
    found = []
    for name, how in (("here.dataimp", ()), ("there.dataimp", ("--scheduler", cluster.address))):
        for command in (
            ("import", "photos", name),
            ("embed", name, "--name", "gradients"),
            ("augment", name, "--policy", "dim.json", "--write", 2),
        ):
            code, _, err = dataimp(photos, *command, *how)
            assert (code, err) == (0, "")
        found.append(content(photos, name))
    (ids, counts, vectors, made), (ids_there, counts_there, vectors_there, made_there) = found
    assert ids == ids_there
    assert len(ids) == 39 * 3
    assert counts == counts_there == [1, "cat", "dog"]
    np.testing.assert_array_equal(vectors, vectors_there)
    assert made == made_there
    assert len(made) == 39 * 2


def test_a_cluster_that_is_not_there_is_said_in_a_sentence(cluster, photos):
    code, _, err = dataimp(photos, "import", "photos", "a.dataimp", "--scheduler", "tcp://127.0.0.1:9")
    assert code == 2
    assert err.startswith("dataimp: error: No Dask scheduler answers at tcp://127.0.0.1:9.")
    code, _, err = dataimp(photos, "import", "photos", "a.dataimp", "--scheduler", cluster.address)
    assert code == 2
    assert err.startswith(f"dataimp: error: The Dask scheduler at {cluster.address} has no workers.")
    assert not (photos / "a.dataimp").exists()


def test_a_folder_that_the_workers_do_not_see_is_named(cluster, photos):
    cluster.add_worker()
    opened = os.open(photos, os.O_RDONLY)  # its path leads somewhere in the process alone that has it open
    unseen = f"/proc/self/fd/{opened}/a.dataimp"
    try:
        process = subprocess.run(
            [sys.executable, "-m", "dataimp_gui", "import", "photos", unseen, "--scheduler", cluster.address],
            cwd=photos,
            pass_fds=(opened,),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        os.close(opened)
    assert process.returncode == 2
    assert f"does not see the folder /proc/self/fd/{opened}" in process.stderr


def test_when_the_cluster_goes_nothing_is_half_done(cluster, photos):
    running = writing(photos, cluster)
    cluster.stop()
    _, err = running.communicate(timeout=120)
    assert running.returncode == 2
    assert err.startswith(f"dataimp: error: The cluster at {cluster.address} ")
    assert "Traceback" not in err
    assert files(photos / "a.dataimp" / "objects") == []
    with dataimp_gui.open(photos / "a.dataimp", read_only=True) as project:
        assert project.count == 39


def test_ctrl_c_takes_the_work_back_from_the_cluster(cluster, photos):
    running = writing(photos, cluster)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode != 0
    assert "Traceback" not in err
    code, out, err = dataimp(
        photos, "augment", "a.dataimp", "--policy", "dim.json", "--write", 1, "--scheduler", cluster.address, "--json"
    )
    assert (code, err) == (0, "")
    assert json.loads(out)["written"] == 39
