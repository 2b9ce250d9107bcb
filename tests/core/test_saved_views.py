"""Views with a name: what survives, what is refused."""

import pytest

from dataimp_gui.core.project import Project
from dataimp_gui.core.views import View
from dataimp_gui.errors import DataimpError, ProjectError

ERRORS = View("Errors of shirts", "label = 'Shirt' and error", "confidence", True, "predicted", ("gallery",), "1")


@pytest.fixture
def project(shirts):
    with Project.open(shirts) as project:
        yield project


def names(project):
    return [view.name for view in project.views.all()]


def test_a_view_is_there_after_the_project_was_closed(shirts):
    with Project.open(shirts) as project:
        project.views.save(ERRORS)
    with Project.open(shirts, read_only=True) as project:
        assert project.views.all() == (ERRORS,)


def test_views_come_by_name_and_one_of_an_equal_name_is_replaced(project):
    for name in ("zebra", "Apple", "mango"):
        project.views.save(View(name))
    project.views.save(View(" mango ", "error"))
    assert names(project) == ["Apple", "mango", "zebra"]
    assert project.views.all()[1].where == "error"


def test_a_view_gets_another_name_but_not_that_of_another(project):
    project.views.save(ERRORS)
    project.views.save(View("All"))
    project.views.rename(ERRORS.name, "Shirts")
    assert names(project) == ["All", "Shirts"]
    with pytest.raises(DataimpError, match="already"):
        project.views.rename("Shirts", "All")
    assert names(project) == ["All", "Shirts"]


def test_a_removed_view_can_be_saved_again(project):
    project.views.save(ERRORS)
    gone = project.views.remove(ERRORS.name)
    assert names(project) == []
    project.views.save(gone)
    assert project.views.all() == (ERRORS,)
    with pytest.raises(DataimpError, match="No view is called"):
        project.views.remove("Nothing")


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "a\0b"])
def test_a_name_must_be_a_line_with_something_to_see(project, name):
    with pytest.raises(DataimpError):
        project.views.save(View(name))
    assert names(project) == []


def test_a_read_only_project_says_that_its_views_stay(shirts):
    with Project.open(shirts, read_only=True) as project, pytest.raises(ProjectError, match="read-only"):
        project.views.save(ERRORS)


def test_what_was_damaged_is_said_in_a_sentence(project):
    project.database.put("views", '[{"name": 3}]')
    with pytest.raises(ProjectError, match="cannot be read"):
        project.views.all()
