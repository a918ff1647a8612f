"""Comparison of models: numbers that see neither rotation nor scale, checked by their definitions."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes, subspace_angles
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import make_planted_corpus
from sk_w2v.inspection import compare_embedders, linear_cka, mode_overlaps, pip_distance, procrustes_residual
from sk_w2v.metrics import subspace_agreement
from sk_w2v.scorers import AgreementScorer

NUMBERS = (linear_cka, procrustes_residual, pip_distance)


def random_vectors(n_components: int, seed: int) -> np.ndarray:
    """Return vectors of 30 words."""
    return np.random.default_rng(seed).standard_normal((30, n_components)) + 0.5


@pytest.mark.parametrize("number", NUMBERS)
@given(seed=st.integers(0, 50), scale=st.floats(1e-3, 1e3))
def test_rotation_and_scale_are_not_seen(number, seed, scale):
    left, right = random_vectors(4, seed), random_vectors(6, seed + 1)
    rotation, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((6, 6)))
    assert number(left, scale * right @ rotation) == pytest.approx(number(left, right), abs=1e-9)
    assert number(right, left) == pytest.approx(number(left, right), abs=1e-9)
    assert 0 <= number(left, right) <= 1
    same = 1 if number is linear_cka else 0
    assert number(right, scale * right @ rotation) == pytest.approx(same, abs=1e-6)


def test_pip_distance_is_the_one_of_all_pairs():
    left, right = random_vectors(4, 0), random_vectors(6, 1)
    unit = [vectors / np.linalg.norm(vectors) for vectors in (left, right)]
    pairs = [vectors @ vectors.T for vectors in unit]
    expected = np.linalg.norm(pairs[0] - pairs[1]) / sum(map(np.linalg.norm, pairs))
    assert pip_distance(left, right) == pytest.approx(expected)


def test_procrustes_residual_is_that_of_the_best_rotation_and_scale():
    left, right = random_vectors(5, 0), random_vectors(5, 1)
    rotation, _ = orthogonal_procrustes(right, left)
    turned = right @ rotation
    scale = np.sum(turned * left) / np.sum(turned**2)
    expected = np.sum((left - scale * turned) ** 2) / np.sum(left**2)
    assert procrustes_residual(left, right) == pytest.approx(expected)


def test_cka_is_the_correlation_of_centered_products():
    left, right = random_vectors(4, 0), random_vectors(6, 1)
    products = [(vectors - vectors.mean(0)) @ (vectors - vectors.mean(0)).T for vectors in (left, right)]
    expected = np.sum(products[0] * products[1]) / np.prod([np.linalg.norm(each) for each in products])
    assert linear_cka(left, right) == pytest.approx(expected)


@pytest.fixture(scope="module")
def corpus():
    return make_planted_corpus(n_documents=800, random_state=0).data


@pytest.fixture(scope="module")
def embedders(corpus):
    return {
        "half": SpectralEmbedder(5).fit(corpus[:400]),
        "whole": SpectralEmbedder(7, min_count=100).fit(corpus),
        "trained": SGNSEmbedder(5, subsample=0, random_state=0).fit(corpus),
    }


def test_there_is_a_row_for_each_two_models_on_the_words_of_all(embedders):
    table = compare_embedders(embedders)
    assert [(row["left"], row["right"]) for row in table] == [
        ("half", "whole"),
        ("half", "trained"),
        ("whole", "trained"),
    ]
    shared = set(embedders["half"].words_) & set(embedders["whole"].words_) & set(embedders["trained"].words_)
    sizes = {name: len(embedder.words_) for name, embedder in embedders.items()}
    assert len(shared) < max(sizes.values())
    for row in table:
        assert row["n_shared"] == len(shared)
        assert row["coverage"] == len(shared) / max(sizes[row["left"]], sizes[row["right"]])


def test_subspaces_are_compared_as_the_metric_and_scipy_do(embedders):
    row = compare_embedders(embedders)[1]
    shared = [word for word in embedders["half"].words_ if all(word in each.vocabulary_ for each in embedders.values())]
    left, right = (embedders[name].get_word_vectors(shared) for name in ("half", "trained"))
    assert row["subspace_agreement"] == pytest.approx(subspace_agreement(left, right), abs=1e-6)
    assert row["largest_angle"] == pytest.approx(np.degrees(subspace_angles(left, right).max()), abs=1e-3)


def test_neighbors_are_those_of_most_similar(embedders):
    (row,) = compare_embedders({name: embedders[name] for name in ("half", "trained")}, n_neighbors=3, n_queries=4)
    left, right = embedders["half"], embedders["trained"]
    shared = [word for word in left.words_ if word in right.vocabulary_]
    assert len(shared) == len(left.words_) == len(right.words_)  # so that most_similar looks at the same words
    both = [
        len(
            {other for other, _ in left.most_similar(word, n=3)} & {other for other, _ in right.most_similar(word, n=3)}
        )
        for word in shared[:4]
    ]
    assert row["neighbors"] == pytest.approx(np.mean(both) / 3)


def test_a_model_agrees_with_itself_and_with_its_first_components(embedders):
    whole = embedders["whole"]
    (same,) = compare_embedders({"one": whole, "other": whole})
    for name in ("subspace_agreement", "mode_overlap", "cka", "neighbors"):
        assert same[name] == pytest.approx(1, abs=1e-6)
    assert same["largest_angle"] == pytest.approx(0, abs=0.1)
    (part,) = compare_embedders({"all": whole, "three": whole.truncate(3)})
    assert part["subspace_agreement"] == pytest.approx(1, abs=1e-6)
    # What is missing are the squares of the other eigenvalues.
    assert 0 < part["pip_distance"] < 1


def test_mode_overlaps_match_modes_of_models_with_different_words(embedders):
    overlaps = mode_overlaps(embedders["half"], embedders["trained"])
    assert overlaps.shape == (5, 5)
    assert overlaps[0].max() > 0.9  # the first concept is one of the trained modes
    np.testing.assert_allclose(mode_overlaps(embedders["trained"], embedders["half"]), overlaps.T, atol=1e-6)


def test_bad_input_is_refused(embedders):
    with pytest.raises(ValueError, match="1 model given"):
        compare_embedders({"one": embedders["half"]})
    with pytest.raises(ValueError, match=r"share \d+ words, too few for n_neighbors=1000"):
        compare_embedders(embedders, n_neighbors=1000)
    stranger = SpectralEmbedder(1, min_count=1).fit(["tea cup tea pot", "pen ink pen paper"])
    with pytest.raises(ValueError, match="but share none"):
        compare_embedders({"one": embedders["half"], "stranger": stranger})


def test_models_are_given_one_after_the_other_and_named_by_their_classes(embedders):
    half, whole, trained = embedders.values()
    table = compare_embedders(half, whole, trained)
    named = compare_embedders({"SpectralEmbedder 1": half, "SpectralEmbedder 2": whole, "SGNSEmbedder": trained})
    assert list(table) == list(named)
    assert [row["model"] for row in table.models] == ["SpectralEmbedder 1", "SpectralEmbedder 2", "SGNSEmbedder"]
    (row,) = compare_embedders(half, trained, names=["left", "right"])
    assert (row["left"], row["right"]) == ("left", "right")
    with pytest.raises(ValueError, match=r"names=\['one'\] are not 2 different names"):
        compare_embedders(half, whole, names=["one"])


def test_models_may_be_in_pipelines(embedders):
    half, trained = embedders["half"], embedders["trained"]
    scaled = make_pipeline(half, StandardScaler())
    assert compare_embedders(scaled, trained)[0] == compare_embedders(half, trained)[0]
    np.testing.assert_array_equal(mode_overlaps(scaled, trained), mode_overlaps(half, trained))
    with pytest.raises(TypeError, match="contains 0 embedders"):
        compare_embedders(half, StandardScaler())


def test_words_that_differ_most_are_those_whose_vectors_were_changed(embedders):
    whole = embedders["whole"]
    changed = pickle.loads(pickle.dumps(whole))
    changed.embedding_[[2, 5]] = np.random.default_rng(0).standard_normal((2, 7))
    found = compare_embedders(whole, changed, n_words=2).words
    assert {row["word"] for row in found} == set(whole.words_[[2, 5]])
    assert all(row["correlation"] < 0.9 for row in found)
    for row in found:
        assert list(row["neighbors left"]) == [word for word, _ in whole.most_similar(row["word"], n=5)]
        assert row["neighbors left"] != row["neighbors right"]


def test_scores_are_those_of_the_given_scorers(embedders):
    half, trained = embedders["half"], embedders["trained"]
    scorer = AgreementScorer(half)
    models = compare_embedders(half, trained, scorers={"agreement": scorer}).models
    assert [row["agreement"] for row in models] == [scorer(half), scorer(trained)]
    assert [row["words"] for row in models] == [len(half.words_), len(trained.words_)]


def test_a_comparison_prints_as_tables_and_is_still_a_list_of_rows(embedders):
    table = compare_embedders(embedders)
    text, html = repr(table), table._repr_html_()
    for part in ("Models", "Agreement", "Words that differ most", "half / trained", "subspace_agreement"):
        assert part in text
        assert part in html
    assert html.count("<table>") == 3
    assert all(len(line) < 200 for line in text.splitlines())
    assert pickle.loads(pickle.dumps(table)).words == table.words
    assert isinstance(table, list)
