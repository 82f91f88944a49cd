"""Generators: found in a model, and taken back to where they were."""

import numpy as np
import pytest

import nn
from nn.random_state import generator_state, generators_in, set_generator_state


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_every_kind_goes_on_with_the_same_numbers(kind):
    rng = np.random.Generator(getattr(np.random, kind)(0))
    rng.integers(0, 9, 3, np.uint8)  # leaves half a word waiting
    state = generator_state(rng)
    expected = rng.standard_normal(5)
    set_generator_state(rng, state)
    np.testing.assert_array_equal(rng.standard_normal(5), expected)


def test_a_state_of_another_kind_is_refused(message):
    state = generator_state(np.random.default_rng())
    other = np.random.Generator(np.random.MT19937(0))
    assert message(nn.StateDictError, lambda: set_generator_state(other, state)) == (
        "the random state is of PCG64, the generator is MT19937"
    )


def test_generators_are_found_wherever_a_module_keeps_them():
    class Noisy(nn.Module):
        def __init__(self):
            self.rng = np.random.default_rng(0)
            self.several = [np.random.default_rng(1), {"x": np.random.default_rng(2)}]
            self.inner = nn.Dropout()

    assert list(generators_in(nn.Sequential(nn.Identity(), Noisy()))) == [
        "1.rng",
        "1.several.0",
        "1.several.1.x",
        "1.inner.rng",
    ]
