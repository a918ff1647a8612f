from __future__ import annotations

import pickle
import warnings

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import Ridge

from sk_w2v import PretrainedEmbedder, SubwordInducer
from sk_w2v._estimators import character_ngrams
from sk_w2v._estimators.character_ngrams import frequent_ngrams, ngram_matrix
from sk_w2v._estimators.ridge import ridge
from sk_w2v.io import WordVectors

STEMS = ["walk", "talk", "paint", "climb", "gather", "wander", "follow", "answer", "deliver", "whisper"]
SUFFIXES = ["ing", "ers", "able", "ment"]
HELD_OUT = ["walkment", "painting", "climbers", "wanderable"]
RANGE = (3, 6)
OF_SCRIPTS = ["tea", "naïve", "日本語", "привет", "😀😀", "a", "new york"]


def planted_morphology():
    """Return stems with suffixes, and vectors that are the stem's plus the suffix's."""
    rng = np.random.default_rng(0)
    of_stem, of_suffix = ({part: rng.standard_normal(20) for part in parts} for parts in (STEMS, SUFFIXES))
    words = [stem + suffix for stem in STEMS for suffix in SUFFIXES]
    return words, np.array([of_stem[word[: -len(end)]] + of_suffix[end] for word in words for end in [suffix_of(word)]])


def suffix_of(word):
    return next(suffix for suffix in SUFFIXES if word.endswith(suffix))


WORDS, VECTORS = planted_morphology()


@pytest.fixture(scope="module")
def inducer():
    known = [row for row, word in enumerate(WORDS) if word not in HELD_OUT]
    return SubwordInducer(min_df=1, alpha=0.1).fit([WORDS[row] for row in known], VECTORS[known])


@pytest.mark.parametrize("word", HELD_OUT)
def test_an_unknown_word_of_known_parts_is_nearest_to_its_own_vector(inducer, word):
    vector = inducer.transform([word])[0]
    cosines = VECTORS @ vector / np.linalg.norm(VECTORS, axis=1) / np.linalg.norm(vector)
    assert WORDS[np.argmax(cosines)] == word
    assert cosines.max() > 0.8


@pytest.mark.parametrize("n_at_once", [3, 1 << 20])
def test_ngrams_are_those_of_char_wb(monkeypatch, n_at_once):
    monkeypatch.setattr(character_ngrams, "CHARACTERS_AT_ONCE", n_at_once)
    words = WORDS + OF_SCRIPTS
    oracle = CountVectorizer(analyzer="char_wb", ngram_range=RANGE, lowercase=False, min_df=2)
    theirs = oracle.fit_transform(words).toarray()
    lengths = range(RANGE[0], RANGE[1] + 1)
    ours = ngram_matrix(words, lengths, frequent_ngrams(words, lengths, 2)).toarray()
    np.testing.assert_array_equal(sorted(map(tuple, ours.T)), sorted(map(tuple, theirs.T)))


def test_the_ridge_is_the_one_of_a_direct_solver():
    rng = np.random.default_rng(0)
    features = sparse.random_array((60, 30), density=0.2, rng=rng, format="csr", dtype=np.float32)
    targets, weights = rng.standard_normal((60, 4)), rng.uniform(0.5, 2, 60)
    found, _, residual = ridge(features, targets, weights, alpha=1.0, tol=1e-5, max_iter=200)
    direct = Ridge(1.0, fit_intercept=False).fit(features.toarray(), targets, sample_weight=weights)
    assert residual <= 1e-5
    np.testing.assert_allclose(found, direct.coef_.T, atol=1e-4)  # single precision


def test_the_ridge_of_targets_of_zeros_is_zero():
    found, n_iter, residual = ridge(
        sparse.csr_array(np.eye(3, dtype=np.float32)), np.zeros((3, 2)), np.ones(3), alpha=1, tol=0.1, max_iter=5
    )
    assert (found == 0).all()
    assert n_iter == residual == 0


def test_an_embedder_brings_its_vectors_and_counts():
    words, vectors = np.array(WORDS, dtype=object), VECTORS.astype(np.float32)
    embedder = PretrainedEmbedder(WordVectors(words, vectors)).fit([" ".join(WORDS), WORDS[0]])
    of_embedder = SubwordInducer(min_df=1).fit(embedder)
    given = SubwordInducer(min_df=1).fit(WORDS, vectors, [2] + [1] * (len(WORDS) - 1))
    np.testing.assert_array_equal(of_embedder.ngram_vectors_, given.ngram_vectors_)


