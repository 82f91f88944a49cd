"""What the transforms are for: SciPy's optimisers, and an ordinary differential equation."""

import itertools

import numpy as np
import pytest

import autograd_core as ag

scipy_optimize = pytest.importorskip("scipy.optimize")
scipy_integrate = pytest.importorskip("scipy.integrate")


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def test_rosenbrock_in_100_dimensions_with_l_bfgs_b():
    result = scipy_optimize.minimize(
        ag.value_and_grad(rosenbrock),
        np.full(100, 1.3),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 2000, "maxfun": 5000, "ftol": 1e-15, "gtol": 1e-9},
    )
    assert result.success
    np.testing.assert_allclose(result.x, 1.0, atol=1e-5)


def test_rosenbrock_in_100_dimensions_with_newton_cg():
    result = scipy_optimize.minimize(
        rosenbrock,
        np.full(100, 1.3),
        jac=ag.grad(rosenbrock),
        hessp=lambda x, v: ag.hvp(rosenbrock, x, v),
        method="Newton-CG",
        options={"xtol": 1e-10},
    )
    assert result.success
    np.testing.assert_allclose(result.x, 1.0, atol=1e-5)


def test_the_derivatives_of_rosenbrock_are_scipys(rng):
    x, v = rng.normal(size=20), rng.normal(size=20)
    np.testing.assert_allclose(
        ag.grad(rosenbrock)(x), scipy_optimize.rosen_der(x), rtol=1e-12, atol=1e-10
    )
    np.testing.assert_allclose(
        ag.hvp(rosenbrock, x, v), scipy_optimize.rosen_hess_prod(x, v), rtol=1e-11, atol=1e-9
    )


# ------------------------------------------------------------------------------ an ODE


def runge_kutta(slope, y, times):
    """The classical method of order 4, as anybody writes it in NumPy."""
    states = [y]
    for start, stop in itertools.pairwise(times):
        h = stop - start
        k1 = slope(start, y)
        k2 = slope(start + h / 2, y + h / 2 * k1)
        k3 = slope(start + h / 2, y + h / 2 * k2)
        k4 = slope(stop, y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        states.append(y)
    return np.stack(states)


TIMES = np.linspace(0.0, 2.0, 201)


def oscillator(frequency, damping, step=lambda slope: slope):
    def slope(_, y):
        return np.stack([y[1], -(frequency**2) * y[0] - 2 * damping * y[1]])

    return runge_kutta(step(slope), np.array([1.0, 0.0]), TIMES)


def exact(frequency, damping):
    """The position of the damped oscillator that starts at rest at 1."""
    wd = np.sqrt(frequency**2 - damping**2)
    decay = np.exp(-damping * TIMES)
    return decay * (np.cos(wd * TIMES) + damping / wd * np.sin(wd * TIMES))


def test_the_sensitivity_of_an_ode_is_the_analytic_one():
    found = ag.jacobian(lambda p: oscillator(p[0], p[1])[::50, 0])(np.array([3.0, 0.4]))
    expected = ag.jacobian(lambda p: exact(p[0], p[1])[::50])(np.array([3.0, 0.4]))
    np.testing.assert_allclose(found, expected, atol=1e-6)
    # and by hand: y' = -k y has dy/dk = -t exp(-k t)
    decay = ag.grad(lambda k: runge_kutta(lambda _, y: -k * y, np.array([1.0]), TIMES)[-1, 0])
    assert decay(0.7) == pytest.approx(-2.0 * np.exp(-1.4), rel=1e-8)
    assert ag.grad(decay)(0.7) == pytest.approx(4.0 * np.exp(-1.4), rel=1e-8)


def test_the_sensitivity_is_that_of_scipys_solution():
    def solved(frequency):
        def slope(_, y):
            return [y[1], -(frequency**2) * y[0] - 0.8 * y[1]]

        solution = scipy_integrate.solve_ivp(slope, (0, 2), [1.0, 0.0], rtol=1e-11, atol=1e-12)
        return solution.y[0, -1]

    step = 1e-4
    expected = (solved(3 + step) - solved(3 - step)) / (2 * step)
    found = ag.grad(lambda frequency: oscillator(frequency, 0.4)[-1, 0])(3.0)
    assert found == pytest.approx(expected, rel=1e-5)


def test_with_every_step_a_checkpoint_the_sensitivity_is_the_same():
    whole = ag.grad(lambda p: np.sum(oscillator(p, 0.4)[:, 0] ** 2))(3.0)
    pieces = ag.grad(lambda p: np.sum(oscillator(p, 0.4, step=ag.checkpoint)[:, 0] ** 2))(3.0)
    assert pieces == pytest.approx(whole, rel=1e-13)
