"""Random corruptions of what is fitted, read or counted, each then used: an error, or nothing was wrong.

Run as ``python state_fuzz.py FIRST N``, it tries the corruptions of N seeds, and prints one line for each before it is
used, so that a crash can be told from the last line; each line but the last ends with what became of it.
"""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from copy import copy, deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from sk_w2v import ALSEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v.cooccurrence import count_cooccurrences, sample_pairs
from sk_w2v.corpus import Vocabulary, count_bigrams, count_documents, count_words, number_tokens, select_words
from sk_w2v.metrics import held_out_loss
from sk_w2v.pooling import POOLINGS, bag_of_words
from sk_w2v.targets import mstar_target, ppmi_target

DOCUMENTS = [" ".join(f"w{index}" for index in range(first, first + 12)) for first in range(0, 60, 2)]
EXTREMES = [-(10**9), -1, 10**4, 10**8, 2**31 - 1]


@cache
def originals() -> dict[str, Any]:
    """Return what is corrupted, each kind by its name."""
    factorized = SpectralEmbedder(4, min_count=1, target="ppmi", window=3).fit(DOCUMENTS)
    trained = SGNSEmbedder(4, min_count=1, max_iter=1, subsample=0, n_replicas=1, random_state=0).fit(DOCUMENTS)
    corpus, words = number_tokens(DOCUMENTS, analyzer=str.split)
    n_words = len(words)
    vocabulary = Vocabulary(
        np.array(words, dtype=object), count_words(corpus, n_words), count_documents(corpus, n_words), len(DOCUMENTS)
    )
    counts = count_cooccurrences(corpus, vocabulary, window=3)
    return {
        "spectral": factorized,
        "sgns": trained,
        "corpus": (corpus, vocabulary),
        "counts": counts,
        "vocabulary": vocabulary,
    }


def of_embedder(embedder: Any) -> dict[str, Callable[[Any], Any]]:
    """Return the uses of an embedder."""
    uses: dict[str, Callable[[Any], Any]] = {
        "transform": lambda each: each.transform(DOCUMENTS[:3]),
        "score": lambda each: each.score(DOCUMENTS),
        "get_word_vectors": lambda each: each.get_word_vectors(["w3", "w40"]),
        "most_similar": lambda each: each.most_similar("w3"),
        "analogy": lambda each: each.analogy("w3", "w4", "w5"),
    }
    if isinstance(embedder, SGNSEmbedder):
        return {**uses, "partial_fit": lambda each: each.partial_fit(DOCUMENTS).input_embedding_}
    return {
        **uses,
        "truncate": lambda each: each.truncate(2).embedding_,
        "at_time": lambda each: each.at_time(1.0).embedding_,
        "add_words": lambda each: each.add_words(["w3 new w4"], ["new"]).embedding_,
        "infer_word_vectors": lambda each: each.infer_word_vectors(["new"], ["w3 new w4"]),
    }


def of_corpus() -> dict[str, Callable[[Any], Any]]:
    """Return the uses of a corpus and its vocabulary."""
    return {
        "count": lambda each: count_cooccurrences(*each, window=3).counts.toarray(),
        "count_words": lambda each: count_words(each[0], len(each[1])),
        "count_documents": lambda each: count_documents(each[0], len(each[1])),
        "select_words": lambda each: select_words(each[0], np.arange(len(each[1]))).ids,
        "bag_of_words": lambda each: bag_of_words(each[0], len(each[1])).toarray(),
        "count_bigrams": lambda each: count_bigrams(each[0], len(each[1])).counts,
    }


def of_counts() -> dict[str, Callable[[Any], Any]]:
    """Return the uses of counts."""
    return {
        "spectral": lambda each: SpectralEmbedder(2).fit(each).embedding_,
        "als": lambda each: ALSEmbedder(2, max_iter=1, random_state=0).fit(each).embedding_,
        "add": lambda each: (each + each).counts.toarray(),
        "select": lambda each: each.select(["w5", "w3"]).counts.toarray(),
        "mstar": lambda each: mstar_target(each).toarray(),
        "ppmi": lambda each: ppmi_target(each).toarray(),
        "sample": lambda each: sample_pairs(each, random_state=np.random.RandomState(0)).ids,
        "loss": lambda each: held_out_loss(np.ones((66, 2)), np.ones((66, 2)), each),
    }


