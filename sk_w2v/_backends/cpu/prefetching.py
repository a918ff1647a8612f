"""Prefetching: kernels that access a large array at scattered places spend most of their time waiting for memory."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from ..aligned import LINE_BYTES

_BYTES = ir.IntType(8).as_pointer()
_INT32, _INT64 = ir.IntType(32), ir.IntType(64)


@intrinsic
def prefetch(typing_context, array, index):
    """Begin to load ``array[index]``, with `index` of 0 and above, into the first-level cache; return nothing."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, arguments[0])
        _emit(builder, builder.bitcast(builder.gep(view.data, [arguments[1]]), _BYTES), to_write=False)
        return context.get_dummy_value()

    return types.void(array, index), generate


def _row_prefetch(*, to_write: bool) -> Any:
    """Return the intrinsic that begins to load `n_lines` lines of `LINE_BYTES` bytes from `address`."""

    @intrinsic
    def prefetch_lines(typing_context, address, n_lines):
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            address, lines = arguments
            with cgutils.for_range(builder, lines) as loop:
                offset = builder.mul(loop.index, _INT64(LINE_BYTES))
                _emit(builder, builder.inttoptr(builder.add(address, offset), _BYTES), to_write=to_write)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64), generate

    return prefetch_lines


prefetch_row = _row_prefetch(to_write=False)
prefetch_row_to_write = _row_prefetch(to_write=True)  # requests exclusive access to the lines


def _emit(builder: Any, pointer: Any, *, to_write: bool) -> None:
    """Emit the instruction for one cache line that will be used again soon."""
    kind = ir.FunctionType(ir.VoidType(), [_BYTES, _INT32, _INT32, _INT32])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
    builder.call(function, [pointer, _INT32(int(to_write)), _INT32(3), _INT32(1)])
