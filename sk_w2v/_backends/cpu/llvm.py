"""LLVM instructions on vectors of 16 floats, emitted by Numba's intrinsics.

LLVM splits a vector of 16 floats into the registers of the host: one of AVX-512, two of AVX2, four of NEON or SSE. So
one source serves every processor.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils

LANES = 16
FLOAT = ir.FloatType()
VECTOR = ir.VectorType(FLOAT, LANES)
INT64 = ir.IntType(64)
INT32 = ir.IntType(32)


def pointer_to(builder: Any, address: Any, element: Any) -> Any:
    """Return an address as a pointer to elements of a type."""
    return builder.inttoptr(address, element.as_pointer())


def row_pointers(builder: Any, addresses: Any, n_rows: int) -> list[Any]:
    """Return pointers to `n_rows` rows of floats, whose int64 addresses begin at `addresses`."""
    table = pointer_to(builder, addresses, INT64)
    return [pointer_to(builder, builder.load(builder.gep(table, [INT64(row)])), FLOAT) for row in range(n_rows)]


def load(builder: Any, base: Any, offset: Any) -> Any:
    """Load 16 floats at `base + offset`, which need not be aligned to more than one float."""
    pointer = builder.bitcast(builder.gep(base, [offset]), VECTOR.as_pointer())
    return builder.load(pointer, align=4)


def store(builder: Any, value: Any, base: Any, offset: Any) -> None:
    """Store 16 floats at `base + offset`, aligned as in `load`."""
    pointer = builder.bitcast(builder.gep(base, [offset]), VECTOR.as_pointer())
    builder.store(value, pointer, align=4)


def multiply_add(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c, fused where the host can."""
    name = f"llvm.fmuladd.v{a.type.count}f32"
    function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(a.type, [a.type] * 3), name)
    return builder.call(function, [a, b, c])


def splat(builder: Any, scalar: Any, count: int = LANES) -> Any:
    """Return a vector with `scalar` in every lane."""
    vector = ir.VectorType(scalar.type, count)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, INT32(0))
    mask = ir.Constant(ir.VectorType(INT32, count), [0] * count)
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), mask)


def constant_vector(vector: Any, number: float) -> Any:
    """Return a constant vector of a type with `number` in every lane."""
    return ir.Constant(vector, [number] * vector.count)


def sum_of_lanes(builder: Any, vector: Any) -> Any:
    """Add the lanes of a vector pairwise."""
    while (count := vector.type.count) > 1:
        halves = [
            builder.shuffle_vector(
                vector,
                vector,
                ir.Constant(ir.VectorType(INT32, count // 2), list(range(start, start + count // 2))),
            )
            for start in (0, count // 2)
        ]
        vector = builder.fadd(*halves)
    return builder.extract_element(vector, INT32(0))


def clip(builder: Any, x: Any, low: float, high: float) -> Any:
    """Clip to [low, high]. NaN is kept, so that divergence stays visible."""
    too_low = builder.fcmp_ordered("<", x, constant_vector(x.type, low))
    x = builder.select(too_low, constant_vector(x.type, low), x)
    too_high = builder.fcmp_ordered(">", x, constant_vector(x.type, high))
    return builder.select(too_high, constant_vector(x.type, high), x)


def loop(builder: Any, count: Any, initial: list[Any], body: Any) -> list[Any]:
    """Emit `for i in range(count): values = body(i, values)` with the values in registers."""
    before = builder.basic_block
    inside = builder.append_basic_block("simd.loop")
    after = builder.append_basic_block("simd.after")
    builder.cbranch(builder.icmp_signed(">", count, INT64(0)), inside, after)
    builder.position_at_end(inside)
    index = builder.phi(INT64)
    phis = [builder.phi(value.type) for value in initial]
    values = body(index, phis)
    following = builder.add(index, INT64(1))
    end_of_body = builder.basic_block
    builder.cbranch(builder.icmp_signed("<", following, count), inside, after)
    index.add_incoming(INT64(0), before)
    index.add_incoming(following, end_of_body)
    for phi, start, value in zip(phis, initial, values, strict=True):
        phi.add_incoming(start, before)
        phi.add_incoming(value, end_of_body)
    builder.position_at_end(after)
    results = [builder.phi(value.type) for value in initial]
    for result, start, value in zip(results, initial, values, strict=True):
        result.add_incoming(start, before)
        result.add_incoming(value, end_of_body)
    return results


def dot_products(builder: Any, vector: Any, rows: list[Any], chunks: Any) -> list[Any]:
    """Return the dot products of a vector and some rows, each as 16 partial sums in the lanes of a vector."""

    def dot(chunk: Any, sums: list[Any]) -> list[Any]:
        offset = builder.mul(chunk, INT64(LANES))
        x = load(builder, vector, offset)
        return [
            multiply_add(builder, x, load(builder, row, offset), total) for row, total in zip(rows, sums, strict=True)
        ]

    return loop(builder, chunks, [constant_vector(VECTOR, 0.0)] * len(rows), dot)


def sums_of_lanes(builder: Any, vectors: list[Any]) -> list[Any]:
    """Sum the lanes of each vector; return the sums, in order, in the lanes of as few vectors as possible."""
    sums = []
    for start in range(0, len(vectors), LANES):
        level = vectors[start : start + LANES]
        level += [constant_vector(VECTOR, 0.0)] * (LANES - len(level))
        size = LANES
        while len(level) > 1:  # each step halves the number of vectors and the number of lanes per sum
            size //= 2
            level = [_folded(builder, *pair, size) for pair in zip(level[::2], level[1::2], strict=True)]
        sums += level
    return sums


def _folded(builder: Any, left: Any, right: Any, size: int) -> Any:
    """In each vector, add the second half of every group of ``2 * size`` lanes to the first; join the results."""
    firsts = [
        lane + place
        for lane in (0, LANES)
        for start in range(0, LANES, 2 * size)
        for place in range(start, start + size)
    ]
    indices = ir.VectorType(INT32, LANES)
    halves = [
        builder.shuffle_vector(left, right, ir.Constant(indices, [place + shift for place in firsts]))
        for shift in (0, size)
    ]
    return builder.fadd(*halves)
