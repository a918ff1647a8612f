"""Links: the derivative of each loss, as LLVM instructions inside the training kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils

from .llvm import INT32, VECTOR, clip, constant_vector, multiply_add

Link = Callable[[Any, Any], Any]  # emits a function of a vector: (builder, vector) -> vector

# 2**f on [-1/2, 1/2]: the Taylor coefficients ln(2)**n / n!, with a relative error of 1e-7.
_EXP2 = [
    1.5403530393381608e-4,
    1.3333558146428443e-3,
    9.6181291076284772e-3,
    5.5504108664821580e-2,
    2.4022650695910071e-1,
    6.9314718055994531e-1,
    1.0,
]


def _sigmoid(builder: Any, x: Any) -> Any:
    """Return 1 / (1 + exp(-x)) in every lane, with |x| clipped at 80."""
    vector = x.type
    integers = ir.VectorType(INT32, vector.count)
    scaled = builder.fmul(clip(builder, x, -80.0, 80.0), constant_vector(vector, -1.4426950408889634))
    rint = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(vector, [vector]), f"llvm.rint.v{vector.count}f32"
    )
    whole = builder.call(rint, [scaled])
    fraction = builder.fsub(scaled, whole)
    power = constant_vector(vector, _EXP2[0])
    for coefficient in _EXP2[1:]:
        power = multiply_add(builder, power, fraction, constant_vector(vector, coefficient))
    exponent = builder.shl(
        builder.add(builder.fptosi(whole, integers), ir.Constant(integers, [127] * vector.count)),
        ir.Constant(integers, [23] * vector.count),
    )
    exponential = builder.fmul(power, builder.bitcast(exponent, vector))  # exp(-x)
    one = constant_vector(vector, 1.0)
    return builder.fdiv(one, builder.fadd(one, exponential))


def tangent(builder: Any, x: Any) -> Any:
    """Return ``1 / 2 + x / 4``, the sigmoid to first order, in every lane."""
    return multiply_add(builder, x, constant_vector(x.type, 0.25), constant_vector(x.type, 0.5))


LINKS: dict[str, Link] = {  # the derivative of each loss
    "logistic": _sigmoid,
    "quartic": tangent,
}


def link_instructions(loss: str) -> str:
    """Return the instructions of a loss's link as text, which identify the kernels compiled with it."""
    module = ir.Module()
    function = ir.Function(module, ir.FunctionType(VECTOR, [VECTOR]), "link")
    builder = ir.IRBuilder(function.append_basic_block())
    builder.ret(LINKS[loss](builder, function.args[0]))
    return str(module)
