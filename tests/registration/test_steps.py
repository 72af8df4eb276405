"""The steps of the form are declared in one place."""

import ast
from pathlib import Path

from app.registration.forms import DetailsForm
from app.registration.steps import STEPS
from app.workshops.models import Workshop

ROOT = Path(__file__).parents[2]
DECLARED_IN = {Path("app/registration/steps.py"), Path("app/registration/forms.py")}


def test_the_form_with_everything_asks_what_the_steps_ask(workshop: Workshop) -> None:
    asked = [f.name for step in STEPS for f in step.form(workshop, meta={"csrf": False})]

    whole = [f.name for f in DetailsForm(workshop, meta={"csrf": False})]

    assert len(asked) == len(set(asked)) > 15
    assert set(whole) == set(asked)


def test_each_step_has_its_template_and_words() -> None:
    for step in STEPS:
        assert (ROOT / "templates" / step.template).is_file()
        assert step.title
        assert step.heading


def test_no_other_module_knows_the_steps_by_name() -> None:
    kinds = {step.form.__name__ for step in STEPS}
    naming = {
        path.relative_to(ROOT)
        for path in (ROOT / "app").rglob("*.py")
        if "app.registration.forms" in path.read_text()
        or path.parent == ROOT / "app" / "registration"
        if kinds
        & {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
    }

    assert naming == DECLARED_IN


def test_no_template_lists_the_steps() -> None:
    own = {f'registration/_{step.name}.html"' for step in STEPS}
    listing = [
        path
        for path in (ROOT / "templates").rglob("*.html")
        if any(name in path.read_text() for name in own)
    ]

    assert listing == []
