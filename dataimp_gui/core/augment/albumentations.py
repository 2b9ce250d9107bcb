"""Policies as albumentations 2.0.8 writes and reads them, for the steps that it has too. The library is not needed.

Its files leave out the seed; ours have it beside the transforms, where `albumentations.from_dict` takes it.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dataimp_gui.core.augment.image.geometry import FAR
from dataimp_gui.core.augment.operations import find
from dataimp_gui.core.augment.policy import MOST_STEPS, Policy, Step, checked, chosen, fault, limits
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import DataimpError

VERSION: Final = "2.0.8"

_EVENLY: Final = "draws evenly instead of in ratios"
_SWAPS: Final = "takes red for blue while it encodes"
_TURNS_ALL: Final = "turns classes far, too, that it makes wrong, as digits and letters"
_FLIPS_ALL: Final = "flips classes too that it makes wrong, as digits and letters"


@dataclass(frozen=True, slots=True)
class Exported:
    """``document`` is what `albumentations.from_dict` takes. ``left_out`` and ``differs`` are sentences."""

    document: dict[str, Any]
    left_out: tuple[str, ...]
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """``left_out`` says which transforms have no counterpart here, or are set as ours cannot be."""

    policy: Policy
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Number:
    """A parameter times ``times`` plus ``plus`` is their argument; a dot in its name leads into a dictionary."""

    name: str
    arguments: tuple[str, ...]
    times: float = 1
    plus: float = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Match:
    """``fixed`` are arguments that say what our operation always does."""

    op: str
    theirs: str
    numbers: tuple[_Number, ...] = ()
    choices: Mapping[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    differs: str = ""


_EDGE: Final = {"edge": ("border_mode", {"mirrored": 4, "repeated": 1, "black": 0})}
_WARP: Final = {"fill": 0.0, "interpolation": 1}

_MATCHES: Final = (
    _Match("rotate", "Rotate", (_Number("angle", ("limit",)),), _EDGE, {**_WARP, "crop_border": False}),
    _Match(
        "affine",
        "Affine",
        (
            _Number("angle", ("rotate",)),
            _Number("factor", ("scale.x", "scale.y")),
            _Number("x", ("translate_percent.x",), 0.01),
            _Number("y", ("translate_percent.y",), 0.01),
            _Number("shear", ("shear.x",), -1),
        ),
        _EDGE,
        {**_WARP, "shear.y": [0.0, 0.0], "keep_ratio": True, "balanced_scale": False, "fit_output": False},
        "draws sizes evenly instead of in ratios and moves by whole pixels",
    ),
    _Match("flip_horizontal", "HorizontalFlip", differs=_FLIPS_ALL),
    _Match("flip_vertical", "VerticalFlip", differs=_FLIPS_ALL),
    _Match(
        "brightness",
        "RandomBrightnessContrast",
        (_Number("added", ("brightness_limit",)),),
        fixed={"contrast_limit": [0.0, 0.0], "brightness_by_max": True, "ensure_safe_range": False},
    ),
    _Match("dim", "MultiplicativeNoise", (_Number("gain", ("multiplier",)),), fixed={
        "per_channel": False, "elementwise": False,
    }),
    _Match("gamma", "RandomGamma", (_Number("gamma", ("gamma_limit",), 100),), differs=_EVENLY),
    _Match("saturation", "ColorJitter", (_Number("factor", ("saturation",)),), fixed={
        "brightness": [1.0, 1.0], "contrast": [1.0, 1.0], "hue": [0.0, 0.0],
    }),
    _Match("greyscale", "ToGray", fixed={"method": "weighted_average", "num_output_channels": 3}),
    _Match("invert", "InvertImg"),
    _Match("blur", "GaussianBlur", (_Number("radius", ("sigma_limit",)),), fixed={"blur_limit": [0, 0]}),
    _Match("median", "MedianBlur", (_Number("radius", ("blur_limit",), 2, 1, whole=True),)),
    _Match(
        "pixel_noise",
        "GaussNoise",
        (_Number("sigma", ("std_range",)),),
        fixed={"mean_range": [0.0, 0.0], "per_channel": True, "noise_scale_factor": 1.0},
    ),
    _Match("salt_and_pepper", "SaltAndPepper", (_Number("share", ("amount",), 0.01),), fixed={
        "salt_vs_pepper": [0.5, 0.5],
    }),
    _Match("jpeg", "ImageCompression", (_Number("quality", ("quality_range",), whole=True),), fixed={
        "compression_type": "jpeg",
    }, differs=_SWAPS),
    _Match("webp", "ImageCompression", (_Number("quality", ("quality_range",), whole=True),), fixed={
        "compression_type": "webp",
    }, differs=_SWAPS),
    _Match(
        "low_resolution",
        "Downscale",
        (_Number("factor", ("scale_range",)),),
        {"enlarged": ("interpolation_pair", {
            name: {"upscale": code, "downscale": 3} for name, code in (("smooth", 1), ("blocky", 0), ("sharp", 2))
        })},
    ),
)  # fmt: skip

_STILL: Final = {"angle": (0.0, 0.0), "factor": (1.0, 1.0), "x": (0.0, 0.0), "y": (0.0, 0.0), "shear": (0.0, 0.0)}
_AFFINE: Final = {"off_centre": {"x": "x", "y": "y"}, "scale": {"factor": "factor"}, "shear": {"angle": "shear"}}
"""Operations that are a part of `affine`, with what their numbers are called there."""


class _Unlike(Exception):
    """The sentence's end: why a step or transform has no counterpart."""