def of_vocabulary() -> dict[str, Callable[[Any], Any]]:
    """Return the uses of a vocabulary."""
    corpus, whole = originals()["corpus"]
    bags, vectors = bag_of_words(corpus, len(whole)), np.ones((len(whole), 2), np.float32)
    return {
        "lookup": lambda each: each.lookup(["w3", "w40", "new"]),
        "take": lambda each: each.take(np.array([3, 5])).lookup(["w3", "w5"]),
        "count": lambda each: count_cooccurrences(corpus, each, window=3).select(["w5", "w3"]).counts.toarray(),
        "fit": lambda each: SpectralEmbedder(2).fit(count_cooccurrences(corpus, each, window=3)).embedding_,
        **{name: lambda each, pool=POOLINGS[name]: pool(bags, vectors, each) for name in ("sif", "usif", "tfidf")},
    }


def corrupted_array(array: np.ndarray, rng: np.random.Generator) -> Any:
    """Return an array that was cut, lengthened, turned, retyped or changed at one place."""
    kind = rng.integers(8)
    if kind == 0:
        return array[: rng.integers(len(array))].copy()
    if kind == 1:
        return np.concatenate([array, array[: 1 + rng.integers(len(array))]])
    if kind == 2:
        return array.T.copy() if array.ndim == 2 else array[::-1]
    if kind == 3 and array.ndim == 2:
        return array[:, : rng.integers(array.shape[1])].copy()
    if kind == 4 and array.dtype != object:
        return array.astype([np.float64, np.int8, np.uint64, object][rng.integers(4)], copy=True)
    if kind == 5:
        return [array.tolist(), array[np.newaxis], np.empty(0, array.dtype)][rng.integers(3)]
    changed = array.copy()
    if changed.dtype == object and changed.size:
        changed[rng.integers(changed.size)] = changed[rng.integers(changed.size)]  # twice, unless it is itself
    if changed.dtype.kind in "iu" and changed.size:
        changed.flat[rng.integers(changed.size)] = rng.choice([each for each in EXTREMES if each >= 0])
        if kind == 6:
            changed.flat[rng.integers(changed.size)] = rng.choice(EXTREMES)
    return changed


def corrupted_rows(rows: dict[str, int], rng: np.random.Generator) -> Any:
    """Return a vocabulary that lost a word, or whose rows were moved, mixed or changed at one place."""
    kind, words = rng.integers(5), list(rows)
    if kind == 0:
        return {word: rows[word] for word in words[1:]}
    if kind == 1:
        by = int(rng.choice(EXTREMES))
        return {word: row + by for word, row in rows.items()}
    if kind == 2:
        return dict(zip(words, rng.permutation(len(words)).tolist(), strict=True))
    if kind == 3:
        return {**rows, words[rng.integers(len(words))]: int(rng.choice(EXTREMES))}
    return {f"{word}x": row for word, row in rows.items()}


def corrupt(kind: str, rng: np.random.Generator) -> tuple[str, Any]:
    """Return what was changed, and a changed copy of an original, or a function that makes one or refuses to."""
    original = originals()[kind]
    if kind == "corpus":
        corpus, vocabulary = original
        name = str(rng.choice(["ids", "offsets"]))
        return name, (replace(corpus, **{name: corrupted_array(getattr(corpus, name), rng)}), vocabulary)
    if kind == "counts":
        name = str(rng.choice(["indptr", "indices", "data", "words", "counts"]))
        if name in ("words", "counts"):
            wrong = corrupted_array(getattr(original.vocabulary, name), rng)
            return name, lambda: replace(original, vocabulary=replace(original.vocabulary, **{name: wrong}))
        matrix = original.counts.copy()
        setattr(matrix, name, corrupted_array(getattr(matrix, name), rng))
        return name, replace(original, counts=matrix)
    if kind == "vocabulary":
        name = str(rng.choice(["words", "counts", "document_counts", "n_documents"]))
        value = getattr(original, name)
        wrong = int(rng.choice(EXTREMES)) if name == "n_documents" else corrupted_array(value, rng)
        return name, lambda: replace(original, **{name: wrong})
    embedder = copy(original)
    arrays = [name for name, value in vars(original).items() if isinstance(value, np.ndarray)]
    name = str(rng.choice([*arrays, "vocabulary_", "vocabulary_", "n_components_"]))
    if name == "vocabulary_":
        value = corrupted_rows(original.vocabulary_, rng)
    elif name == "n_components_":
        value = int(rng.choice([1, 3, 5, 10**6]))
    else:
        value = corrupted_array(getattr(original, name), rng)
    vars(embedder)[name] = value
    return name, embedder


