"""One file over all backends: they share signatures, and compute what the reference computes."""

from __future__ import annotations

import inspect
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sk_w2v._backends import BACKENDS, backend_name, get_backend, reference
from sk_w2v._backends.aligned import LINE_BYTES, aligned_rows, aligned_zeros, padded_width
from sk_w2v._backends.cpu import sgns
from sk_w2v._backends.cpu.llvm import LANES
from sk_w2v._backends.cpu.threads import even_pieces, run_in_threads
from sk_w2v._backends.noise import AliasTable, alias_table
from sk_w2v._backends.randomness import below, epoch_stream, low_half, random_bits
from sk_w2v._backends.reference.sgns import LINKS, gradient_step
from sk_w2v._backends.skipgrams import draw_noise, skip_gram_pairs
from sk_w2v.cooccurrence import count_cooccurrences, window_weights
from sk_w2v.corpus import Corpus, Vocabulary
from sk_w2v.solvers._sampling import make_sampling

patient = settings(deadline=None)  # a busy machine is slow at times, and the first example may compile a kernel

FUNCTIONS = ("tokenize_blocks", "count_pairs", "place_matrix", "matmat", "pair_products", "quartic_sum", "solve_rows")
FUNCTIONS += ("train_tokens", "train_replicas", "merge_replicas")
FAST_BACKENDS = [name for name in BACKENDS if name != "reference"]

fast_backend = pytest.mark.parametrize("backend", [get_backend(name) for name in FAST_BACKENDS], ids=FAST_BACKENDS)
every_backend = pytest.mark.parametrize("backend", [get_backend(name) for name in BACKENDS], ids=BACKENDS)


def random_corpus(n_words: int, lengths: list[int], *, seed: int = 0) -> Corpus:
    """Return documents of given lengths, of words whose frequencies fall like 1 / rank."""
    frequencies = 1 / np.arange(1, n_words + 1)
    rng = np.random.default_rng(seed)
    ids = rng.choice(n_words, sum(lengths), p=frequencies / frequencies.sum())
    return Corpus(ids.astype(np.int32), np.cumsum([0, *lengths], dtype=np.int64))


# --- the modules ---------------------------------------------------------------------------------


@every_backend
def test_every_backend_has_an_array_namespace(backend):
    assert callable(backend.xp.linalg.qr)


@fast_backend
@pytest.mark.parametrize("function", FUNCTIONS)
def test_backends_have_the_same_functions_with_the_same_parameters(backend, function):
    def parameters(module):
        signature = inspect.signature(getattr(module, function))
        return [(each.name, each.kind, each.default) for each in signature.parameters.values()]

    assert parameters(backend) == parameters(reference)


@every_backend
def test_a_backend_is_found_by_its_own_name(backend):
    assert get_backend(backend_name(backend)) is backend


def test_auto_takes_the_fast_backend_of_this_machine():
    assert backend_name(get_backend("auto")) == backend_name(get_backend()) == "cpu"


@pytest.mark.parametrize("name", ["threads", "noise", ""])
def test_a_name_that_is_no_backend_is_refused(name):
    with pytest.raises(ValueError, match=rf"backend='{name}' is unknown; use 'auto' or one of"):
        get_backend(name)


# --- counting ------------------------------------------------------------------------------------

CORPORA = {
    "many short documents": random_corpus(40, [0, 1, 2, 3, 17, 0, 5, 30, 1] * 4),
    "one long document": random_corpus(300, [2000]),
    "one word": random_corpus(1, [5]),
    "empty documents": random_corpus(7, [0, 0]),
    "more words than tokens": random_corpus(500, [30, 20]),
    "more words than 16 bits can number": Corpus(
        np.array([70_000, 1, 65_536, 0, 65_535, 1, 70_000], dtype=np.int32), np.array([0, 4, 7])
    ),
}


@fast_backend
@pytest.mark.parametrize("n_jobs", [1, 2, 4])
@pytest.mark.parametrize("corpus", list(CORPORA.values()), ids=list(CORPORA))
@pytest.mark.parametrize("weights", [[1], [4, 3, 2, 1], [2**40, 1, 1], [1] * 70, [2] * 300])
def test_counts_equal_the_reference_exactly(backend, n_jobs, corpus, weights):
    n_words = int(corpus.ids.max(initial=0)) + 1
    arguments = corpus.ids, corpus.offsets, np.array(weights, dtype=np.int64)
    counted = backend.count_pairs(*arguments, n_words=n_words, n_jobs=n_jobs)
    defined = reference.count_pairs(*arguments, n_words=n_words)
    for array, same in zip(counted, defined, strict=True):
        assert array.dtype == same.dtype
        assert array.tolist() == same.tolist()


