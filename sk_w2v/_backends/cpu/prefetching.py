"""Asking the processor for memory ahead of time: kernels that jump about in a large array wait for little else."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

LINE_BYTES = 64

_BYTES = ir.IntType(8).as_pointer()
_INT32 = ir.IntType(32)


@intrinsic
def prefetch(typing_context, array, index):
    """Begin to load ``array[index]``, with `index` of 0 and above, into the first-level cache; return nothing."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, arguments[0])
        address = builder.bitcast(builder.gep(view.data, [arguments[1]]), _BYTES)
        kind = ir.FunctionType(ir.VoidType(), [_BYTES, _INT32, _INT32, _INT32])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(function, [address, _INT32(0), _INT32(3), _INT32(1)])  # to read, soon again, as data
        return context.get_dummy_value()

    return types.void(array, index), generate
