"""The package's face: what it lists, and what importing it costs."""

import subprocess
import sys

import nn


def test_every_listed_name_is_there_and_sorted_lists_have_no_doubles():
    assert all(hasattr(nn, name) for name in nn.__all__)
    assert len(set(nn.__all__)) == len(nn.__all__)


def test_importing_loads_nothing_heavy_or_optional():
    code = (
        "import sys, numpy, nn; "
        "print([m for m in ('matplotlib', 'tqdm', 'sklearn', 'scipy', 'graphviz', 'argparse') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_nn_uses_only_the_public_face_of_the_engine():
    code = (
        "import pathlib, re, nn; "
        "print([p.name for p in pathlib.Path(nn.__file__).parent.glob('*.py') "
        "if re.search(r'(from|import) autograd_core\\.', p.read_text())])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
