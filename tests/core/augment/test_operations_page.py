"""The page that lists every operation is that of the table."""

import runpy
from pathlib import Path

from dataimp_gui.core.augment.operations import table

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_of_the_documentation_is_that_of_the_table():
    page = runpy.run_path(str(ROOT / "packaging" / "operations_page.py"))["page"]()
    written = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert written == page, "write it anew: .venv/bin/python packaging/operations_page.py"


def test_it_has_every_operation_with_its_parameters_and_what_happens_to_the_label():
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| ") and "`" in line}
    own = [each for each in table().values() if each.apply.__module__.startswith("dataimp_gui.")]
    assert set(rows) == {each.name for each in own}
    for each in own:
        assert each.keeps.value in rows[each.name]
        assert all(f"`{parameter.name}`: " in rows[each.name] for parameter in each.parameters)
