// Functions of real numbers that JavaScript's Math lacks, for the `javascript` of the entries.
// Equation numbers are those of the NIST Digital Library of Mathematical Functions.

// C's and NumPy's powers: 1 to the power of NaN is 1, and so are those of -1 to infinity.
function power(x, y) {
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return Math.pow(x, y);
}

function powm1(x, y) {
  const exponent = y * Math.log(x);
  return Math.abs(exponent) < 0.5 ? Math.expm1(exponent) : power(x, y) - 1;
}

function copysign(x, y) {
  const size = Math.abs(x);
  return y < 0 || Object.is(y, -0) ? -size : size;
}

// The remainder has the sign of the divisor, as in Python.
function remainder(x, y) {
  const rest = x % y;
  if (rest === 0) return copysign(0, y);
  return rest < 0 !== y < 0 && !isNaN(rest) ? rest + y : rest;
}

function floorDivide(x, y) {
  if (y === 0) return x / y;
  return roundEven((x - remainder(x, y)) / y);
}

// To the nearest whole number; halves to the even one.
function roundEven(x) {
  const low = Math.floor(x);
  const rest = x - low;
  if (rest === 0.5) return low % 2 === 0 ? low : low + 1;
  return rest < 0.5 ? low : rest > 0.5 ? low + 1 : x;
}

function ldexp(x, n) {
  const half = Math.trunc(n / 2); // 2**n alone may overflow
  return x * 2 ** half * 2 ** (n - half);
}

function clip(x, low, high) {
  return Math.min(Math.max(x, low ?? -Infinity), high ?? Infinity);
}

function nanToNum(x, nan, posinf, neginf) {
  if (isNaN(x)) return nan ?? 0;
  if (x === Infinity) return posinf ?? Number.MAX_VALUE;
  return x === -Infinity ? (neginf ?? -Number.MAX_VALUE) : x;
}

// ln(e^x + e^y), where only the difference of the two goes into an exponential.
function logaddexp(x, y) {
  if (x === y) return x + Math.LN2;
  const distance = Math.abs(x - y);
  return Math.max(x, y) + Math.log1p(Math.exp(-distance));
}

function logaddexp2(x, y) {
  if (x === y) return x + 1;
  const distance = Math.abs(x - y);
  return Math.max(x, y) + Math.log1p(Math.pow(2, -distance)) / Math.LN2;
}

// ln(x / (1 - x)); near 1/2 the quotient is near 1, and its logarithm would lose digits.
function logit(x) {
  const twice = 2 * (x - 0.5);
  if (Math.abs(twice) < 0.4) return Math.log1p(twice) - Math.log1p(-twice);
  return Math.log(x / (1 - x));
}

function relativeEntropy(x, y) {
  if (isNaN(x) || isNaN(y)) return NaN;
  if (x > 0 && y > 0) {
    const ratio = x / y;
    if (ratio > 0.5 && ratio < 2) return x * Math.log1p((x - y) / y);
    const usable = ratio > 0 && ratio < Infinity;
    return x * (usable ? Math.log(ratio) : Math.log(x) - Math.log(y));
  }
  return x === 0 && y >= 0 ? 0 : Infinity;
}

function klDivergence(x, y) {
  if (x > 0 && y > 0) return relativeEntropy(x, y) - x + y;
  return x === 0 && y >= 0 ? y : relativeEntropy(x, y);
}

function huber(delta, r) {
  if (delta < 0) return Infinity;
  const size = Math.abs(r);
  return size <= delta ? (r * r) / 2 : delta * (size - delta / 2);
}

function pseudoHuber(delta, r) {
  if (delta < 0) return Infinity;
  if (delta === 0 || r === 0) return 0;
  return delta * delta * Math.expm1(Math.log1p((r / delta) ** 2) / 2);
}

// The error function by its power series, whose terms have one sign (7.6.2).
function erfSeries(x) {
  let term = x;
  let total = x;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(total); k += 1) {
    term *= (2 * x * x) / (2 * k + 1);
    total += term;
  }
  return ((2 * total) / Math.sqrt(Math.PI)) * Math.exp(-x * x);
}

const ERF_BY_FRACTION = 1.5; // from here on the continued fraction converges fast

// e^(x^2) erfc(x) by its continued fraction (7.9.1), from the innermost term outwards.
function erfcxFraction(x) {
  let fraction = x;
  for (let k = 120; k > 0; k -= 1) fraction = x + k / 2 / fraction;
  return 1 / (fraction * Math.sqrt(Math.PI));
}

function erfc(x) {
  if (x < -ERF_BY_FRACTION) return 2 - erfc(-x);
  return x < ERF_BY_FRACTION ? 1 - erfSeries(x) : Math.exp(-x * x) * erfcxFraction(x);
}

function erf(x) {
  if (Math.abs(x) < ERF_BY_FRACTION) return erfSeries(x);
  return Math.sign(x) * (1 - erfc(Math.abs(x)));
}

function erfcx(x) {
  return x < ERF_BY_FRACTION ? Math.exp(x * x) * erfc(x) : erfcxFraction(x);
}

// The logarithm of the normal distribution function.
function logNdtr(x) {
  const scaled = x * Math.SQRT1_2;
  if (x < -1) return Math.log(erfcx(-scaled) / 2) - scaled * scaled;
  return Math.log1p(-erfc(scaled) / 2);
}

function gelu(x, approximate) {
  if (approximate !== "tanh") return (x * erfc(-x * Math.SQRT1_2)) / 2;
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

function factorial(n) {
  return n < 2 ? 1 : n * factorial(n - 1);
}

// The derivative of sin(pi x) / (pi x) of some order; u sinc = sin gives a recurrence far from 0.
function sincSlope(x, order) {
  const u = Math.PI * x;
  let total = 0;
  if (Math.abs(u) < Math.max(order, 1)) {
    for (let n = 11 + 3 * order; n >= Math.floor((order + 1) / 2); n -= 1) {
      const exponent = 2 * n - order;
      total += ((-1) ** n / (factorial(exponent) * (2 * n + 1))) * u ** exponent;
    }
  } else {
    const sines = [Math.sin(u), Math.cos(u), -Math.sin(u), -Math.cos(u)];
    total = sines[0] / u;
    for (let k = 1; k <= order; k += 1) total = (sines[k % 4] - k * total) / u;
  }
  return total * Math.PI ** order;
}

// The modified Bessel function of the first kind, by its power series (10.25.2).
function besselI(x, order) {
  if (order === 0 && Math.abs(x) === Infinity) return NaN; // as NumPy and SciPy
  const half = x / 2;
  let term = half ** order / factorial(order);
  let total = term;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(total); k += 1) {
    term *= (half * half) / (k * (k + order));
    total += term;
  }
  return total;
}
