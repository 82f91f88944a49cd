"""The house keeps its shape: light imports, one direction, small files, whole packages."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib import metadata
from pathlib import Path

import pytest

import autograd_core
import nn

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("autograd_core", "nn")
FILES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

# Loaded by the first call that needs them, and never by `import autograd_core, nn`.
HEAVY = (
    "IPython",
    "dask",
    "graphviz",
    "graphviz_pure",
    "matplotlib",
    "onnx",
    "pandas",
    "safetensors",
    "scipy",
    "sklearn",
    "torch",
    "tqdm",
)


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file: Path) -> Iterator[tuple[str, ast.stmt]]:
    """What a file imports when it is loaded: (dotted name, statement), for types only left out.

    ``from a.b import c`` gives ``a.b.c`` where that is one of our modules, else ``a.b``.
    """
    tree = ast.parse(file.read_text(), str(file))
    typing_only = {
        inner
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for statement in block.body
        for inner in ast.walk(statement)
    }
    package = module_name(file) if file.stem == "__init__" else module_name(file).rpartition(".")[0]
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            source = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                yield (inner if inner in MODULES else source), node


MODULES = {module_name(file): file for file in FILES}


@pytest.fixture(params=FILES, ids=lambda file: str(file.relative_to(ROOT)))
def file(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_importing_the_packages_loads_nothing_heavy() -> None:
    program = "import sys, autograd_core, nn; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(HEAVY) & set(done.stdout.split()) == set()


def test_the_packages_alone_need_nothing_but_the_core_dependencies(file: Path) -> None:
    names = {re.match(r"[\w-]+", line)[0] for line in PROJECT["dependencies"]}
    allowed = {name.replace("-", "_") for name in names} | set(PACKAGES) | sys.stdlib_module_names
    assert {name.split(".")[0] for name, _ in imports(file)} <= allowed


def test_imports_stand_at_the_top_of_a_file(file: Path) -> None:
    tree = ast.parse(file.read_text())
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    inside = {inner for function in functions for inner in ast.walk(function)}
    late = [f"line {node.lineno}" for _, node in imports(file) if node in inside]
    assert not late


def test_imports_point_one_way(file: Path) -> None:
    ours = {name for name, _ in imports(file) if name.split(".")[0] in PACKAGES}
    if module_name(file).split(".")[0] == "nn":
        engine = {name for name in ours if name.split(".")[0] == "autograd_core"}
        assert engine <= {"autograd_core"}, "nn uses the engine's public face only"
    else:
        assert not {name for name in ours if name.split(".")[0] == "nn"}, "the engine knows no nn"
        core = re.match(r"autograd_core\.(graph|tensor|modes|primitives?)\b", module_name(file))
        views = {
            name for name in ours if re.match(r"autograd_core\.(visualize|transforms)\b", name)
        }
        assert not (core and views), "the engine's core knows none of its views"


def test_no_import_goes_round_in_a_circle() -> None:
    needs = {
        module: {name for name, _ in imports(file) if name in MODULES} - {module}
        for module, file in MODULES.items()
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]), pytrace=False)


def test_a_file_is_short_enough_to_read(file: Path) -> None:
    lines = len(file.read_text().splitlines())
    assert lines <= 400, f"{lines} lines: split it, one idea a file"


def test_a_file_says_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text()))


@pytest.mark.parametrize("package", [autograd_core, nn], ids=lambda package: package.__name__)
def test_the_face_lists_what_exists(package: object) -> None:
    names = package.__all__
    assert len(names) == len(set(names))
    assert [name for name in names if not hasattr(package, name)] == []


def test_the_version_is_the_one_of_the_distribution() -> None:
    assert metadata.version("autograd-core") == PROJECT["version"]
    assert f"## [{PROJECT['version']}]" in (ROOT / "CHANGELOG.md").read_text()


def test_every_pinned_file_pins_every_package_exactly() -> None:
    files = sorted((ROOT / "requirements").glob("*.txt"))
    assert {file.stem for file in files} >= {"bench", "build", "demo", "test"}
    pins: dict[str, set[str]] = {}
    for file in files:
        for line in file.read_text().splitlines():
            if line and not line.lstrip().startswith("#"):
                name, equals, version = line.split(";")[0].strip().partition("==")
                assert equals, f"{file.name}: {line}"
                pins.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}


@pytest.mark.slow
def test_the_wheel_holds_both_packages_whole(tmp_path: Path) -> None:
    source = tmp_path / "source"  # a build leaves folders behind, and reads those of earlier ones
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package)
    for name in ("LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", tmp_path, source], check=True)
    [wheel] = tmp_path.glob("autograd_core-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    sources = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in {".py", ".typed", ".js", ".css", ".html"}
    }
    assert {"autograd_core/py.typed", "nn/py.typed"} <= sources
    assert sources <= held
    assert {name.split("/")[0] for name in held if ".dist-info/" not in name} == set(PACKAGES)
