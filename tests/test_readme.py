"""README.md tells the truth: its code runs, its commands work, its links lead somewhere.

- A ``python`` block runs; all of them share one namespace, top to bottom. Lines with ``>>>`` must
  print what the block says.
- A ``console`` block holds commands after ``$ `` and, below each, what it prints (``...`` stands
  for anything); a ``sh`` or ``bash`` block holds commands only. ``python -m`` of our packages and
  ``python -c`` run, in an empty folder; of ``make`` and ``pip install`` the target and the extra
  must exist; any other command fails the test, so that none goes unchecked by accident.
- ``<!-- not run: reason -->`` on the line before a block leaves that block out.
"""

import doctest
import os
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

FENCED = re.compile(
    r"(?:^<!-- not run: (?P<reason>[^\n]+?) -->\n+)?"
    r"^```(?P<language>\w+)[^\n]*\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
LINK = re.compile(r"\]\((?P<markdown>[^)\s]+)\)|(?:src|href)=\"(?P<html>[^\"]+)\"")


@dataclass(frozen=True)
class Block:
    """A fenced block of the README."""

    language: str
    text: str
    line: int
    reason: str | None


def blocks(text: str, *languages: str) -> list[Block]:
    """The blocks in any of the languages, in order, without those marked as not run."""
    found = [
        Block(m["language"], m["text"], text.count("\n", 0, m.start("text")), m["reason"])
        for m in FENCED.finditer(text)
    ]
    return [block for block in found if block.language in languages and not block.reason]


def commands(block: Block) -> list[tuple[str, str]]:
    """The commands of a block, each with the output shown below it ("" where none is)."""
    joined = block.text.replace("\\\n", "")
    if block.language == "console":
        parts = re.split(r"^\$ ", joined, flags=re.MULTILINE)
        assert not parts[0].strip(), f"README.md:{block.line}: output before the first command"
        pairs = [part.partition("\n") for part in parts[1:]]
        return [(command.strip(), output) for command, _, output in pairs]
    lines = (re.sub(r"\s+#\s.*", "", line).strip() for line in joined.splitlines())
    return [(line, "") for line in lines if line and not line.startswith("#")]


def run_python(block: Block, namespace: dict[str, object]) -> None:
    """Run one ``python`` block, as a doctest where it has prompts."""
    if ">>> " in block.text:
        test = doctest.DocTestParser().get_doctest(
            block.text, namespace, README.name, README.name, block.line
        )
        report: list[str] = []
        runner = doctest.DocTestRunner(optionflags=FLAGS)
        if runner.run(test, out=report.append, clear_globs=False).failed:
            pytest.fail("".join(report), pytrace=False)
        namespace.update(test.globs)
    else:
        # The newlines make a traceback name the README's own line.
        exec(compile("\n" * block.line + block.text, str(README), "exec"), namespace)


def run_command(command: str, expected: str, folder: Path) -> None:
    """Run one command of ours in `folder`, or check what it names; fail on an unknown one."""
    words = shlex.split(command)
    match words:
        case ["python", "-m", "autograd_core" | "nn", *_] | ["python", "-c", _]:
            environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
            done = subprocess.run(
                [sys.executable, *words[1:]],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
            if expected:
                same = doctest.OutputChecker().check_output(expected, done.stdout, FLAGS)
                assert same, f"$ {command}\nREADME.md:\n{expected}\nprinted:\n{done.stdout}"
        case ["make", *targets]:
            makefile = (ROOT / "Makefile").read_text()
            for target in targets:
                assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), command
        case ["pip", "install", *what] | ["python", "-m", "pip", "install", *what]:
            check_install(what)
        case ["git", "clone", *_] | ["cd", _]:
            pass
        case _:
            pytest.fail(f"README.md: this test knows no way to check `{command}`")


def check_install(what: list[str]) -> None:
    """Each thing to install is this project, and each extra named is one of its own."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    for item in what:
        form = re.fullmatch(r"(?:\.|autograd-core)(?:\[(?P<extras>[\w,]+)\])?|-e|--editable", item)
        assert form, f"pip install {item}: not this project"
        assert set((form["extras"] or "").split(",")) - {""} <= set(extras), item


@pytest.fixture(scope="module")
def text() -> str:
    return README.read_text()


def test_every_python_block_runs_top_to_bottom(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = blocks(text, "python")
    assert found, "README.md has no python block"
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in found:
        run_python(block, namespace)


def test_every_command_works(text: str, tmp_path: Path) -> None:
    found = blocks(text, "console", "sh", "bash", "shell")
    assert found, "README.md has no console block"
    for block in found:
        for command, expected in commands(block):
            run_command(command, expected, tmp_path)


def test_every_language_of_a_block_is_known(text: str) -> None:
    known = {"python", "console", "sh", "bash", "shell", "text", "toml", "latex", "math", "mermaid"}
    assert {match["language"] for match in FENCED.finditer(text)} <= known
    assert len(re.findall(r"^```", text, re.MULTILINE)) == 2 * len(FENCED.findall(text))


def test_every_link_to_a_file_leads_to_one(text: str) -> None:
    targets = {match["markdown"] or match["html"] for match in LINK.finditer(text)}
    files = {target for target in targets if not re.match(r"https?:|mailto:|#", target)}
    missing = {file for file in files if not (ROOT / file.partition("#")[0]).exists()}
    assert not missing


SAMPLE = """
# Title

```python
a = 20
```

<!-- not run: needs a folder of files -->

```console
$ python -m nn train mnist --data DIR
```

```python
>>> a + 1
22
```

```console
$ python -c "print('one'); \\
print(2)"
one
3
```

```sh
make test  # everything
rm -rf .
```
"""


def test_a_block_that_is_wrong_is_caught(tmp_path: Path) -> None:
    first, second = blocks(SAMPLE, "python")
    namespace: dict[str, object] = {}
    run_python(first, namespace)
    with pytest.raises(pytest.fail.Exception, match="22"):
        run_python(second, namespace)
    console, shell = blocks(SAMPLE, "console", "sh")
    [(command, expected)] = commands(console)
    run_command(command, "one\n2\n", tmp_path)
    with pytest.raises(AssertionError, match="printed"):
        run_command(command, expected, tmp_path)
    (known, _), (unknown, _) = commands(shell)
    assert known == "make test"
    run_command(known, "", tmp_path)
    with pytest.raises(pytest.fail.Exception, match="no way to check"):
        run_command(unknown, "", tmp_path)
    with pytest.raises(AssertionError, match="not this project"):
        run_command("pip install left-pad", "", tmp_path)