@every_backend
@pytest.mark.parametrize("rows", [(0, 1), (0, 40), (7, 8), (3, 31), (39, 40)])
def test_some_rows_are_those_of_the_whole(backend, rows):
    corpus = CORPORA["many short documents"]
    arguments = corpus.ids, corpus.offsets, np.array([3, 2, 1], dtype=np.int64)
    indptr, indices, counts = backend.count_pairs(*arguments, n_words=40, rows=rows)
    whole_indptr, *whole = reference.count_pairs(*arguments, n_words=40)
    assert indptr.tolist() == (whole_indptr[rows[0] : rows[1] + 1] - whole_indptr[rows[0]]).tolist()
    first, end = whole_indptr[[rows[0], rows[1]]]
    for array, same in zip((indices, counts), whole, strict=True):
        assert array.tolist() == same[first:end].tolist()


@fast_backend
@pytest.mark.parametrize("n_words", [2**16 - 1, 2**16, 2**16 + 1])
def test_counts_are_right_on_both_sides_of_16_bit_ids(backend, n_words):
    ids = np.array([0, n_words - 1, 1, n_words - 1, n_words - 2], dtype=np.int32)
    arguments = ids, np.array([0, 5]), np.array([300, 2], dtype=np.int64)
    counted = backend.count_pairs(*arguments, n_words=n_words)
    for array, same in zip(counted, reference.count_pairs(*arguments, n_words=n_words), strict=True):
        assert np.array_equal(array, same)


@fast_backend
def test_windows_of_more_than_255_tokens_are_counted(backend):
    corpus = CORPORA["one long document"]
    for window in (255, 256):
        arguments = corpus.ids, corpus.offsets, np.arange(window, 0, -1)
        counted = backend.count_pairs(*arguments, n_words=300)
        for array, same in zip(counted, reference.count_pairs(*arguments, n_words=300), strict=True):
            assert np.array_equal(array, same)


# --- products ------------------------------------------------------------------------------------


def random_matrix(n_words: int, *, seed: int = 0) -> sparse.csr_array:
    """Return a symmetric float32 CSR array; about a third of its rows are empty."""
    rng = np.random.default_rng(seed)
    dense = rng.standard_normal((n_words, n_words)) * (rng.random((n_words, n_words)) < 0.1)
    alive = np.arange(n_words) % 3 > 0
    dense = np.where(np.outer(alive, alive), dense + dense.T, 0)
    return sparse.csr_array(dense.astype(np.float32))


@fast_backend
@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("n_columns", [1, 15, 16, 17, 64, 65, 130])
def test_products_equal_the_reference(backend, n_jobs, n_columns):
    matrix = random_matrix(90)
    block = np.random.default_rng(1).standard_normal((90, n_columns)).astype(np.float32)
    product = backend.matmat(matrix, backend.xp.asarray(block), n_jobs=n_jobs)
    assert product.dtype == np.float32
    # Sums of about 10 float32 numbers of order 1, in another order: a few units of 1e-7 each.
    np.testing.assert_allclose(product, reference.matmat(matrix, block), atol=1e-5)
    assert np.all(np.asarray(product)[::3] == 0)  # empty rows


@fast_backend
def test_products_do_not_depend_on_the_number_of_threads(backend):
    matrix = random_matrix(90)
    block = np.random.default_rng(1).standard_normal((90, 20)).astype(np.float32)
    one, three = (backend.matmat(matrix, block, n_jobs=n_jobs) for n_jobs in (1, 3))
    assert np.array_equal(one, three)


@fast_backend
def test_products_take_columns_of_a_larger_array(backend):
    matrix = random_matrix(90)
    wide = np.random.default_rng(1).standard_normal((90, 50)).astype(np.float32)
    part = wide[:, 7:40]  # not contiguous
    np.testing.assert_allclose(backend.matmat(matrix, part), reference.matmat(matrix, part), atol=1e-5)


