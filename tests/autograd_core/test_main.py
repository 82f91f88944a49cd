"""``python -m autograd_core``: what it prints, what it refuses, how it ends."""

import io
import subprocess
import sys

import pytest

from autograd_core import Tensor
from autograd_core.__main__ import main
from autograd_core.visualize.explaining import explain


@pytest.fixture
def run(capsys):
    def run(*arguments):
        code = main(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_value_gradients_and_steps(run):
    code, out, err = run("tanh(x*w + b)", "x=2", "w=-3", "b=6.88")
    assert (code, err) == (0, "")
    assert out == (
        "tanh(x*w + b) = 0.7064193204\n"
        "\n"
        "gradients\n"
        "  d/dx = -1.502915231\n"
        "  d/dw =  1.001943488\n"
        "  d/db =  0.5009717438\n"
        "\n"
        "step               value   gradient\n"
        "x                2         -1.5029\n"
        "w               -3          1.0019\n"
        "b                6.88       0.50097\n"
        "v3 = x × w      -6          0.50097\n"
        "v4 = v3 + b      0.88       0.50097\n"
        "v5 = tanh(v4)    0.70642    1\n"
    )


@pytest.mark.parametrize(
    ("name", "start"), [("o.svg", b"<?xml"), ("o.png", b"\x89PNG"), ("o.dot", b"digraph")]
)
def test_draw(run, tmp_path, name, start):
    path = tmp_path / "out" / name
    code, out, _ = run("x*w", "--draw", str(path), "x=2", "w=-3")
    assert code == 0
    assert out.endswith(f"\nwrote {path}\n")
    assert path.read_bytes().startswith(start)


def test_as_a_process(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "autograd_core", "x**2", "x=1e-3", "--draw", tmp_path / "a.svg"],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", "PATH": ""},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("x**2 = 1e-6\n\ngradients\n  d/dx = 0.002\n")
    assert (tmp_path / "a.svg").exists()


def test_a_terminal_without_the_signs(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    assert main(["x*x", "x=2"]) == 0
    sys.stdout.flush()
    assert b"v1 = x ? x" in written.getvalue()


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (("-x**2", "x=3"), "-x**2 = -9"),
        (("-e", "e=3"), "-e = -3"),
        (("x", "x=-3"), "x = -3"),
        (("x", "x = -3"), "x = -3"),
        (("x", "x=1e-3"), "x = 0.001"),
        (("x", "x=pi/4"), "x = 0.7853981634"),
        (("2+2",), "2+2 = 4"),
    ],
)
def test_values(run, arguments, value):
    code, out, _ = run(*arguments)
    assert code == 0
    assert out.splitlines()[0] == value


def test_notes(run):
    _, out, _ = run("2+2")
    assert out.endswith("\n\nnote: the formula has no variables, so there is no gradient\n")
    _, out, _ = run("2*x", "x=1", "y=2", "z=3")
    assert out.endswith("\n\nnote: not used in the formula: y, z\n")
    _, out, _ = run("1/0")
    assert out.startswith("1/0 = inf\n\nnote: the value is not a finite number\n")


def test_infinity_is_explained(run):
    code, out, err = run("1/x + y", "x=0", "y=1")
    assert (code, err) == (0, "")
    assert out.startswith("1/x + y = inf\n")
    assert out.endswith(
        "note: the value stops being a finite number at v2 = 1 ÷ x: inf\n"
        "note: going back, the gradient stops being a finite number at x: -inf\n"
    )
    _, out, _ = run("x*2", "x=1e400")
    assert "note: the value stops being a finite number at x: inf\n" in out


