"""Time of reading and writing word vectors, ours and gensim's.

python benchmarks/vector_files.py --n-words 300000 --n-components 300
"""

import argparse
import os
import platform
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from gensim.models import KeyedVectors

from sk_w2v.io import read_word2vec, write_word2vec


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n-words", type=int, default=300_000)
    parser.add_argument("--n-components", type=int, default=300)
    parser.add_argument("--text-words", type=int, default=100_000, help="words of the text file")
    options = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    with TemporaryDirectory() as folder:
        for binary, n_words in ((True, options.n_words), (False, options.text_words)):
            words = [f"word{row}" for row in range(n_words)]
            vectors = np.random.default_rng(0).standard_normal((n_words, options.n_components)).astype(np.float32)
            compare(Path(folder, "vectors"), words, vectors, binary=binary)


def compare(path: Path, words: list[str], vectors: np.ndarray, *, binary: bool) -> None:
    """Write a file, read it by turns, and print the least times."""
    seconds = time.perf_counter()
    write_word2vec(path, words, vectors, binary=binary)
    print(f"{'binary' if binary else 'text'}, {len(words)} words, {path.stat().st_size / 1e6:.0f} MB")
    print(f"  write, sk_w2v {time.perf_counter() - seconds:7.2f} s", flush=True)
    readers = {
        "sk_w2v": lambda: read_word2vec(path, binary=binary).vectors,
        "gensim": lambda: KeyedVectors.load_word2vec_format(path, binary=binary).vectors,
    }
    least = dict.fromkeys(readers, np.inf)
    for _ in range(3 if binary else 1):
        for name, read in readers.items():
            start = time.perf_counter()
            restored = read()
            least[name] = min(least[name], time.perf_counter() - start)
            assert np.array_equal(restored, vectors)
            del restored
    for name, shortest in least.items():
        print(f"  read, {name}  {shortest:7.2f} s", flush=True)


if __name__ == "__main__":
    main()
