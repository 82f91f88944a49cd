"""Every public function of NumPy's, called with a Tensor: it does what docs/coverage.md says."""

import warnings

import numpy as np
import pytest

from autograd_core import Tensor
from autograd_core.dispatch import RECORDED
from autograd_core.unrecorded import CONVERTING, OF_THE_ARRAY, PLAIN
from tests import coverage_table
from tests.coverage_table import FILE, MATRIX, NAMESPACES, leaves, outcome, public, status_of
from tests.numpy_calls import call_of

FUNCTIONS = {
    f"{space}.{name}": function for space in NAMESPACES for name, function in public(space)
}


def of_status(status):
    paths = [path for path, function in FUNCTIONS.items() if status_of(function) == status]
    return pytest.mark.parametrize("path", paths)


def call(path):
    return call_of(path, FUNCTIONS[path])


def numpys(path):
    """What NumPy gives for the array."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return call(path)(MATRIX.copy())


#: Beside what records, numbers without a derivative: edges of given bins, whole parts.
CONSTANT_PARTS = {"np.histogram", "np.histogram2d", "np.histogramdd", "np.divmod", "np.modf"}


@of_status("recorded")
def test_it_records_and_nothing_is_detached_in_silence(path):
    word, result = outcome(call(path))
    assert word == "recorded", result
    found, expected = list(leaves(result)), list(leaves(numpys(path)))
    for one, other in zip(found, expected, strict=True):
        if isinstance(one, Tensor):
            assert (one.shape, one.dtype) == (np.shape(other), np.asarray(other).dtype)
        elif path not in CONSTANT_PARTS:
            assert np.asarray(one).dtype.kind not in "fc", "a part came out detached"
        if path != "np.unique_values":  # in no order that NumPy promises
            value = one.data if isinstance(one, Tensor) else one
            np.testing.assert_allclose(value, other, rtol=1e-12, atol=1e-12)


@of_status("plain")
def test_it_gives_what_numpy_gives_for_the_array(path):
    word, result = outcome(call(path))
    assert word == "plain", result
    expected = numpys(path)
    assert type(result) is type(expected)
    if path in ("np.array_repr", "np.array_str", "np.array2string", "np.empty_like"):
        return
    for one, other in zip(leaves(result), leaves(expected), strict=True):
        assert not isinstance(one, Tensor)
        np.testing.assert_array_equal(one, other)


@of_status("refused")
def test_it_is_refused_and_says_what_to_write_instead(path):
    word, error = outcome(call(path))
    assert word == "refused"
    assert f"{path} on a Tensor" in str(error)
    assert "Use " in str(error)


@of_status("not interceptable")
def test_it_raises_or_records_and_never_gives_an_object_array(path):
    word, result = outcome(call(path))
    assert word in ("raises", "recorded", "refused") or path in PYTHONS_CONVERSION, result


#: Ask for Python's float of each element, which is how one leaves the graph on purpose.
PYTHONS_CONVERSION = {
    "np.fromiter",
    "np.format_float_positional",
    "np.format_float_scientific",
}


@pytest.mark.parametrize(
    "path",
    [
        "np.full",
        "np.kaiser",
        "np.lib.stride_tricks.as_strided",
        "np.polynomial.polynomial.polyvander",
    ],
)
def test_the_message_names_what_to_write_instead(path):
    name = path.rpartition(".")[2]
    _, error = outcome(call(path))
    assert f"Instead of {name} use {CONVERTING[name]}" in str(error)


def test_what_a_tensor_lacks_says_where_it_is():
    for name in OF_THE_ARRAY:
        with pytest.raises(AttributeError, match=rf"'{name}'.*Use x\."):
            getattr(Tensor(1.0), name)
    with pytest.raises(AttributeError, match="no attribute 'shpae'"):
        _ = Tensor(1.0).shpae


# ------------------------------------------------------------------------------ the table itself


def test_no_function_is_on_two_lists():
    assert not RECORDED.keys() & PLAIN


def test_a_function_on_no_list_fails(monkeypatch):
    monkeypatch.delitem(RECORDED, np.exp)
    with pytest.raises(LookupError, match=r"np\.exp is on no list"):
        coverage_table.rows()


def test_an_object_array_would_be_seen():
    assert outcome(lambda t: (t, np.array([None, 1.0])))[0] == "object array"
    assert outcome(lambda t: t.data)[0] == "plain"


def test_the_page_is_what_the_tables_and_the_calls_say():
    text = FILE.read_text()
    version = ".".join(np.__version__.split(".")[:2])
    if f"NumPy {version};" not in text:
        pytest.skip(f"docs/coverage.md is of another NumPy than {version}")
    assert text == coverage_table.page(), "run: make coverage-table"