def test_frequent_words_are_fitted_more_closely():
    def cosine(count):
        words, vectors = ["walking", "walkers"], np.array([[1.0, 0], [0, 1]])
        inducer = SubwordInducer(min_df=1, alpha=1, frequency_exponent=1).fit(words, vectors, [count, 1])
        found = inducer.transform(["walk"])[0]
        return found[0] / np.linalg.norm(found)

    assert cosine(100) > cosine(1)


def test_words_without_ngrams_get_zeros_and_one_warning_with_counts(inducer):
    with pytest.warns(UserWarning, match=r"3 of 4 words have none of the .* n-grams and get zeros") as caught:
        vectors = inducer.transform(["", "日本語", " \n", "walking"])
    assert len(caught) == 1
    assert (vectors[:3] == 0).all()
    assert vectors[3].any()


def test_transform_does_not_depend_on_batching(inducer, monkeypatch):
    together = inducer.transform(WORDS)
    monkeypatch.setattr("sk_w2v._estimators.subwords.WORDS_AT_ONCE", 7)
    np.testing.assert_array_equal(inducer.transform(iter(WORDS)), together)


def test_a_long_word_takes_several_blocks_and_is_the_sum_of_its_ngrams(inducer, monkeypatch):
    word = "walking" * 50
    together = inducer.transform([word])
    monkeypatch.setattr(character_ngrams, "CHARACTERS_AT_ONCE", 64)
    np.testing.assert_allclose(inducer.transform([word]), together, rtol=1e-5, atol=1e-5)


def test_no_words_give_no_vectors(inducer):
    assert inducer.transform([]).shape == (0, 20)


def test_a_lone_surrogate_is_a_character_as_any(inducer):
    assert np.isfinite(inducer.transform(["walking\ud800"])).all()


def test_clones_and_pickles_give_the_same_vectors(inducer):
    loaded = pickle.loads(pickle.dumps(inducer))
    np.testing.assert_array_equal(loaded.transform(HELD_OUT), inducer.transform(HELD_OUT))
    with pytest.raises(NotFittedError):
        clone(inducer).transform(HELD_OUT)


def test_a_modified_inducer_is_refused(inducer):
    loaded = pickle.loads(pickle.dumps(inducer))
    loaded.ngram_vectors_ = loaded.ngram_vectors_[1:]
    with pytest.raises(ValueError, match="fitted attributes of this SubwordInducer are inconsistent"):
        loaded.transform(HELD_OUT)


def test_too_few_iterations_are_a_warning():
    with pytest.warns(ConvergenceWarning, match="stopped at max_iter=1 with a residual"):
        SubwordInducer(min_df=1, max_iter=1, tol=1e-4).fit(WORDS, VECTORS)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("tea", [[1.0]]), TypeError, "X is str; give a fitted embedder or several words"),
        ((3, [[1.0]]), TypeError, "X is int"),
        (([3], [[1.0]]), TypeError, "X holds 3 of type int"),
        (([None], [[1.0]]), TypeError, "X holds None of type NoneType"),
        ((["tea"],), ValueError, "Words without vectors"),
        ((["tea"], [[1.0], [2.0]]), ValueError, "1 words, 2 vectors and 1 counts"),
        ((["tea"], [[np.nan]]), ValueError, "NaN"),
        ((["tea"], [[1.0]], [-1]), ValueError, "sample_weight has negative numbers"),
        ((["tea"], [[1.0]]), ValueError, "No n-gram of ngram_range=.* occurs in min_df=3 of the 1 words"),
    ],
)
def test_bad_words_vectors_and_counts_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        SubwordInducer().fit(*arguments)


@pytest.mark.parametrize("ngram_range", [(0, 3), (4, 3), (3,), ("3", 6)])
def test_a_bad_ngram_range_is_refused(ngram_range):
    with pytest.raises(ValueError, match="give \\(min_n, max_n\\)"):
        SubwordInducer(ngram_range).fit(WORDS, VECTORS)


def test_vectors_are_not_given_beside_an_embedder():
    words = WordVectors(np.array(WORDS, dtype=object), VECTORS.astype(np.float32))
    with pytest.raises(ValueError, match="brings its own vectors"):
        SubwordInducer().fit(PretrainedEmbedder(words, pooling="mean").fit(), VECTORS)


def test_words_with_ngrams_give_no_warning(inducer):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        inducer.transform(WORDS)
