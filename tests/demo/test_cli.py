import stat
from pathlib import Path

from flask import Flask

from tests.pages import Visitor


def _logins(app: Flask) -> Path:
    return Path(app.config["INSTANCE_DIR"]) / "demo-logins.txt"


def test_command_prints_log_ins_that_work_and_keeps_them_for_the_owner(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "--participants", "3"])
    assert result.exit_code == 0
    address, organiser, _staff = result.output.splitlines()
    assert address == "http://localhost/leipzig/"
    assert stat.S_IMODE(_logins(app).stat().st_mode) == 0o600
    assert _logins(app).read_text().splitlines() == result.output.splitlines()[1:]
    role, email, password = organiser.split("\t")
    assert role == "organiser"
    visitor = Visitor(app)
    visitor.submit(visitor.get("/login"), {"email": email, "password": password})
    assert "3" in visitor.get("/leipzig/desk/").text()


def test_a_second_time_the_command_is_refused_with_one_line(app: Flask) -> None:
    runner = app.test_cli_runner()
    runner.invoke(args=["demo", "--participants", "0"])
    kept = _logins(app).read_text()
    result = runner.invoke(args=["demo"])
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert _logins(app).read_text() == kept


def test_wrong_usage_is_status_2(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["demo", "--participants", "-1"]).exit_code == 2