def export(policy: Policy) -> Exported:
    """Steps that are off are not in it. Raises DataimpError for a policy that is not for images, or cannot be done."""
    if policy.modality is not Modality.IMAGE:
        raise DataimpError(f"albumentations knows images, this policy is for {policy.modality.value}.")
    transforms, left_out, differs = [], [], []
    for step in checked(policy).steps:
        if not step.on:
            continue
        operation = find(step.op)
        try:
            match, transform = _exported(step)
        except _Unlike as why:
            left_out.append(f"{operation.title} {why}.")
            continue
        transforms.append(transform)
        turn = operation.parameter("angle")
        notes = [
            match.differs,
            "changes the labels too that the step leaves alone" if step.spare else "",
            _TURNS_ALL if turn and max(map(abs, limits(step, turn))) > FAR else "",
        ]
        differs += [f"{operation.title} {note} there." for note in notes if note]
    inner = {"__class_fullname__": "Compose", "p": 1.0, "transforms": transforms, "seed": policy.seed}
    return Exported({"__version__": VERSION, "transform": inner}, tuple(left_out), tuple(differs))


def snippet(policy: Policy) -> str:
    """Python that builds the transforms, with what is left out as comments. Raises as `export`."""
    made = export(policy)
    lines = ["import albumentations as A  # 2.0.8", ""]
    lines += [f"# {said}" for said in (*made.left_out, *made.differs)]
    lines += ["transform = A.Compose(", "    ["]
    for each in made.document["transform"]["transforms"]:
        arguments = ", ".join(f"{name}={_python(value)}" for name, value in each.items() if not name.startswith("_"))
        lines.append(f"        A.{each['__class_fullname__']}({arguments}),")
    return "\n".join([*lines, "    ],", f"    seed={policy.seed},", ")", ""])


def from_json(text: str | bytes, name: str) -> Imported:
    """What `albumentations.save` wrote as JSON. Raises DataimpError when it is nothing of the kind."""
    try:
        document = json.loads(text)
        inner = document["transform"]
        is_list = _class(inner) in ("Compose", "Sequential") and inner.get("p", 1) == 1  # else all or none is done
        transforms = inner["transforms"] if is_list else [inner]
        found = [(_class(each), each) for each in transforms]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataimpError(
            "This is not a file of albumentations.", hint="It is the JSON that albumentations.save writes."
        ) from error
    if len(found) > MOST_STEPS:
        raise DataimpError(f"A policy has at most {MOST_STEPS} steps, this file {len(found):,}.")
    steps, left_out = [], []
    for place, (theirs, transform) in enumerate(found):
        try:
            step = _imported(theirs, transform)
            wrong = fault(step, Modality.IMAGE, place)
        except _Unlike as why:
            left_out.append(f"{theirs} {why}.")
            continue
        if wrong:
            left_out.append(f"{theirs}: {wrong.message}")
        else:
            steps.append(step)
    seed = inner.get("seed")
    policy = Policy(name, Modality.IMAGE, seed if type(seed) is int else 42, tuple(steps))
    return Imported(policy, tuple(left_out))


