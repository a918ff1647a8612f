"""Vector instructions for the kernels: LLVM vectors of 16 floats inside Numba.

LLVM splits a vector of 16 floats into whatever the host has (one AVX-512 register, two of AVX2, four of NEON or
SSE), so that one source serves every processor. Rows are padded to a multiple of ``LANES`` floats with zeros, which
every update below leaves at zero.

A *step* trains one input vector against ``n_rows`` output vectors at once: the output rows are each loaded once for
the dot products and once for the update, and all sums stay in registers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

LANES = 16
_FLOAT = ir.FloatType()
_VECTOR = ir.VectorType(_FLOAT, LANES)
_INT64 = ir.IntType(64)
_INT32 = ir.IntType(32)


def _pointer(builder: Any, address: Any, element: Any) -> Any:
    return builder.inttoptr(address, element.as_pointer())


def _row_pointers(builder: Any, addresses: Any, n_rows: int) -> list[Any]:
    """Return pointers to rows of floats, of whose addresses `addresses` is that of the first."""
    table = _pointer(builder, addresses, _INT64)
    return [_pointer(builder, builder.load(builder.gep(table, [_INT64(row)])), _FLOAT) for row in range(n_rows)]


def _load(builder: Any, base: Any, offset: Any) -> Any:
    """Load 16 floats at `base + offset`, aligned to a float only."""
    pointer = builder.bitcast(builder.gep(base, [offset]), _VECTOR.as_pointer())
    return builder.load(pointer, align=4)


def _store(builder: Any, value: Any, base: Any, offset: Any) -> None:
    pointer = builder.bitcast(builder.gep(base, [offset]), _VECTOR.as_pointer())
    builder.store(value, pointer, align=4)


def _multiply_add(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c, fused where the host can."""
    name = f"llvm.fmuladd.v{a.type.count}f32"
    function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(a.type, [a.type] * 3), name)
    return builder.call(function, [a, b, c])


def _splat(builder: Any, scalar: Any, count: int = LANES) -> Any:
    """Return a vector with `scalar` in every lane."""
    vector = ir.VectorType(scalar.type, count)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, _INT32(0))
    mask = ir.Constant(ir.VectorType(_INT32, count), [0] * count)
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), mask)


def _constant(vector: Any, number: float) -> Any:
    return ir.Constant(vector, [number] * vector.count)


