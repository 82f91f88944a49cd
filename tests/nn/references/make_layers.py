"""Writes layers.npz: what PyTorch's layers give, for the cases of layer_cases.py.

Run it where torch is installed: ``python -m tests.nn.references.make_layers``. It was last run
with torch 2.13.0, on the CPU.
"""

from pathlib import Path

import numpy as np

from tests.nn.references.layer_cases import CASES
from tests.nn.references.torch_layers import evaluate

if __name__ == "__main__":
    arrays = {
        f"{case.name} | {key}": array for case in CASES for key, array in evaluate(case).items()
    }
    np.savez_compressed(Path(__file__).with_name("layers.npz"), **arrays)