def _exported(step: Step) -> tuple[_Match, dict[str, Any]]:
    step = _as_affine(step)
    match = next((each for each in _MATCHES if each.op == step.op), None)
    if match is None:
        raise _Unlike("has no counterpart that does the same")
    operation = find(step.op)
    transform: dict[str, Any] = {"__class_fullname__": match.theirs, "p": step.chance}
    for argument, value in match.fixed.items():
        _put(transform, argument, value)
    for parameter in operation.parameters:
        number = next((each for each in match.numbers if each.name == parameter.name), None)
        if number is not None:
            low, high = limits(step, parameter)
            if number.whole:
                high = math.floor(high)
                low = min(math.ceil(low), high)
            ends = sorted(each * number.times + number.plus for each in (low, high))
            for argument in number.arguments:
                _put(transform, argument, [round(each) if number.whole else round(each, 9) for each in ends])
        else:
            options = chosen(step, parameter)
            if len(options) > 1:
                raise _Unlike("chooses anew each time, which has no counterpart")
            argument, codes = match.choices[parameter.name]
            _put(transform, argument, codes[options[0]])
    return match, transform


def _as_affine(step: Step) -> Step:
    names = _AFFINE.get(step.op)
    if names is None:
        return step
    ranges = dict(_STILL)
    for parameter in find(step.op).parameters:
        if parameter.name in names:
            ranges[names[parameter.name]] = limits(step, parameter)
    return Step("affine", step.chance, step.on, ranges, step.choices, step.spare)


def _imported(theirs: str, transform: Mapping[str, Any]) -> Step:
    matches = [each for each in _MATCHES if each.theirs == theirs]
    if not matches:
        raise _Unlike("has no counterpart that does the same")
    for match in matches:
        try:
            if all(_at(transform, argument, value) == value for argument, value in match.fixed.items()):
                return _read(match, transform)
        except (KeyError, TypeError, ValueError, AttributeError, StopIteration, OverflowError):
            continue
    raise _Unlike("is set as no operation here can be")


def _read(match: _Match, transform: Mapping[str, Any]) -> Step:
    ranges = {}
    for number in match.numbers:
        given = [_at(transform, argument) for argument in number.arguments]
        low, high = given[0]
        if any(each != given[0] for each in given):
            raise ValueError
        ends = sorted(round((float(each) - number.plus) / number.times, 9) for each in (low, high))
        ranges[number.name] = (ends[0], ends[1])
    choices: dict[str, tuple[str, ...]] = {
        name: (next(ours for ours, code in codes.items() if code == _at(transform, argument)),)
        for name, (argument, codes) in match.choices.items()
    }
    return Step(match.op, float(transform.get("p", 1.0)), True, ranges, choices)


def _class(transform: Mapping[str, Any]) -> str:
    """Older files name the module too."""
    return str(transform["__class_fullname__"]).rpartition(".")[2][:60]


def _put(transform: dict[str, Any], argument: str, value: object) -> None:
    name, _, key = argument.partition(".")
    if key:
        transform.setdefault(name, {})[key] = value
    else:
        transform[name] = value


def _at(transform: Mapping[str, Any], argument: str, default: object = None) -> Any:
    name, _, key = argument.partition(".")
    inner = transform.get(name, {} if key else default)
    return inner.get(key, default) if key else inner


def _python(value: object) -> str:
    if isinstance(value, list):
        return f"({', '.join(map(_python, value))})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {_python(each)}' for key, each in value.items())}}}"
    return repr(value)
