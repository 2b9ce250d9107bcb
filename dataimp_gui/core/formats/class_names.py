"""What a Hugging Face dataset calls its classes: in the Parquet schema, its info files, or the head of its README."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from dataimp_gui.core.engine import Engine, EngineError, file_literal

_MOST_BYTES: Final = 16 * 2**20
_INFO_FILES: Final = ("dataset_info.json", "dataset_infos.json")
_NAME: Final = re.compile(r"""\s*-\s+name:\s*(.+?)\s*""")
_NAMED: Final = re.compile(r"""\s*(?:['"]?\d+['"]?\s*:|-)\s*(.+?)\s*""")


def find(root: Path, first: Path, engine: Engine) -> dict[str, tuple[str, ...]]:
    """Class names by column, in the order of their numbers; what is malformed counts as not said.

    ``first`` is the first file of rows under ``root``.
    """
    found: dict[str, tuple[str, ...]] = {}
    if first.suffix.lower() == ".parquet":
        found = _of_parquet(first, engine)
    for folder in dict.fromkeys((first.parent, root)):
        for name in _INFO_FILES:
            found = _of_json(_read(folder / name)) | found
    return _of_readme(_read(root / "README.md")) | found


def _of_parquet(path: Path, engine: Engine) -> dict[str, tuple[str, ...]]:
    sql = f"SELECT value FROM parquet_kv_metadata({file_literal(path)}) WHERE key::VARCHAR = 'huggingface'"
    try:
        value = engine.value(sql)
    except EngineError:
        return {}
    return _of_json(value) if isinstance(value, bytes) else {}


def _of_json(data: bytes) -> dict[str, tuple[str, ...]]:
    """From {"features": ...}, {"info": {"features": ...}} or {configuration: {"features": ...}}."""
    try:
        value = msgspec.json.decode(data) if data else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    infos = [value, *value.values()]
    features = next((each["features"] for each in infos if isinstance(each, dict) and "features" in each), None)
    if not isinstance(features, dict):
        return {}
    return {name: names for name, feature in features.items() if (names := _of_feature(feature))}


def _of_feature(feature: Any) -> tuple[str, ...]:
    if not isinstance(feature, Mapping) or feature.get("_type") != "ClassLabel":
        return ()
    names = feature.get("names")
    return tuple(names) if isinstance(names, list) and all(isinstance(name, str) for name in names) else ()


def _of_readme(data: bytes) -> dict[str, tuple[str, ...]]:
    """From the lines `- name: label`, `class_label:`, `names:` and the list below, in the YAML between two `---`."""
    lines = data.decode("utf-8", "replace").splitlines()
    if not lines or lines[0].strip() != "---":
        return {}
    found: dict[str, list[str]] = {}
    column, listed, indent = "", False, 0
    for line in lines[1:]:
        if line.strip() == "---":
            break
        depth = len(line) - len(line.lstrip())
        if listed and (entry := _NAMED.fullmatch(line)) and depth >= indent and not _NAME.fullmatch(line):
            found[column].append(_unquoted(entry[1]))
            continue
        listed = False
        if named := _NAME.fullmatch(line):
            column = _unquoted(named[1])
        elif line.strip() == "names:" and column and column not in found:
            found[column], listed, indent = [], True, depth
    return {name: tuple(names) for name, names in found.items() if names}


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError:
        return b""
    return data if len(data) <= _MOST_BYTES else b""
