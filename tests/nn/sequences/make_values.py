"""Writes values.npz: what PyTorch's layers for sequences give, for the cases of cases.py.

Run it where torch is installed: ``python -m tests.nn.sequences.make_values``. It was last run
with torch 2.13.0, on the CPU.
"""

from pathlib import Path

import numpy as np

from tests.nn.sequences.cases import ATTENTION, BLOCKS, RECURRENT
from tests.nn.sequences.torch_side import evaluate

if __name__ == "__main__":
    arrays = {
        f"{case.name} | {key}": array
        for case in [*RECURRENT, *ATTENTION, *BLOCKS]
        for key, array in evaluate(case).items()
    }
    np.savez_compressed(Path(__file__).with_name("values.npz"), **arrays)