def is_consistent(kind: str, name: str, changed: Any) -> bool:
    """Tell whether what was changed still fits all the rest, by comparing it with the original."""
    original = originals()[kind]
    if kind == "corpus":
        return _is_cut_into_documents(changed[0].ids, changed[0].offsets, len(changed[1]))
    if kind == "vocabulary":
        return _is_vocabulary(changed)
    if kind == "counts":
        if name in ("words", "counts"):
            return _is_vocabulary(replace(changed.vocabulary, document_counts=None))
        return _are_places_or_counts(name, getattr(original.counts, name), getattr(changed.counts, name))
    was, now = getattr(original, name), getattr(changed, name)
    if not isinstance(was, np.ndarray):
        return bool(now == was)
    if not isinstance(now, np.ndarray) or now.shape != was.shape:
        return False
    if name == "words_":
        return bool(now.tolist() == was.tolist())
    return now.dtype.kind in ("iuf" if name == "word_counts_" else was.dtype.kind)


def _is_cut_into_documents(ids: Any, offsets: Any, n_words: int) -> bool:
    """Tell whether ids are words, and offsets cut them into documents."""
    if not all(isinstance(each, np.ndarray) and each.ndim == 1 and each.dtype.kind in "iu" for each in (ids, offsets)):
        return False
    numbers, ends = ids.tolist(), offsets.tolist()
    in_order = bool(ends) and ends[0] == 0 and ends[-1] == len(numbers) and ends == sorted(ends)
    return in_order and all(0 <= number < n_words for number in numbers)


def _is_vocabulary(vocabulary: Vocabulary) -> bool:
    """Tell whether words differ, and may occur as often and in as many documents as it says."""
    words, counts, documents = vocabulary.words, vocabulary.counts, vocabulary.document_counts
    possible = len(set(words.tolist())) == len(words) and counts.dtype != object and int(counts.min()) > 0
    if documents is None or vocabulary.n_documents is None:
        return possible
    if documents.dtype == object:
        return False
    return possible and int(documents.min()) >= 0 and int(documents.max()) <= vocabulary.n_documents


def _are_places_or_counts(name: str, was: np.ndarray, now: Any) -> bool:
    """Tell whether an array of a sparse one has its shape still, and places that there are, or counts."""
    if not isinstance(now, np.ndarray) or now.shape != was.shape:
        return False
    if name == "data":
        return now.dtype != object and bool(now.min() >= 0)
    return now.dtype.kind in "iu" and _same_bounds(was, now)


def _same_bounds(was: np.ndarray, now: np.ndarray) -> bool:
    """Tell whether all numbers lie between the least and the greatest that there were."""
    return bool(now.size and int(was.min()) <= int(now.min()) and int(now.max()) <= int(was.max()))


def same(left: Any, right: Any) -> bool:
    """Tell whether two results are the same."""
    if isinstance(left, list):
        return bool(left == right)
    return np.shape(left) == np.shape(right) and bool(np.allclose(left, right, equal_nan=True))


def try_one(seed: int) -> str:
    """Corrupt, use, and return what became of it: "error", "consistent", "unaffected", or "SILENT"."""
    rng = np.random.default_rng(seed)
    kind = ["spectral", "sgns", "corpus", "counts", "vocabulary"][seed % 5]
    name, changed = corrupt(kind, rng)
    original = originals()[kind]
    other_uses = {"corpus": of_corpus, "counts": of_counts, "vocabulary": of_vocabulary}
    uses = other_uses[kind]() if kind in other_uses else of_embedder(original)
    use = str(rng.choice(list(uses)))
    print(seed, kind, name, use, end=" ", flush=True)
    try:
        made = changed() if callable(changed) else changed
        result = uses[use](made)
    except Exception as error:
        return "error" if not isinstance(error, SystemError) else "SystemError"
    if is_consistent(kind, name, made):
        return "consistent"
    return "unaffected" if same(result, uses[use](deepcopy(original))) else "SILENT"


def try_seeds(first: int, n: int) -> tuple[Counter[str], list[str]]:
    """Try seeds in processes; return how many ended in which way, and the lines of crashes and of silent results."""
    outcomes, bad, end = Counter[str](), list[str](), first + n
    while first < end:
        command = [sys.executable, __file__, str(first), str(end - first)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = run.stdout.splitlines()
        for line in lines:
            ending = line.split()[-1] if len(line.split()) == 5 else f"crash {run.returncode}"
            outcomes[ending] += 1
            if ending not in ("error", "consistent", "unaffected"):
                bad.append(line + ("" if len(line.split()) == 5 else f"{ending} {run.stderr[-500:]}"))
        if not lines:
            raise RuntimeError(run.stderr)
        first += len(lines)
    return outcomes, bad


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    for seed in range(int(sys.argv[1]), int(sys.argv[1]) + int(sys.argv[2])):
        print(try_one(seed))