def _sum(builder: Any, vector: Any) -> Any:
    """Add the lanes of a vector pairwise."""
    while (count := vector.type.count) > 1:
        halves = [
            builder.shuffle_vector(
                vector,
                vector,
                ir.Constant(ir.VectorType(_INT32, count // 2), list(range(start, start + count // 2))),
            )
            for start in (0, count // 2)
        ]
        vector = builder.fadd(*halves)
    return builder.extract_element(vector, _INT32(0))


def _clip(builder: Any, x: Any, low: float, high: float) -> Any:
    """Clip to [low, high]; a NaN stays a NaN, so that a diverged run can be seen."""
    too_low = builder.fcmp_ordered("<", x, _constant(x.type, low))
    x = builder.select(too_low, _constant(x.type, low), x)
    too_high = builder.fcmp_ordered(">", x, _constant(x.type, high))
    return builder.select(too_high, _constant(x.type, high), x)


# 2**f on [-1/2, 1/2]: the Taylor coefficients ln(2)**n / n!, good to 1e-7 relative.
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
    integers = ir.VectorType(_INT32, vector.count)
    scaled = builder.fmul(_clip(builder, x, -80.0, 80.0), _constant(vector, -1.4426950408889634))
    rint = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(vector, [vector]), f"llvm.rint.v{vector.count}f32"
    )
    whole = builder.call(rint, [scaled])
    fraction = builder.fsub(scaled, whole)
    power = _constant(vector, _EXP2[0])
    for coefficient in _EXP2[1:]:
        power = _multiply_add(builder, power, fraction, _constant(vector, coefficient))
    exponent = builder.shl(
        builder.add(builder.fptosi(whole, integers), ir.Constant(integers, [127] * vector.count)),
        ir.Constant(integers, [23] * vector.count),
    )
    exponential = builder.fmul(power, builder.bitcast(exponent, vector))  # exp(-x)
    one = _constant(vector, 1.0)
    return builder.fdiv(one, builder.fadd(one, exponential))


def _tangent(builder: Any, x: Any) -> Any:
    """Return ``1 / 2 + x / 4``, the sigmoid to first order, in every lane."""
    return _multiply_add(builder, x, _constant(x.type, 0.25), _constant(x.type, 0.5))


def _accumulate(builder: Any, count: Any, initial: list[Any], body: Any) -> list[Any]:
    """Emit `for i in range(count): values = body(i, values)` with the values in registers."""
    before = builder.basic_block
    loop = builder.append_basic_block("simd.loop")
    after = builder.append_basic_block("simd.after")
    builder.cbranch(builder.icmp_signed(">", count, _INT64(0)), loop, after)
    builder.position_at_end(loop)
    index = builder.phi(_INT64)
    phis = [builder.phi(value.type) for value in initial]
    values = body(index, phis)
    following = builder.add(index, _INT64(1))
    end_of_body = builder.basic_block
    builder.cbranch(builder.icmp_signed("<", following, count), loop, after)
    index.add_incoming(_INT64(0), before)
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


def _dot_products(builder: Any, vector: Any, rows: list[Any], chunks: Any) -> list[Any]:
    """Return the products of a vector with some rows, each still spread over 16 lanes."""

    def dot(chunk: Any, sums: list[Any]) -> list[Any]:
        offset = builder.mul(chunk, _INT64(LANES))
        x = _load(builder, vector, offset)
        return [
            _multiply_add(builder, x, _load(builder, row, offset), total) for row, total in zip(rows, sums, strict=True)
        ]

    return _accumulate(builder, chunks, [_constant(_VECTOR, 0.0)] * len(rows), dot)


def _sums(builder: Any, vectors: list[Any]) -> list[Any]:
    """Add the lanes of each of many vectors; return the sums, in order, as the lanes of vectors of 16."""
    sums = []
    for start in range(0, len(vectors), LANES):
        level = vectors[start : start + LANES]
        level += [_constant(_VECTOR, 0.0)] * (LANES - len(level))
        size = LANES
        while len(level) > 1:  # vectors of `size` lanes for each sum become half as many of half as many lanes
            size //= 2
            level = [_folded(builder, *pair, size) for pair in zip(level[::2], level[1::2], strict=True)]
        sums += level
    return sums


def _folded(builder: Any, left: Any, right: Any, size: int) -> Any:
    """Add the second `size` lanes of every twice as many to the first; put the right vector's behind the left one's."""
    firsts = [
        lane + place
        for lane in (0, LANES)
        for start in range(0, LANES, 2 * size)
        for place in range(start, start + size)
    ]
    indices = ir.VectorType(_INT32, LANES)
    halves = [
        builder.shuffle_vector(left, right, ir.Constant(indices, [place + shift for place in firsts]))
        for shift in (0, size)
    ]
    return builder.fadd(*halves)


Link = Callable[[Any, Any], Any]  # emits a function of a vector: (builder, vector) -> vector

LINKS: dict[str, Link] = {  # each loss's derivative
    "logistic": _sigmoid,
    "quartic": _tangent,
}


def link_instructions(loss: str) -> str:
    """Return the instructions that a loss's link emits, which a kernel compiled for another link does not have."""
    module = ir.Module()
    function = ir.Function(module, ir.FunctionType(_VECTOR, [_VECTOR]), "link")
    builder = ir.IRBuilder(function.append_basic_block())
    builder.ret(LINKS[loss](builder, function.args[0]))
    return str(module)


@intrinsic(prefer_literal=True)
def gradient_step(typingctx, loss, input_addresses, output_addresses, rates, n_inputs, n_outputs, n_chunks):
    """Train some input vectors against some output vectors by one gradient step of a loss, a key of `LINKS`.

    `input_addresses` and `output_addresses` point at int64 addresses; `rates` at ``n_inputs * n_outputs`` floats, those
    of the first input first, in memory of whole vectors. The first output is the one that the inputs belong to. With
    ``x = inputs @ outputs.T`` and ``g = rates * (label - link(x))``, ``outputs += g.T @ inputs`` and, of the outputs
    from before, ``inputs += g @ outputs``. Reference: ``reference.gradient_step``.
    """
    n_in, n_out = n_inputs.literal_value, n_outputs.literal_value
    signature = types.void(loss, types.int64, types.int64, types.int64, n_inputs, n_outputs, types.int64)

    def codegen(context, builder, signature, arguments):
        _, input_addresses, output_addresses, rates, _, _, chunks = arguments
        link = LINKS[loss.literal_value]  # looked up for each kernel: Numba types a call by the loss's name once
        inputs, outputs = (
            _row_pointers(builder, input_addresses, n_in),
            _row_pointers(builder, output_addresses, n_out),
        )
        rates = _pointer(builder, rates, _FLOAT)

        def dot(chunk: Any, sums: list[Any]) -> list[Any]:
            offset = builder.mul(chunk, _INT64(LANES))
            olds = [_load(builder, row, offset) for row in inputs]
            rows = [_load(builder, row, offset) for row in outputs]
            pairs = [(old, row) for old in olds for row in rows]
            return [_multiply_add(builder, *pair, total) for pair, total in zip(pairs, sums, strict=True)]

        totals = _accumulate(builder, chunks, [_constant(_VECTOR, 0.0)] * (n_in * n_out), dot)
        steps = []
        for part, x in enumerate(_sums(builder, totals)):
            places = range(part * LANES, (part + 1) * LANES)
            labels = ir.Constant(_VECTOR, [1.0 if place % n_out == 0 else 0.0 for place in places])
            error = builder.fsub(labels, link(builder, x))
            gradient = builder.fmul(_load(builder, rates, _INT64(part * LANES)), error)
            steps += [_splat(builder, builder.extract_element(gradient, _INT32(lane))) for lane in range(LANES)]

        def update(chunk: Any, _: list[Any]) -> list[Any]:
            offset = builder.mul(chunk, _INT64(LANES))
            olds = [_load(builder, row, offset) for row in inputs]
            moves = [_constant(_VECTOR, 0.0)] * n_in
            for slot, output in enumerate(outputs):
                old = new = _load(builder, output, offset)
                for which in range(n_in):
                    step = steps[which * n_out + slot]
                    moves[which] = _multiply_add(builder, step, old, moves[which])
                    new = _multiply_add(builder, step, olds[which], new)
                _store(builder, new, output, offset)
            for row, move in zip(inputs, moves, strict=True):  # loaded again: a row may be there twice
                _store(builder, builder.fadd(_load(builder, row, offset), move), row, offset)
            return []

        _accumulate(builder, chunks, [], update)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic(prefer_literal=True)
def weighted_row_sum(typingctx, data_address, index_address, n_entries, dense_address, out_address, n_vectors):
    """Write ``sum_e data[e] * dense[index[e]]`` for rows of `n_vectors` whole vectors, summed in registers."""
    vectors = n_vectors.literal_value
    signature = types.void(types.int64, types.int64, types.int64, types.int64, types.int64, n_vectors)

    def codegen(context, builder, signature, arguments):
        data, index, count, dense, out, _ = arguments
        data = _pointer(builder, data, _FLOAT)
        index = _pointer(builder, index, _INT32)
        dense = _pointer(builder, dense, _FLOAT)
        out = _pointer(builder, out, _FLOAT)

        def add_entry(entry: Any, sums: list[Any]) -> list[Any]:
            weight = _splat(builder, builder.load(builder.gep(data, [entry])))
            column = builder.sext(builder.load(builder.gep(index, [entry])), _INT64)
            start = builder.mul(column, _INT64(vectors * LANES))
            return [
                _multiply_add(builder, weight, _load(builder, dense, builder.add(start, _INT64(v * LANES))), total)
                for v, total in enumerate(sums)
            ]

        sums = _accumulate(builder, count, [_constant(_VECTOR, 0.0)] * vectors, add_entry)
        for v, total in enumerate(sums):
            _store(builder, total, out, _INT64(v * LANES))
        return context.get_dummy_value()

    return signature, codegen


@intrinsic(prefer_literal=True)
def add_weighted_rows(typingctx, out_address, vector_address, row_addresses, constants, slopes, n_rows, n_chunks):
    """Add ``(constants + slopes * x) @ rows`` to `out`, where ``x = rows @ vector``.

    `row_addresses` points at `n_rows` int64 addresses; `constants` and `slopes` at as many floats, in memory of whole
    vectors. Rows are loaded once for the dot products and once for the sum.
    """
    rows = n_rows.literal_value
    signature = types.void(types.int64, types.int64, types.int64, types.int64, types.int64, n_rows, types.int64)

    def codegen(context, builder, signature, arguments):
        out, vector, addresses, constants, slopes, _, chunks = arguments
        out, vector = (_pointer(builder, address, _FLOAT) for address in (out, vector))
        inputs = _row_pointers(builder, addresses, rows)
        constants, slopes = (_pointer(builder, address, _FLOAT) for address in (constants, slopes))
        steps = []
        for part, x in enumerate(_sums(builder, _dot_products(builder, vector, inputs, chunks))):
            constant, slope = (_load(builder, base, _INT64(part * LANES)) for base in (constants, slopes))
            step = _multiply_add(builder, slope, x, constant)
            steps += [_splat(builder, builder.extract_element(step, _INT32(lane))) for lane in range(LANES)]
        steps = steps[:rows]

        def add(chunk: Any, _: list[Any]) -> list[Any]:
            offset = builder.mul(chunk, _INT64(LANES))
            total = _load(builder, out, offset)
            for row, step in zip(inputs, steps, strict=True):
                total = _multiply_add(builder, step, _load(builder, row, offset), total)
            _store(builder, total, out, offset)
            return []

        _accumulate(builder, chunks, [], add)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic(prefer_literal=True)
def row_dot_products(typingctx, out_address, vector_address, row_addresses, n_rows, n_chunks):
    """Write ``rows @ vector`` to `n_rows` floats at `out`; `row_addresses` points at as many int64 addresses."""
    rows = n_rows.literal_value
    signature = types.void(types.int64, types.int64, types.int64, n_rows, types.int64)

    def codegen(context, builder, signature, arguments):
        out, vector, addresses, _, chunks = arguments
        inputs = _row_pointers(builder, addresses, rows)
        out = _pointer(builder, out, _FLOAT)
        for row, total in enumerate(_dot_products(builder, _pointer(builder, vector, _FLOAT), inputs, chunks)):
            builder.store(_sum(builder, total), builder.gep(out, [_INT64(row)]))
        return context.get_dummy_value()

    return signature, codegen
