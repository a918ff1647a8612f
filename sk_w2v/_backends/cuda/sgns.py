"""Skip-gram with negative sampling on the device, one warp for a center and its window.

The text is processed in chunks; the next chunk is copied during training. For each chunk the kept tokens, the reach of
their windows and their noise words are drawn first, as on every backend. Then warps train runs of tokens in parallel on
shared vectors. They add updates atomically, so none is lost, but a vector that a warp reads may be a few
hundred windows old. As with several threads on the CPU, the quality is the same, but results differ from run to run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..._typing import Float32Array, Int32Array, Int64Array, UInt32Array, UInt64Array
from ..noise import AliasTable
from .device import Kernels, load_cupy, within_memory

DRAWS = Kernels("draws")
TOKENS_AT_ONCE, FEWEST_TOKENS = 1 << 22, 1 << 14  # of a chunk: 16 MB of ids, and up to 150 MB of draws
CENTERS_PER_WARP = 32  # at least
# More warps would add too many updates computed from old vectors. In a simulation on 0.84 million words of text, 256
# windows in parallel reach the loss of sequential training; 2,640, which a large card could run, diverge (docs/gpu.md).
WARPS_AT_ONCE = 256
WARPS_PER_BLOCK = 4
LANES = 32
MOST_INPUTS = 4  # the same as in the kernel
# The derivative of each loss, as an expression of x in CUDA C.
LINKS = {"logistic": "1.0f / (1.0f + __expf(-(x)))", "quartic": "0.25f * (x) + 0.5f"}
MOST_IN_REGISTERS = 1024  # numbers per row: four rows then take 128 of a lane's 255 registers


class Chunk(NamedTuple):
    """Some documents on the device, and the draws for them.

    Attributes
    ----------
    ids : int32 array of shape (n_tokens,)
    kept : int64 array of shape (n_kept,)
        The positions in `ids` of the tokens that subsampling keeps.
    bounds : int64 array of shape (n_documents + 1,)
        The start of each document in `kept`.
    reach : int32 array of shape (n_kept,)
        How many tokens each window reaches to each side.
    noise : int32 array of shape (n_kept, negative)
    first_position : int
        Position of the first token in the corpus.
    """

    ids: Any
    kept: Any
    bounds: Any
    reach: Any
    noise: Any
    first_position: int


class Draws(NamedTuple):
    """The distributions of pairs and noise words on the device; see ``reference.train_tokens``."""

    keep: Any
    thresholds: Any
    alternatives: Any
    reach: Any
    negative: int
    stream: np.uint64


def train_tokens(
    words_wd: Float32Array,
    contexts_wd: Float32Array,
    ids_t: Int32Array,
    offsets_d: Int64Array,
    *,
    keep_w: UInt32Array,
    noise: AliasTable,
    reach_o: UInt64Array,
    negative: int,
    learning_rates: tuple[float, float],
    stream: np.uint64,
    loss: str = "logistic",
    share_noise: bool = True,
    n_jobs: int = 1,
) -> None:
    """Train the vectors by one pass over the documents; see ``reference.train_tokens``.

    Rows must be padded to whole 64-byte lines. If the pass fails, the vectors are unchanged.

    Raises
    ------
    ValueError
        If `share_noise` is false.
    MemoryError
        If the device has too little memory, or the vectors of a window exceed the shared memory of a block.
    """
    if not share_noise:
        raise ValueError('share_noise=False with backend="cuda": its kernel shares noise; use backend="cpu".')
    xp = load_cupy()
    tied = contexts_wd is words_wd
    keep, thresholds, alternatives, reach = map(xp.asarray, (keep_w, *noise, reach_o))
    draws = Draws(keep, thresholds, alternatives, reach, negative, stream)
    kernel = "train_tied" if tied else "train_untied"
    first, last = learning_rates
    rates = np.float64(first), np.float64((last - first) / len(ids_t))

    def train_all(most_tokens: int) -> tuple[Any, Any]:
        words = xp.asarray(words_wd)
        contexts = words if tied else xp.asarray(contexts_wd)
        for chunk in _chunks(ids_t, offsets_d, draws, most_tokens):
            _train_chunk(kernel, LINKS[loss], words, contexts, chunk, rates)
        return words, contexts

    advice = "split long documents, or lower max_features or n_components"
    words, contexts = within_memory(train_all, TOKENS_AT_ONCE, FEWEST_TOKENS, advice)
    words_wd[:] = words.get()
    if not tied:
        contexts_wd[:] = contexts.get()


def _chunks(ids_t: Int32Array, offsets_d: Int64Array, draws: Draws, most_tokens: int) -> Iterator[Chunk]:
    """Yield chunks of whole documents, while the text of the next one is copied to the device."""
    xp = load_cupy()
    copying, pieces = xp.cuda.Stream(non_blocking=True), _pieces(offsets_d, most_tokens)

    def upload(piece: tuple[int, int]) -> Any:
        with copying:
            return xp.asarray(ids_t[offsets_d[piece[0]] : offsets_d[piece[1]]])

    following = upload(pieces[0])
    for index, piece in enumerate(pieces):
        present = following
        copying.synchronize()
        yield _draw(present, offsets_d[piece[0] : piece[1] + 1], draws)
        if index + 1 < len(pieces):
            following = upload(pieces[index + 1])
        xp.cuda.get_current_stream().synchronize()  # before `present` may be overwritten


def _pieces(offsets_d: Int64Array, most_tokens: int) -> list[tuple[int, int]]:
    """Cut the documents into runs ``(first, last + 1)`` of at most `most_tokens` tokens, or of one document.

    >>> _pieces(np.array([0, 3, 3, 5, 20, 21]), 5)
    [(0, 3), (3, 4), (4, 5)]
    """
    runs = [(0, 0)]
    while (first := runs[-1][1]) < len(offsets_d) - 1:
        end = int(np.searchsorted(offsets_d, offsets_d[first] + most_tokens, side="right")) - 1
        runs.append((first, max(end, first + 1)))
    return runs[1:]


def _draw(ids: Any, offsets_d: Int64Array, draws: Draws) -> Chunk:
    """Draw the kept tokens of a chunk, their windows and their noise words."""
    xp, first_position = load_cupy(), int(offsets_d[0])
    marks = xp.empty(len(ids), dtype=xp.bool_)
    place, stream = np.int64(first_position), np.uint64(draws.stream)
    DRAWS.launch_over(len(ids), "mark_kept", ids, np.int64(len(ids)), place, draws.keep, stream, marks)
    kept = xp.flatnonzero(marks)
    reach = xp.empty(len(kept), dtype=xp.int32)
    noise = xp.empty((len(kept), draws.negative), dtype=xp.int32)
    DRAWS.launch_over(
        len(kept),
        "draw_windows",
        kept,
        np.int64(len(kept)),
        place,
        draws.reach,
        np.int32(len(draws.reach)),
        draws.thresholds,
        draws.alternatives,
        np.uint64(len(draws.thresholds)),
        np.int32(draws.negative),
        stream,
        reach,
        noise,
    )
    bounds = xp.searchsorted(kept, xp.asarray(offsets_d - first_position))
    return Chunk(ids, kept, bounds, reach, noise, first_position)


def _train_chunk(
    kernel: str, link: str, words: Any, contexts: Any, chunk: Chunk, rates: tuple[np.float64, np.float64]
) -> None:
    """Train the vectors on the windows of a chunk."""
    n_kept, negative = chunk.noise.shape
    if n_kept == 0:
        return
    width = words.shape[1]
    n_parts = -(-width // (4 * LANES)) if width <= MOST_IN_REGISTERS else 0
    n_warps, shared_bytes = _block(width, 1 + negative, 0 if n_parts else MOST_INPUTS)
    n_centers = max(CENTERS_PER_WARP, -(-n_kept // WARPS_AT_ONCE))
    Kernels("sgns", (("PARTS_IN_REGISTERS", n_parts), ("LINK(x)", f"({link})"))).launch(
        kernel,
        (-(-n_kept // (n_centers * n_warps)),),
        (LANES * n_warps,),
        words,
        contexts,
        np.int32(width),
        chunk.ids,
        chunk.kept,
        chunk.bounds,
        np.int64(n_kept),
        np.int32(len(chunk.bounds) - 1),
        chunk.reach,
        chunk.noise,
        np.int32(negative),
        np.int64(chunk.first_position),
        *rates,
        np.int32(n_centers),
        shared_bytes=shared_bytes,
    )


def _block(width: int, n_outputs: int, n_inputs: int) -> tuple[int, int]:
    """Return the number of warps of a block, and the bytes of shared memory for the rows of all its warps."""
    floats = (n_inputs + n_outputs) * width + (MOST_INPUTS + 2) * n_outputs
    bytes_of_warp = 16 * -(-floats // 4)
    most = load_cupy().cuda.Device().attributes["MaxSharedMemoryPerBlockOptin"]
    n_warps = min(WARPS_PER_BLOCK, most // bytes_of_warp)
    if n_warps == 0:
        raise MemoryError(
            f"A window of {n_outputs} outputs of {width} numbers takes {bytes_of_warp} bytes of shared memory, and the "
            f'device has {most}; lower negative or n_components, or use backend="cpu".'
        )
    return n_warps, n_warps * bytes_of_warp
