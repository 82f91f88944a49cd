"""Writes the files of this folder with PyTorch, and outputs.npz with what its models give.

Run it where torch and safetensors are installed: ``python -m tests.nn.interop.make_files``. It was
last run with torch 2.13.0 and safetensors 0.8.0, on the CPU.
"""

from pathlib import Path

import numpy as np

from tests.nn.interop.cases import CASES
from tests.nn.interop.torch_files import special, write

HERE = Path(__file__).parent

if __name__ == "__main__":
    outputs = {name: write(name, HERE / f"{name}.safetensors") for name in CASES}
    np.savez_compressed(HERE / "outputs.npz", **outputs)
    special(HERE)
