"""The table of steps."""

import autograd_core as ag
from autograd_core.visualize import read
from autograd_core.visualize.table import align_numbers, steps_table


def test_numbers_stand_below_each_other():
    assert align_numbers(["1", "-10.25", "1e-5", "inf", "nan", "1+2j", "released"], "n") == [
        "       n",
        "    1   ",
        "  -10.25",
        "    1e-5",
        "  inf   ",
        "  nan   ",
        "    1+2j",
        "released",
    ]


def test_left_out_nodes_have_no_numbers():
    z = ag.Tensor(1.0, name="x")
    for _ in range(3):
        z = z * 2.0
    assert steps_table(read(z, limit=1)).splitlines() == [
        "step              value   gradient",
        "3 earlier nodes",
        "v3 = v2 × 2           8          1",
    ]
