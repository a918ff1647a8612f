"""Time of finding and joining phrases, ours and gensim's, and whether they are the same.

python benchmarks/phrases.py CORPUS.txt
"""

import argparse
import os
import platform
import time

from gensim.models.phrases import Phrases
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import PhraseJoiner
from sk_w2v.io import LineDocuments

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    options = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    start = time.perf_counter()
    joiner = PhraseJoiner(vectorizer=AS_IT_IS).fit(LineDocuments(options.corpus))
    fitted = time.perf_counter()
    joined = joiner.transform(LineDocuments(options.corpus))
    print(f"sk_w2v: fit {fitted - start:.1f} s, transform {time.perf_counter() - fitted:.1f} s", flush=True)

    start = time.perf_counter()
    phrases = Phrases(document.split() for document in LineDocuments(options.corpus))
    fitted = time.perf_counter()
    frozen = phrases.freeze()
    theirs = [frozen[document.split()] for document in LineDocuments(options.corpus)]
    print(f"gensim: fit {fitted - start:.1f} s, transform {time.perf_counter() - fitted:.1f} s", flush=True)
    same = sum(left == right for left, right in zip(joined, theirs, strict=True))
    print(f"{len(joiner.phrases_)} phrases; {same} of {len(joined)} documents are the same")


if __name__ == "__main__":
    main()
