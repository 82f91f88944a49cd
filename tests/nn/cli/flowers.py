"""A small table that the tests of the command line learn from."""

import numpy as np

HEADER = ["width", "colour", "species"]


def flowers(count: int = 60) -> list[list[object]]:
    """Rows whose species follows from the width, and a colour that says nothing."""
    rng = np.random.default_rng(5)
    rows: list[list[object]] = []
    for number in range(count):
        species = ("setosa", "virginica", "versicolor")[number % 3]
        width = 3.0 * (number % 3) + rng.normal(scale=0.3)
        rows.append([round(float(width), 2), ("red", "blue")[rng.integers(2)], species])
    return rows
