"""Vector arithmetic of the kernels, as Numba intrinsics.

Rows are padded with zeros to a multiple of ``LANES`` floats, and every update leaves the padding at zero. Each row is
loaded once for the dot products and once for the update. All sums stay in registers.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from .links import LINKS
from .llvm import (
    FLOAT,
    INT32,
    INT64,
    LANES,
    VECTOR,
    constant_vector,
    dot_products,
    load,
    loop,
    multiply_add,
    pointer_to,
    row_pointers,
    splat,
    store,
    sum_of_lanes,
    sums_of_lanes,
)


@intrinsic(prefer_literal=True)
def gradient_step(typingctx, loss, input_addresses, output_addresses, rates, n_inputs, n_outputs, n_chunks):
    """Take one gradient step of some input vectors against some output vectors; the loss is a key of `LINKS`.

    `input_addresses` and `output_addresses` point at int64 addresses; `rates` at ``n_inputs * n_outputs`` floats, input
    by input, padded to whole vectors. The first output is the positive pair of the inputs. With
    ``x = inputs @ outputs.T`` and ``g = rates * (label - link(x))``, ``outputs += g.T @ inputs`` and, with the outputs
    before the step, ``inputs += g @ outputs``. The reference is ``reference.sgns.gradient_step``.
    """
    n_in, n_out = n_inputs.literal_value, n_outputs.literal_value
    signature = types.void(loss, types.int64, types.int64, types.int64, n_inputs, n_outputs, types.int64)

    def codegen(context, builder, signature, arguments):
        _, input_addresses, output_addresses, rates, _, _, chunks = arguments
        link = LINKS[loss.literal_value]  # looked up per kernel: Numba resolves a call by the loss's name only once
        inputs, outputs = (
            row_pointers(builder, input_addresses, n_in),
            row_pointers(builder, output_addresses, n_out),
        )
        rates = pointer_to(builder, rates, FLOAT)

        def dot(chunk: Any, sums: list[Any]) -> list[Any]:
            offset = builder.mul(chunk, INT64(LANES))
            olds = [load(builder, row, offset) for row in inputs]
            rows = [load(builder, row, offset) for row in outputs]
            pairs = [(old, row) for old in olds for row in rows]
            return [multiply_add(builder, *pair, total) for pair, total in zip(pairs, sums, strict=True)]

        totals = loop(builder, chunks, [constant_vector(VECTOR, 0.0)] * (n_in * n_out), dot)
        steps = []
        for part, x in enumerate(sums_of_lanes(builder, totals)):
            places = range(part * LANES, (part + 1) * LANES)
            labels = ir.Constant(VECTOR, [1.0 if place % n_out == 0 else 0.0 for place in places])
            error = builder.fsub(labels, link(builder, x))
            gradient = builder.fmul(load(builder, rates, INT64(part * LANES)), error)
            steps += [splat(builder, builder.extract_element(gradient, INT32(lane))) for lane in range(LANES)]

        def update(chunk: Any, _: list[Any]) -> list[Any]:
            offset = builder.mul(chunk, INT64(LANES))
            olds = [load(builder, row, offset) for row in inputs]
            moves = [constant_vector(VECTOR, 0.0)] * n_in
            for slot, output in enumerate(outputs):
                old = new = load(builder, output, offset)
                for which in range(n_in):
                    step = steps[which * n_out + slot]
                    moves[which] = multiply_add(builder, step, old, moves[which])
                    new = multiply_add(builder, step, olds[which], new)
                store(builder, new, output, offset)
            for row, move in zip(inputs, moves, strict=True):  # loaded again, since a row may occur twice
                store(builder, builder.fadd(load(builder, row, offset), move), row, offset)
            return []

        loop(builder, chunks, [], update)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic(prefer_literal=True)
def weighted_row_sum(typingctx, data_address, index_address, n_entries, dense_address, out_address, n_vectors):
    """Write ``sum_e data[e] * dense[index[e]]`` for rows of `n_vectors` vectors; the sums stay in registers."""
    vectors = n_vectors.literal_value
    signature = types.void(types.int64, types.int64, types.int64, types.int64, types.int64, n_vectors)

    def codegen(context, builder, signature, arguments):
        data, index, count, dense, out, _ = arguments
        data = pointer_to(builder, data, FLOAT)
        index = pointer_to(builder, index, INT32)
        dense = pointer_to(builder, dense, FLOAT)
        out = pointer_to(builder, out, FLOAT)

        def add_entry(entry: Any, sums: list[Any]) -> list[Any]:
            weight = splat(builder, builder.load(builder.gep(data, [entry])))
            column = builder.sext(builder.load(builder.gep(index, [entry])), INT64)
            start = builder.mul(column, INT64(vectors * LANES))
            return [
                multiply_add(builder, weight, load(builder, dense, builder.add(start, INT64(v * LANES))), total)
                for v, total in enumerate(sums)
            ]

        sums = loop(builder, count, [constant_vector(VECTOR, 0.0)] * vectors, add_entry)
        for v, total in enumerate(sums):
            store(builder, total, out, INT64(v * LANES))
        return context.get_dummy_value()

    return signature, codegen


@intrinsic(prefer_literal=True)
def add_weighted_rows(typingctx, out_address, vector_address, row_addresses, constants, slopes, n_rows, n_chunks):
    """Add ``(constants + slopes * x) @ rows`` to `out`, where ``x = rows @ vector``.

    `row_addresses` points at `n_rows` int64 addresses; `constants` and `slopes` at `n_rows` floats, padded to whole
    vectors. Rows are loaded once for the dot products and once for the sum.
    """
    rows = n_rows.literal_value
    signature = types.void(types.int64, types.int64, types.int64, types.int64, types.int64, n_rows, types.int64)

    def codegen(context, builder, signature, arguments):
        out, vector, addresses, constants, slopes, _, chunks = arguments
        out, vector = (pointer_to(builder, address, FLOAT) for address in (out, vector))
        inputs = row_pointers(builder, addresses, rows)
        constants, slopes = (pointer_to(builder, address, FLOAT) for address in (constants, slopes))
        steps = []
        for part, x in enumerate(sums_of_lanes(builder, dot_products(builder, vector, inputs, chunks))):
            constant, slope = (load(builder, base, INT64(part * LANES)) for base in (constants, slopes))
            step = multiply_add(builder, slope, x, constant)
            steps += [splat(builder, builder.extract_element(step, INT32(lane))) for lane in range(LANES)]
        steps = steps[:rows]

        def add(chunk: Any, _: list[Any]) -> list[Any]:
            offset = builder.mul(chunk, INT64(LANES))
            total = load(builder, out, offset)
            for row, step in zip(inputs, steps, strict=True):
                total = multiply_add(builder, step, load(builder, row, offset), total)
            store(builder, total, out, offset)
            return []

        loop(builder, chunks, [], add)
        return context.get_dummy_value()

    return signature, codegen


@intrinsic(prefer_literal=True)
def row_dot_products(typingctx, out_address, vector_address, row_addresses, n_rows, n_chunks):
    """Write ``rows @ vector``, of shape (n_rows,), to `out`; `row_addresses` points at `n_rows` int64 addresses."""
    rows = n_rows.literal_value
    signature = types.void(types.int64, types.int64, types.int64, n_rows, types.int64)

    def codegen(context, builder, signature, arguments):
        out, vector, addresses, _, chunks = arguments
        inputs = row_pointers(builder, addresses, rows)
        out = pointer_to(builder, out, FLOAT)
        for row, total in enumerate(dot_products(builder, pointer_to(builder, vector, FLOAT), inputs, chunks)):
            builder.store(sum_of_lanes(builder, total), builder.gep(out, [INT64(row)]))
        return context.get_dummy_value()

    return signature, codegen
