"""Splitting text into numbered tokens."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from ..._typing import Int32Array, Int64Array
from ..characters import decode_block


def tokenize_blocks(
    blocks: Iterable[bytes], *, token_pattern: str, lowercase: bool, n_jobs: int = 1
) -> Iterator[tuple[list[str], Int32Array, Int64Array]]:
    """Split blocks of documents into tokens; number the words of all blocks in order of appearance.

    Parameters
    ----------
    blocks : iterable of bytes
        Concatenated documents, each encoded by `characters.encode_document`.
    token_pattern : str
        The regular expression of a token, a key of `characters.RUNS`.
    lowercase : bool
        Whether documents are lowercased before they are split.

    Yields
    ------
    new_words : list of str
        The words that occur in no earlier block, in the order of their numbers.
    ids_t : int32 array of shape (n_tokens,)
        The number of each token's word.
    offsets_d : int64 array of shape (n_documents + 1,)
        Where each document begins in `ids_t`.
    """
    find_tokens = re.compile(token_pattern).findall
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__  # a new word gets the next number
    for block in blocks:
        n_before = len(numbers)
        documents = [find_tokens(text.lower() if lowercase else text) for text in decode_block(block)]
        ids = [numbers[token] for tokens in documents for token in tokens]
        offsets = np.cumsum([0, *map(len, documents)], dtype=np.int64)
        yield list(islice(numbers, n_before, None)), np.array(ids, dtype=np.int32), offsets
