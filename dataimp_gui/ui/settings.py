"""What a person can adjust: a dataclass holds types, defaults and labels; a file holds what differs."""

import getpass
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_type_hints

import platformdirs

NAME: Final = "settings.json"


def config_folder() -> Path:
    """Where settings, recent projects and the window's geometry are kept for this person."""
    return platformdirs.user_config_path("dataimp", appauthor=False)


def _login() -> str:
    try:
        return getpass.getuser()
    except OSError:  # no name for this user id, as in a bare container
        return ""


def _setting(
    default: Any,
    label: str,
    note: str = "",
    *,
    low: float = 0,
    high: float = 0,
    step: int = 10,
    empty: Callable[[], str] | None = None,
) -> Any:
    """``empty`` says what is used while nothing is given."""
    about = {"label": label, "note": note, "low": low, "high": high, "step": step, "empty": empty}
    return field(default=default, metadata=about)


@dataclass(frozen=True, slots=True)
class Settings:
    theme: Literal["system", "light", "dark"] = _setting("system", "Theme", "System follows the desktop")
    font_scale: int = _setting(100, "Text size", "Percent of the system text size", low=80, high=200)
    author: str = _setting("", "Your name", "Written beside every edit and version", empty=_login)
    tile_size: int = _setting(104, "Thumbnail size", "Width of a picture or a clip in the gallery", low=48, high=512)
    text_tile_size: int = _setting(200, "Text tile size", "Width of a text or a row in the gallery", low=48, high=512)

    preview: bool = _setting(True, "Preview", "A small tile is shown larger while the mouse rests on it")

    measure_most: int = _setting(
        100_000,
        "Measure by itself up to",
        "Examples. Brightness, loudness, length and so on are measured after opening; 0 is never",
        high=10_000_000,
        step=10_000,
    )

    keys: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # of actions that have others than at first, by id

    @property
    def signature(self) -> str:
        """The name that edits are signed with."""
        return self.author.strip() or _login()


def load(folder: Path) -> Settings:
    """What is saved in ``folder``; a file that is damaged, or a value of the wrong kind, counts as not saved."""
    try:
        saved = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(saved, dict):
        return Settings()
    hints = get_type_hints(Settings)
    plain = [f.name for f in fields(Settings) if f.metadata and f.name in saved]
    good = {name: saved[name] for name in plain if _fits(saved[name], hints[name])}
    good["keys"] = _keys(saved.get("keys"))
    for f in fields(Settings):
        if f.metadata.get("high") and f.name in good:
            good[f.name] = min(max(good[f.name], int(f.metadata["low"])), int(f.metadata["high"]))
    return Settings(**good)


def save(settings: Settings, folder: Path) -> None:
    """Write only what differs from the defaults, all or nothing."""
    default = asdict(Settings())
    differing = {name: value for name, value in asdict(settings).items() if value != default[name]}
    replace_text(folder / NAME, json.dumps(differing, indent=2, ensure_ascii=False))


def replace_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text, "utf-8")
    os.replace(part, path)


def _keys(saved: object) -> dict[str, tuple[str, ...]]:
    """What of it has the right form."""
    found = saved.items() if isinstance(saved, dict) else ()
    lists = {id_: keys for id_, keys in found if isinstance(keys, list)}
    return {id_: tuple(keys) for id_, keys in lists.items() if all(isinstance(key, str) for key in keys)}


def _fits(value: object, kind: Any) -> bool:
    if choices := get_args(kind):
        return value in choices
    return type(value) is kind
