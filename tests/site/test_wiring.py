"""What features add is named where the application is put together."""

from pathlib import Path

from app import factory


def test_each_module_of_jobs_is_named(root: Path) -> None:
    """A job that nobody imports is never done."""
    there = {f"app.{path.parent.name}.tasks" for path in (root / "app").glob("*/tasks.py")}

    assert there == {module.__name__ for module in factory.TASKS}
