"""Finding repeats in a sequence: the right start, length and number."""

import numpy as np
import pytest

from autograd_core.visualize.periods import LEAF, OTHER, Item, Run, find_runs


def sequence(text):
    """Operations called by their letters, each using the one before."""
    return [Item(letter, [(i - 1 if i else LEAF, i)]) for i, letter in enumerate(text)]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", []),
        ("a", []),
        ("aa", []),
        ("aaa", [Run(0, 1, 3)]),
        ("ababab", [Run(0, 2, 3)]),
        ("xababaab", []),
        ("xyzabcabcabcxyz", [Run(3, 3, 3)]),
        ("aaabbbccc", [Run(0, 1, 3), Run(3, 1, 3), Run(6, 1, 3)]),
        ("aaaaxaaaa", [Run(0, 1, 4), Run(5, 1, 4)]),
    ],
)
def test_runs(text, runs):
    assert find_runs(sequence(text)) == runs


def test_a_loop_in_a_loop_gives_the_inner_one_first():
    assert find_runs(sequence("aaaaab" * 3)) == [Run(0, 1, 5), Run(6, 1, 5), Run(12, 1, 5)]


def test_an_operation_with_many_operands_is_alone():
    items = [Item("sum", [(OTHER, 0)] * 20) for _ in range(5)]
    assert find_runs(items) == []


def test_different_distances_are_different():
    # Each uses the first one: from further away every time, but it is the same vertex. The first
    # is none of them, or a piece would seem to use the one before it.
    same = [Item("a", [(0, 7) if i else (LEAF, 0)]) for i in range(6)]
    assert find_runs(same) == [Run(1, 1, 5)]
    crossed = [Item("a", [(i // 2 if i else LEAF, i // 2)]) for i in range(12)]
    assert all(run.count < 12 for run in find_runs(crossed))


def test_pieces_begin_with_a_leaf_of_their_own():
    items = []
    for i in range(21):
        before = (i - 1 if i else OTHER, 100 + i)
        items.append(Item("linear", [before, (LEAF, i)]) if i % 2 == 0 else Item("tanh", [before]))
    assert find_runs(items) == [Run(0, 2, 10)]


def test_runs_do_not_overlap_and_are_in_order():
    rng = np.random.default_rng(0)
    for _ in range(50):
        text = "".join(rng.choice(list("ab"), size=60))
        runs = find_runs(sequence(text))
        stops = [0]
        for run in runs:
            assert run.start >= stops[-1]
            piece = text[run.start : run.start + run.period]
            assert text[run.start : run.stop] == piece * run.count
            assert run.count >= 3
            stops.append(run.stop)