@fast_backend
@pytest.mark.parametrize("dtype", [np.float64, np.int64])
def test_products_do_not_misread_wide_indices_and_values(backend, dtype):
    # SciPy gives 64-bit indices to matrices of 2**31 entries and more, and to some that users make.
    matrix = random_matrix(90)
    wide = sparse.csr_array((90, 90), dtype=dtype)
    wide.data, wide.indices = (10 * matrix.data).astype(dtype), matrix.indices.astype(np.int64)
    wide.indptr = matrix.indptr.astype(np.int64)
    block = np.random.default_rng(1).standard_normal((90, 5)).astype(np.float32)
    np.testing.assert_allclose(backend.matmat(wide, block), reference.matmat(wide, block), rtol=1e-5, atol=1e-4)


# --- training ------------------------------------------------------------------------------------


def linear_reach(window: int) -> np.ndarray:
    """Return word2vec's windows: of all widths up to one, equally often."""
    return make_sampling(np.ones(2, int), np.ones(2) / 2, window=window, negative=1, subsample=0.0).reach


def start_vectors(n_words: int, n_components: int) -> tuple[np.ndarray, np.ndarray]:
    """Return padded word and context vectors with entries of order 1."""
    vectors = np.random.default_rng(2).standard_normal((2, n_words, n_components)).astype(np.float32)
    return aligned_rows(vectors[0]), aligned_rows(vectors[1])


def train(
    backend,
    corpus,
    *,
    n_components,
    window,
    negative,
    subsample=0.0,
    n_words=30,
    loss="logistic",
    tied=False,
    n_jobs=1,
    share_noise=True,
):
    """Return the word and context vectors after one pass."""
    word_counts = np.bincount(corpus.ids, minlength=n_words) + 1
    noise = word_counts / word_counts.sum()
    sampling = make_sampling(word_counts, noise, window=window, negative=negative, subsample=subsample)
    words, contexts = start_vectors(n_words, n_components)
    contexts = words if tied else contexts
    backend.train_tokens(
        words,
        contexts,
        corpus.ids,
        corpus.offsets,
        keep_w=sampling.keep,
        noise=sampling.noise,
        reach_o=sampling.reach,
        negative=negative,
        learning_rates=(0.1, 0.02) if loss == "logistic" else (0.01, 0.002),  # the quartic loss bends without end
        stream=epoch_stream(5, 0),
        loss=loss,
        share_noise=share_noise,
        n_jobs=n_jobs,
    )
    return words, contexts


PASSES = [
    # n_components, window, negative, subsample
    (1, 1, 1, 0.0),
    (16, 2, 2, 0.0),
    (17, 5, 5, 0.0),
    (31, 3, 7, 0.01),
    (48, 4, 16, 0.0),
    (5, 10, 5, 0.05),
]


@fast_backend
@pytest.mark.parametrize(("n_components", "window", "negative", "subsample"), PASSES)
def test_a_pass_trains_the_vectors_as_the_reference_does(backend, n_components, window, negative, subsample):
    corpus = random_corpus(30, [0, 1, 2, 40, 0, 25, 3, 60])
    options = {"n_components": n_components, "window": window, "negative": negative, "subsample": subsample}
    trained, defined = (train(each, corpus, **options) for each in (backend, reference))
    for vectors, same in zip(trained, defined, strict=True):
        # About a thousand float32 steps on numbers of order 1, summed in another order and with
        # another exponential; a step left out or misplaced would show at 1e-2.
        np.testing.assert_allclose(vectors, same, rtol=1e-4, atol=1e-4)
        assert np.all(vectors[:, n_components:] == 0)  # padding


@pytest.mark.parametrize("loss", ["logistic", "quartic"])
def test_noise_of_each_pair_s_own_trains_as_the_reference_does(loss, monkeypatch):
    monkeypatch.setattr(sgns, "_tokens_per_piece", lambda *shape: 30)
    corpus = random_corpus(30, [0, 1, 2, 40, 0, 25, 3])
    options = {"n_components": 20, "window": 4, "negative": 3, "loss": loss, "share_noise": False}
    trained, defined = (train(each, corpus, **options) for each in (get_backend("cpu"), reference))
    for vectors, same in zip(trained, defined, strict=True):
        np.testing.assert_allclose(vectors, same, rtol=1e-4, atol=1e-4)
    assert not np.allclose(trained[0], train(reference, corpus, **{**options, "share_noise": True})[0], atol=1e-2)


