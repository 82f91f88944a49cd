"""What a Tensor is: when it records, what it holds, how its value and its gradient are reached."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor

# ---------------------------------------------------------------- which Tensors record


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64", "complex128"])
def test_floats_and_complex_numbers_record(dtype):
    x = Tensor(np.ones(2, dtype))
    assert x.requires_grad
    assert x.is_leaf
    assert x.dtype == dtype


@pytest.mark.parametrize("dtype", ["bool", "int8", "int64", "uint8", "uint32"])
def test_integers_and_booleans_never_record(dtype):
    assert not Tensor(np.ones(2, dtype)).requires_grad
    with pytest.raises(ag.DTypeError, match=rf"{dtype}.*2\.0 instead of 2"):
        Tensor(np.ones(2, dtype), requires_grad=True)


@pytest.mark.parametrize(
    ("data", "dtype"), [(2, "int64"), (2.0, "float64"), (True, "bool"), (2j, "complex128")]
)
def test_python_numbers_become_what_numpy_makes_of_them(data, dtype):
    assert Tensor(data).dtype == np.dtype(dtype)
    assert Tensor(data).shape == ()


def test_recording_can_be_declined_at_birth():
    x = Tensor([1.0, 2.0], requires_grad=False)
    assert not x.requires_grad
    assert not (x * 2).requires_grad


def test_recording_can_be_switched_on_a_leaf():
    x = Tensor([1.0, 2.0], name="w")
    x.requires_grad = False
    assert not (x * 2).requires_grad
    x.requires_grad = True
    (x * 2).sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 2.0])
    assert x.name == "w"


def test_recording_cannot_be_switched_off_on_a_result():
    y = Tensor([1.0]) * 2
    with pytest.raises(ag.GraphError, match=r"leaf only.*multiply.*detach"):
        y.requires_grad = False


def test_recording_cannot_be_switched_on_for_integers():
    n = Tensor([1, 2])
    with pytest.raises(ag.DTypeError, match=r"int64 cannot record.*2\.0 instead of 2"):
        n.requires_grad = True


def test_a_result_records_if_any_operand_does():
    x, n = Tensor([1.0]), Tensor([2])
    assert (x * n).requires_grad
    assert (n * x).requires_grad
    assert not (n * n).requires_grad
    assert not (n * 2.0).requires_grad
    assert not (x * n).is_leaf
    assert (n * n).is_leaf


# ---------------------------------------------------------------- construction


def test_the_array_is_copied():
    array = np.array([1.0, 2.0])
    x = Tensor(array)
    array[0] = 9.0
    assert x.data[0] == 1.0
    assert not np.shares_memory(x.data, array)


def test_copy_false_shares():
    array = np.array([1.0, 2.0])
    x = Tensor(array, copy=False)
    assert np.shares_memory(x.data, array)
    array[0] = 9.0
    assert x.data[0] == 9.0


def test_dtype_converts_on_the_way_in():
    x = Tensor([1, 2], dtype=np.float32)
    assert x.dtype == np.float32
    assert x.requires_grad


def test_a_tensor_that_does_not_record_is_copied_too():
    constant = Tensor([1.0, 2.0]).detach()
    x = Tensor(constant)
    assert x.requires_grad
    assert not np.shares_memory(x.data, constant.data)


def test_a_tensor_that_records_is_not_copied_out_of_its_graph():
    with pytest.raises(ag.DTypeError, match=r"drop its history.*detach.*'w'.*\(2,\)"):
        Tensor(Tensor([1.0, 2.0], name="w"))


@pytest.mark.parametrize(
    "data",
    [None, "abc", ["a", "b"], [[1.0], [1.0, 2.0]], object(), {}, np.datetime64("2020-01-01")],
)
def test_what_is_not_numbers_is_refused(data):
    with pytest.raises(ag.DTypeError, match=r"(numbers|float).*"):
        Tensor(data)


def test_nested_lists_scalars_and_empty_data():
    assert Tensor([[1.0, 2.0], [3.0, 4.0]]).shape == (2, 2)
    assert Tensor([]).shape == (0,)
    assert Tensor(np.float32(1)).dtype == np.float32
    assert isinstance(Tensor(np.array(3.0)).data, np.float64)


def test_a_big_endian_array_records_and_gets_its_gradient():
    x = Tensor(np.array([1.0, 2.0], ">f8"))
    (x * x).sum().backward()
    assert x.grad.dtype == x.dtype
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


# ---------------------------------------------------------------- names


def test_names_are_kept_and_changed():
    x = Tensor(1.0, name="w")
    assert x.name == "w"
    x.name = "v"
    assert x.name == "v"
    assert x._node.name == "v"
    x.name = None
    assert x.name is None
    assert Tensor([1, 2], name="labels").name == "labels"


def test_a_name_is_text():
    with pytest.raises(ag.DTypeError, match=r"text, not int: 3"):
        Tensor(1.0, name=3)


# ---------------------------------------------------------------- .data


def test_data_is_the_array_itself_of_a_leaf():
    x = Tensor([1.0, 2.0])
    assert x.data is x.data
    assert x.data.flags.writeable
    x.data[0] = 5.0
    assert float(x.sum()) == 7.0


def test_data_of_a_scalar_is_a_numpy_scalar():
    assert type(Tensor(1.0).data) is np.float64
    assert type(Tensor(1.0, dtype="f4").data) is np.float32
    assert type((Tensor(1.0) * 2).data) is np.float64


def test_data_of_a_result_is_read_only():
    y = Tensor([1.0, 2.0]) * 2
    assert not y.data.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        y.data[0] = 5.0
    np.testing.assert_array_equal(y.data, [2.0, 4.0])


def test_data_of_a_result_cannot_be_replaced():
    y = Tensor([1.0, 2.0], name="y") * 2
    with pytest.raises(ag.InPlaceError, match=r"multiply.*history.*change the leaves"):
        y.data = np.zeros(2)


def test_data_can_be_replaced_on_a_leaf_and_is_cast():
    x = Tensor([1.0, 2.0], dtype="f4")
    x.data = [3, 4]
    assert x.dtype == np.float32
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [6.0, 8.0])


def test_data_keeps_its_shape():
    x = Tensor([1.0, 2.0])
    with pytest.raises(ag.ShapeError, match=r"\(2,\).*\(3,\).*new Tensor"):
        x.data = np.zeros(3)


def test_data_of_a_scalar_can_be_stepped():
    x = Tensor(3.0)
    x.data -= 1.0
    (x * x).backward()
    assert float(x) == 2.0
    assert float(x.grad) == 4.0


# ---------------------------------------------------------------- .grad by hand


def test_grad_is_none_before_it_is_computed_and_never_zero():
    x, unused = Tensor([1.0]), Tensor([1.0])
    assert x.grad is None
    (x * 2).sum().backward()
    assert unused.grad is None
    assert Tensor([1]).grad is None


def test_grad_can_be_set_and_cleared():
    x = Tensor([1.0, 2.0], dtype="f4")
    x.grad = [3, 4]
    assert x.grad.dtype == np.float32
    np.testing.assert_array_equal(x.grad, [3.0, 4.0])
    x.grad = None
    assert x.grad is None


def test_grad_that_is_set_is_the_tensors_own():
    x, given = Tensor([1.0, 2.0]), np.ones(2)
    x.grad = given
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [3.0, 5.0])
    np.testing.assert_array_equal(given, [1.0, 1.0])


def test_grad_that_is_set_from_a_read_only_array_can_be_added_to():
    x = Tensor([1.0, 2.0])
    x.grad = np.broadcast_to(1.0, (2,))
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [3.0, 5.0])


def test_grad_has_the_tensors_shape():
    with pytest.raises(ag.ShapeError, match=r"expected \(2,\), got \(3,\)"):
        Tensor([1.0, 2.0]).grad = np.zeros(3)


def test_grad_belongs_to_tensors_that_record():
    with pytest.raises(ag.GraphError, match="does not record"):
        Tensor([1, 2]).grad = np.zeros(2)
    Tensor([1, 2]).grad = None  # nothing to clear is no mistake
    Tensor([1, 2]).zero_grad()


# ---------------------------------------------------------------- identity


def test_hash_is_identity():
    a, b = Tensor([1.0]), Tensor([1.0])
    assert {a: "a", b: "b"}[b] == "b"
    assert hash(a) != hash(b)


def test_no_attributes_by_typing_error():
    with pytest.raises(AttributeError):
        Tensor([1.0]).require_grad = False
