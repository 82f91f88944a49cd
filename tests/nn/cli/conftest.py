"""What the tests of the command line share: tables on disk, and a model that was trained on one."""

import csv
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from nn.cli import main
from tests.nn.cli.flowers import HEADER, flowers


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a table: a header and rows, or text as it is."""

    def written(name: str, content: str | list[list[object]], header: list[str] = HEADER) -> Path:
        path = tmp_path / name
        if isinstance(content, str):
            path.write_bytes(content.encode())
            return path
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *content])
        return path

    return written


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes longer than training; nothing is drawn."""
    for name in ("learning_curves", "confusion_picture", "predicted_against_true"):
        monkeypatch.setattr(f"nn.report.{name}", lambda *_arguments: None)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., SimpleNamespace]:
    """Run a command: its exit status, what it printed, and what it said beside that."""

    def ran(*arguments: object) -> SimpleNamespace:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return SimpleNamespace(status=status, out=captured.out, err=captured.err)

    return ran


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A small model of flowers, for those who only read it."""
    folder = tmp_path_factory.mktemp("trained")
    table = folder / "flowers.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *flowers()])
    arguments = ["train", str(table), "--target", "species", "--out", str(folder / "model")]
    assert main([*arguments, "--epochs", "60", "--hidden", "8", "--no-progress"]) == 0
    return SimpleNamespace(table=table, model=folder / "model")