def test_each_turn_of_a_position_draws_noise_of_its_own():
    probabilities = np.array([0.5, 0.3, 0.2])
    positions, turns = np.repeat(np.arange(5000), 4), np.tile(np.arange(4), 5000)
    drawn = draw_noise(alias_table(probabilities), 2, positions, epoch_stream(0, 0), turns=turns)
    assert np.array_equal(
        drawn[turns == 0], draw_noise(alias_table(probabilities), 2, np.arange(5000), epoch_stream(0, 0))
    )
    np.testing.assert_allclose(np.bincount(drawn.ravel()) / drawn.size, probabilities, atol=0.01)
    by_turn = drawn.reshape(5000, 8)  # two draws each of four turns: independent, so that 0.38 of them agree
    for turn in range(1, 8):
        assert np.mean(by_turn[:, 0] == by_turn[:, turn]) == pytest.approx(0.38, abs=0.03)


def test_more_noise_than_a_position_has_numbers_for_is_refused():
    counts = np.array([3, 2])
    with pytest.raises(ValueError, match="lower negative or window"):
        make_sampling(counts, counts / 5, window=4000, negative=10, subsample=0.0, share_noise=False)
    make_sampling(counts, counts / 5, window=4000, negative=10, subsample=0.0)


@fast_backend
@pytest.mark.parametrize("n_words", [3, 30])
@pytest.mark.parametrize(("loss", "tied"), [("quartic", False), ("quartic", True), ("logistic", True)])
def test_losses_and_tied_vectors_train_as_the_reference_does(backend, loss, tied, n_words):
    corpus = random_corpus(n_words, [0, 1, 2, 20, 0, 15, 3])
    options = {"n_components": 17, "window": 3, "negative": 5, "n_words": n_words, "loss": loss, "tied": tied}
    trained, defined = (train(each, corpus, **options) for each in (backend, reference))
    for vectors, same in zip(trained, defined, strict=True):
        np.testing.assert_allclose(vectors, same, rtol=1e-4, atol=1e-4)
        assert np.all(vectors[:, 17:] == 0)
    assert (trained[0] is trained[1]) == tied


@fast_backend
@pytest.mark.parametrize("n_words", [1, 2, 3])
def test_a_tiny_vocabulary_repeats_noise_words_and_draws_the_target_itself(backend, n_words):
    corpus = random_corpus(n_words, [20, 10])
    options = {"n_components": 6, "window": 3, "negative": 7, "n_words": n_words}
    for vectors, same in zip(train(backend, corpus, **options), train(reference, corpus, **options), strict=True):
        np.testing.assert_allclose(vectors, same, rtol=1e-4, atol=1e-4)


@every_backend
def test_a_corpus_without_pairs_trains_nothing(backend):
    words, contexts = train(backend, random_corpus(30, [1, 0, 1]), n_components=4, window=2, negative=1)
    start_words, start_contexts = start_vectors(30, 4)
    assert np.array_equal(words, start_words)
    assert np.array_equal(contexts, start_contexts)


def test_a_pass_does_not_depend_on_how_the_documents_are_cut_into_pieces(monkeypatch):
    corpus = random_corpus(30, [0, 1, 2, 40, 0, 25, 3, 60])
    whole = train(get_backend("cpu"), corpus, n_components=8, window=5, negative=5)
    monkeypatch.setattr(sgns, "_tokens_per_piece", lambda *shape: 10)
    pieces = train(get_backend("cpu"), corpus, n_components=8, window=5, negative=5)
    assert np.array_equal(whole[0], pieces[0])
    assert np.array_equal(whole[1], pieces[1])