def test_help_teaches(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    for text in ("FORMULA", "NAME=VALUE", "--draw FILE", "sigmoid", "chain rule", "pi and e"):
        assert text in out
    assert max(map(len, out.splitlines())) <= 80


TRY = "\ntry: python -m autograd_core --help\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            (),
            'error: the formula is missing; it comes first, in quotes: "x*w + b" x=2 w=-3 b=1'
            + TRY,
        ),
        (
            ("x=2",),
            'error: the formula is missing; it comes first, in quotes: "x*w + b" x=2 w=-3 b=1'
            + TRY,
        ),
        (("x", "--drw", "a"), "error: unknown option --drw; did you mean --draw?" + TRY),
        (("x", "--quiet"), "error: unknown option --quiet" + TRY),
        (("x", "--draw"), "error: argument --draw: expected one argument" + TRY),
        (
            ("x*y", "x=1"),
            "error: unknown variable 'y'; give it on the command line: y=1.0\n  x*y\n    ^\n",
        ),
        (
            ("x*tahn(x)", "x=1"),
            "error: unknown function 'tahn'; did you mean 'tanh'?\n  x*tahn(x)\n    ^^^^\n",
        ),
        (
            ("x", "x=2y"),
            "error: the value of 'x' is not a number: to multiply, write 2*y\n  2y\n  ^^\n",
        ),
        (
            ("x", "x="),
            "error: 'x' is given no value; write a number behind the =, such as x=1.0\n",
        ),
        (
            ("x", "x"),
            (
                "error: 'x' is not of the form NAME=VALUE, such as x=1.0"
                " (put the formula in quotes if it contains blanks)\n"
            ),
        ),
        (
            ("x", "2=x"),
            "error: '2' is not a name for a variable: use letters, such as x=1.0\n",
        ),
        (("x", "x=1", "x=2"), "error: 'x' is given twice\n"),
        (
            ("x", "x=1", "--draw", "a.pdf"),
            "error: A picture is saved as .dot, .gv, .svg or .png; 'a.pdf' ends in '.pdf'.\n",
        ),
        (
            ("2+2", "--draw", "a.svg"),
            "error: there is no graph to draw: the formula has no variables\n",
        ),
    ],
)
def test_usage_errors(run, arguments, message):
    code, _, err = run(*arguments)
    assert (code, err) == (2, message)


def test_a_picture_that_cannot_be_written(run, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = run("x", "x=1", "--draw", str(tmp_path / "file" / "a.svg"))
    assert code == 2
    assert err.startswith("error: ")


def test_steps_explains_each_step(run):
    code, out, err = run("x*w", "x=2", "w=-3", "--steps")
    assert (code, err) == (0, "")
    assert out.startswith("x*w = -6\n\ngradients\n  d/dx = -3\n  d/dw =  2\n")
    assert "runpy" not in out
    names = {"x": Tensor(2.0, name="x"), "w": Tensor(-3.0, name="w")}
    text = explain(names["x"] * names["w"], names=names).text
    reverse = text[text.index("Reverse") :]
    assert reverse in out
    assert "gradient\n" not in out.partition("Reverse")[0]  # the usual table has that column


def test_latex_prints_nothing_but_latex(run):
    code, out, err = run("x*w", "x=2", "w=-3", "--latex")
    assert (code, err) == (0, "")
    assert out.startswith("% The values")
    assert r"\bar{x} &= \bar{v}_{2} \cdot w = 1 \cdot (-3) = -3" in out
    assert out.endswith("\\end{align*}\n")


def test_html_writes_a_page(run, tmp_path):
    path = tmp_path / "new" / "steps.html"
    code, out, _ = run("x*w", "x=2", "w=-3", "--html", str(path))
    assert code == 0
    assert out.endswith(f"\nwrote {path}\n")
    assert path.read_text(encoding="utf-8").lower().startswith("<!doctype html>")


def test_all_outputs_at_once(run, tmp_path):
    page, picture = tmp_path / "a.HTML", tmp_path / "a.svg"
    code, out, _ = run("x*x", "x=2", "--latex", "--html", str(page), "--draw", str(picture))
    assert code == 0
    assert out.endswith(f"% wrote {picture}\n% wrote {page}\n")
    assert page.exists()
    assert picture.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("x*x", "x=oops", "--html", "a.svg"), "ends in .html, unlike 'a.svg'"),
        (("x*x", "x=2", "--html", "steps"), "ends in .html, unlike 'steps'"),
        (("x*x", "x=2", "--html", ""), "ends in .html, unlike ''"),
        (("x*x", "x=2", "--html"), "expected one argument"),
        (("x*x", "x=2", "--latex", "--steps"), "choose one"),
        (("1+1", "--latex"), "there are no steps to explain: the formula has no variables"),
        (("1+1", "--html", "a.html"), "there are no steps to explain"),
        (("x*x", "x=2", "--step"), "did you mean --steps?"),
        (("x*x", "x=2", "--htm=a.html"), "did you mean --html?"),
    ],
)
def test_steps_latex_and_html_refuse_with_a_remedy(run, monkeypatch, tmp_path, arguments, message):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert not list(tmp_path.iterdir())
