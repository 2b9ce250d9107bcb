"""The same data are the same version in another folder, time zone and language of the system."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from version_places import contents

TOLD = {"version.json", "DATACARD.md", "DATACARD.html", "SHA256SUMS"}  # of when, by whom and with which message
LINES = [
    "id,text,label,taken",
    *(f'{n},"é {n / 7}",{"ab"[n % 2]},2020-03-{n + 1:02d}T0{n % 9}:30:00' for n in range(28)),
]


def call(place: dict[str, str], *arguments: object) -> Any:
    command = [sys.executable, "-m", "dataimp_gui", *map(str, arguments), "--json"]
    done = subprocess.run(command, env=os.environ | place, capture_output=True, check=True)
    return json.loads(done.stdout)


def test_a_version_made_elsewhere_has_the_same_content_id_and_its_export_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for folder, place in (("here", {"TZ": "Asia/Tokyo"}), ("far/away", {"TZ": "America/Los_Angeles", "LC_ALL": "C"})):
        root = tmp_path / folder
        root.mkdir(parents=True)
        (root / "table.csv").write_text("\n".join(LINES), encoding="utf-8")
        call(place, "import", root / "table.csv", root / "p.dataimp")
        content = call(place, "commit", root / "p.dataimp", "-m", folder)["content"]
        call(place, "export", root / "p.dataimp", "v1", root / "out", "--format", "parquet")
        made.append((content, {name: data for name, data in contents(root / "out").items() if name not in TOLD}))
    assert made[0] == made[1]