def test_threads_train_every_document_once(monkeypatch):
    # Documents that share no words, nor noise that matters, cannot disturb each other: with all noise
    # words equal to word 0, which occurs nowhere, only that word's context depends on the order.
    ids = np.repeat(np.arange(1, 30, dtype=np.int32), 12)
    corpus = Corpus(ids, np.arange(0, len(ids) + 1, 12))
    monkeypatch.setattr(sgns, "_tokens_per_piece", lambda *shape: 12)
    noise = alias_table(np.eye(30)[0])
    keep = np.full(30, 2**32 - 1, dtype=np.uint32)

    def trained(backend, n_jobs):
        words, contexts = start_vectors(30, 8)
        contexts[0] = 0
        backend.train_tokens(
            words, contexts, corpus.ids, corpus.offsets, keep_w=keep, noise=noise, reach_o=linear_reach(2), negative=1,
            learning_rates=(1e-3, 1e-3), stream=epoch_stream(0, 0), n_jobs=n_jobs,
        )  # fmt: skip
        return words[1:], contexts[1:]

    for vectors, same in zip(trained(get_backend("cpu"), 2), trained(reference, 1), strict=True):
        # 29 * 36 steps of 1e-3 move the noise word's context to below 1: its share of each of a
        # word's 36 steps differs by less than 1e-3, while a document left out would show at 1e-2.
        np.testing.assert_allclose(vectors, same, atol=5e-3)
        assert np.all(np.abs(vectors - start_vectors(30, 8)[0][1:]).max(axis=1) > 0)


@pytest.mark.parametrize("loss_name", ["logistic", "quartic"])
def test_one_step_follows_the_gradient_of_the_loss(loss_name):
    rng = np.random.default_rng(0)
    words, contexts = rng.standard_normal((2, 4, 5))
    outputs, labels, rate = [1, 2, 3], np.array([1.0, 0, 0]), 1e-6

    def loss(words, contexts):
        x = contexts[outputs] @ words[0]
        if loss_name == "quartic":
            return np.sum(np.log(2) + (1 / 2 - labels) * x + x**2 / 8)
        return np.sum(np.logaddexp(0, x) - labels * x)

    def slopes(which):
        """Central differences of the loss."""
        found = np.zeros((4, 5))
        for place in np.ndindex(4, 5):
            ends = []
            for sign in (1, -1):
                moved = [words.copy(), contexts.copy()]
                moved[which][place] += sign * 1e-6
                ends.append(loss(*moved))
            found[place] = (ends[0] - ends[1]) / 2e-6
        return found

    after = words.copy(), contexts.copy()
    gradient_step(*after, np.array([0]), outputs, np.float64(rate), LINKS[loss_name])
    for which, before in enumerate((words, contexts)):
        # The labels are float32 and the step has a second order: both are of relative size 1e-6.
        np.testing.assert_allclose((before - after[which]) / rate, slopes(which), atol=1e-5)


# --- pairs and random numbers --------------------------------------------------------------------


@pytest.mark.parametrize("window", [1, 3, 8])
@pytest.mark.parametrize("window_weighting", ["linear", "uniform", "harmonic"])
def test_random_windows_give_the_counted_weights_on_average(window, window_weighting):
    # What `count_cooccurrences` says of its default: word2vec's windows, on average.
    corpus = random_corpus(4, [7, 0, 1, 12])
    keep = np.full(4, 2**32 - 1, dtype=np.uint32)
    n_passes = 2000
    pairs = np.zeros((4, 4))
    weights, unit = window_weights(window, window_weighting)
    reach = make_sampling(np.ones(4, int), np.ones(4) / 4, window=weights * unit, negative=1, subsample=0.0).reach
    for seed in range(n_passes):
        stream = epoch_stream(seed, 0)
        centers, neighbors = skip_gram_pairs(corpus.ids, corpus.offsets, keep_w=keep, reach_o=reach, stream=stream)
        np.add.at(pairs, (corpus.ids[neighbors], corpus.ids[centers]), 1 / n_passes)
    words = Vocabulary(np.array(list("abcd"), dtype=object), np.ones(4, dtype=np.int64))
    linear = count_cooccurrences(corpus, words, window=window, window_weighting=window_weighting)
    # An entry is a sum of at most 100 yes-or-no draws: its mean over the passes has a standard error
    # of at most sqrt(100 / 4 / 2000) = 0.11, and much less here.
    np.testing.assert_allclose(pairs, linear.counts.toarray() * linear.unit, atol=0.25)


