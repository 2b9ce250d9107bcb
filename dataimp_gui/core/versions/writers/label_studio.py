"""Label Studio tasks as JSON, with the labels as annotations, the files beside it, and the labelling interface.

Files are named as its local storage serves them, ``/data/local-files/?d=media/…``: set LOCAL_FILES_DOCUMENT_ROOT to the
folder of the export.
"""

import json
from typing import Final
from xml.sax.saxutils import quoteattr

from dataimp_gui.core.engine import literal
from dataimp_gui.core.model import Modality
from dataimp_gui.core.versions.outgoing import TABLE, Outgoing

LEVELS: Final = ()
TASKS: Final = "tasks.json"
CONFIG: Final = "label_config.xml"
PREFIX: Final = "/data/local-files/?d="

_KEYS: Final = {Modality.IMAGE: "image", Modality.AUDIO: "audio", Modality.TEXT: "text", Modality.TABLE: "row"}
_TAGS: Final = {Modality.IMAGE: "Image", Modality.AUDIO: "Audio", Modality.TEXT: "Text", Modality.TABLE: "Table"}


def base(_outgoing: Outgoing) -> str:
    return "media"


def has_files(outgoing: Outgoing) -> bool:
    return outgoing.has_media


def write(outgoing: Outgoing) -> None:
    key = _KEYS[outgoing.modality]
    outgoing.progress.phase("Writing tasks", outgoing.count)
    choice = json.dumps({"from_name": "label", "to_name": key, "type": "choices"}).removesuffix("}")
    annotations = (
        "CASE WHEN label IS NULL THEN '[]' ELSE "
        + literal(f'[{{"result":[{choice},"value":{{"choices":[')
        + " || json_text(label) || ']}}]}]' END"
    )
    data = outgoing.json_object(_data(outgoing, key))
    line = f"""CASE WHEN _place = 0 THEN ' ' ELSE ',' END || '{{"id":' || (_place + 1) || ',"data":' || {data}
        || ',"annotations":' || {annotations} || '}}'"""
    with (outgoing.folder / TASKS).open("w", encoding="utf-8", newline="") as out:
        out.write("[\n")
        out.writelines(outgoing.lines(line, f"(SELECT * FROM {TABLE} ORDER BY _place)"))
        out.write("]\n")
    (outgoing.folder / CONFIG).write_text(_interface(outgoing, key), encoding="utf-8", newline="\n")
    outgoing.notes["table"] = TASKS


def _data(outgoing: Outgoing, key: str) -> dict[str, str]:
    chosen = {name: sql for name, sql in outgoing.columns(media=key).items() if name != "label"}
    if outgoing.has_media:
        chosen[key] = f"{literal(PREFIX)} || replace(url_encode(_file), '%2F', '/')"
    return chosen


def _interface(outgoing: Outgoing, key: str) -> str:
    used = {row[0] for row in outgoing.engine.rows(f"SELECT DISTINCT label FROM {TABLE} WHERE label IS NOT NULL")}
    labels = [*outgoing.contract.classes, *sorted(used - set(outgoing.contract.classes))]
    choices = "".join(f"    <Choice value={quoteattr(label)}/>\n" for label in labels)
    shown = (
        "\n".join(f"  <Text name={quoteattr(name)} value={quoteattr(f'${name}')}/>" for name in outgoing.metadata)
        if outgoing.modality is Modality.TABLE
        else f'  <{_TAGS[outgoing.modality]} name="{key}" value="${key}"/>'
    )
    return f'<View>\n{shown}\n  <Choices name="label" toName="{key}" choice="single">\n{choices}  </Choices>\n</View>\n'