def test_pairs_come_in_the_order_of_the_text_and_stay_in_their_documents():
    corpus = random_corpus(4, [7, 0, 1, 12])
    keep = np.full(4, 2**32 - 1, dtype=np.uint32)
    stream = epoch_stream(0, 0)
    centers, neighbors = skip_gram_pairs(
        corpus.ids, corpus.offsets, keep_w=keep, reach_o=linear_reach(9), stream=stream
    )
    pairs = list(zip(centers.tolist(), neighbors.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    document = np.searchsorted(corpus.offsets, np.arange(len(corpus.ids)), side="right")
    assert np.array_equal(document[centers], document[neighbors])
    assert np.all((centers != neighbors) & (np.abs(centers - neighbors) <= 9))


def test_windows_reach_across_dropped_tokens():
    # Word 1 is never kept, so that the words 0 beside it become neighbors.
    ids, offsets = np.array([0, 1, 0, 1, 0], dtype=np.int32), np.array([0, 5])
    keep = np.array([2**32 - 1, 0], dtype=np.uint32)
    centers, neighbors = skip_gram_pairs(ids, offsets, keep_w=keep, reach_o=linear_reach(1), stream=epoch_stream(0, 0))
    assert list(zip(centers, neighbors, strict=True)) == [(0, 2), (2, 0), (2, 4), (4, 2)]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_tokens_are_kept_with_their_word_s_probability(share):
    n_tokens = 40_000
    ids, offsets = np.zeros(n_tokens, dtype=np.int32), np.array([0, n_tokens])
    keep = np.array([min(round(share * 2**32), 2**32 - 1)], dtype=np.uint32)
    centers, _ = skip_gram_pairs(ids, offsets, keep_w=keep, reach_o=linear_reach(1), stream=epoch_stream(0, 0))
    # Binomial: five standard errors.
    assert abs(len(np.unique(centers)) / n_tokens - share) <= 5 * np.sqrt(share * (1 - share) / n_tokens)


uint64 = st.integers(0, 2**64 - 1)


@patient
@given(stream=uint64, position=st.integers(0, 2**40), slot=st.integers(0, 2**16 - 1), bound=st.integers(1, 2**32 - 1))
def test_compiled_random_numbers_are_those_of_arrays(stream, position, slot, bound):
    stream, position, slot, bound = (np.array([n], dtype=np.uint64) for n in (stream, position, slot, bound))
    bits = random_bits(stream, position, slot)
    compiled = sgns._random_bits(stream[0], position[0], slot[0])
    assert compiled == int(bits[0])
    assert sgns._below(np.uint64(compiled), bound[0]) == int(below(bits, bound)[0])
    assert sgns._low_half(np.uint64(compiled)) == int(low_half(bits)[0])


@pytest.mark.parametrize("slot", [0, 1, 2, 7])
def test_every_random_bit_is_set_half_of_the_time(slot):
    n = 1 << 14
    bits = random_bits(epoch_stream(1, 2), np.arange(n, dtype=np.uint64), np.uint64(slot))
    share = ((bits[:, np.newaxis] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)).mean(axis=0)
    assert np.all(np.abs(share - 0.5) < 5 * 0.5 / np.sqrt(n))  # five standard errors


def test_slots_positions_epochs_and_seeds_draw_different_numbers():
    positions, slots = np.arange(50, dtype=np.uint64)[:, np.newaxis], np.arange(20, dtype=np.uint64)
    draws = [random_bits(epoch_stream(seed, epoch), positions, slots) for seed in range(3) for epoch in range(3)]
    assert len(np.unique(np.concatenate(draws))) == 9 * 50 * 20


@patient
@given(high=st.integers(0, 2**32 - 1), low=st.integers(0, 2**32 - 1), bound=st.integers(1, 2**32 - 1))
def test_below_scales_the_high_half_into_its_range(high, low, bound):
    drawn = int(below(np.array([(high << 32) + low], dtype=np.uint64), np.uint64(bound))[0])
    assert drawn == high * bound >> 32
    assert 0 <= drawn < bound


def distribution(weights: list[float]) -> np.ndarray:
    """Return the weights, of which one at least is positive, divided by their sum."""
    return np.array(weights) / sum(weights)


def drawn_probabilities(table: AliasTable) -> np.ndarray:
    """Return the probability of each word under the table: the sum over its cells."""
    thresholds = table.thresholds.astype(np.float64) / 2**32
    n_words = len(thresholds)
    own = thresholds / n_words
    other = np.bincount(table.alternatives, weights=(1 - thresholds) / n_words, minlength=n_words)
    return own + other


@patient
@given(
    weights=st.lists(st.floats(0, 1) | st.floats(1e-12, 1e-6) | st.integers(1, 10**6), min_size=1, max_size=60).filter(
        lambda weights: sum(weights) > 1e-9
    )
)
def test_an_alias_table_draws_any_distribution_exact_to_its_units(weights):
    probabilities = distribution(weights)
    # At most one unit of 2**-32 of a cell, over all cells; and float64 rounding, which is far less.
    np.testing.assert_allclose(drawn_probabilities(alias_table(probabilities)), probabilities, atol=1.01 * 2.0**-32)


def test_an_alias_table_of_many_zipf_words_is_exact_to_its_units():
    probabilities = distribution((1 / np.arange(1, 50_001)).tolist())
    np.testing.assert_allclose(drawn_probabilities(alias_table(probabilities)), probabilities, rtol=0, atol=2.0**-32)


def test_an_alias_table_leaves_its_distribution_alone():
    probabilities = distribution([3, 1, 2])
    alias_table(probabilities)
    assert probabilities.tolist() == distribution([3, 1, 2]).tolist()


def test_noise_words_are_drawn_by_their_distribution_in_every_slot():
    probabilities = distribution([50, 20, 10, 5, 1, 0])
    n_positions = 20_000
    drawn = draw_noise(alias_table(probabilities), 3, np.arange(n_positions), epoch_stream(0, 0))
    assert drawn.shape == (n_positions, 3)
    for column in drawn.T:
        share = np.bincount(column, minlength=6) / n_positions
        # Five standard errors; a word of probability 0 comes once in 2**32 draws at most.
        assert np.all(np.abs(share - probabilities) <= 5 * np.sqrt(probabilities / n_positions))


# --- threads -------------------------------------------------------------------------------------


@patient
@given(work=st.lists(st.integers(0, 9), max_size=30), n_pieces=st.integers(1, 40))
def test_even_pieces_cover_all_items_in_order_without_gaps_or_overlap(work, n_pieces):
    pieces = even_pieces(np.cumsum([0, *work]), n_pieces)
    assert [item for first, end in pieces for item in range(first, end)] == list(range(len(work)))
    assert all(first < end for first, end in pieces)
    assert len(pieces) <= n_pieces


@patient
@given(work=st.lists(st.integers(0, 9), min_size=1, max_size=30), n_pieces=st.integers(1, 10))
def test_a_piece_is_at_most_one_item_larger_than_its_share(work, n_pieces):
    ends = np.cumsum([0, *work])
    for first, end in even_pieces(ends, n_pieces):
        assert ends[end] - ends[first] <= ends[-1] / n_pieces + 2 * max(work)


@pytest.mark.parametrize("n_jobs", [1, 2, 4])
def test_threads_return_results_in_the_order_of_the_pieces(n_jobs):
    assert run_in_threads(pow, [(n, 2) for n in range(50)], n_jobs=n_jobs) == [n**2 for n in range(50)]


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_an_error_in_a_thread_is_raised_and_the_pieces_in_the_queue_are_dropped(n_jobs):
    begun = []

    def kernel(piece):
        begun.append(piece)
        if piece == 0:
            raise ArithmeticError("piece 0")
        time.sleep(1e-3)  # all pieces together would take a second

    with pytest.raises(ArithmeticError, match="piece 0"):
        run_in_threads(kernel, [(piece,) for piece in range(3000)], n_jobs=n_jobs)
    assert len(begun) < 3000


@patient
@given(n_components=st.integers(1, 1000))
def test_rows_are_padded_to_the_next_whole_vector(n_components):
    width = padded_width(n_components)
    assert width % LANES == 0
    assert n_components <= width < n_components + LANES
    rows = aligned_rows(np.ones((2, n_components), dtype=np.float32))
    assert rows.shape == (2, width)
    assert rows.sum() == 2 * n_components
    assert rows.ctypes.data % LINE_BYTES == 0


def test_every_matrix_of_a_stack_begins_with_a_line():
    stack = aligned_zeros((3, 7, 48))
    assert all(matrix.ctypes.data % LINE_BYTES == 0 for matrix in stack)
    assert not stack.any()
