// Neighbors by cosine: exact from the vectors in the file, or precomputed at a few stages.

/** The n rows of largest cosine with a row of vectors * lengths: {word, cosine}, the largest first. */
function nearestRows(vectors, lengths, nColumns, row, n) {
  const weights = lengths.map((each) => each * each);
  const asked = weights.map((weight, k) => weight * vectors[row * nColumns + k]);
  const own = asked.reduce((sum, each, k) => sum + each * vectors[row * nColumns + k], 0);
  const best = [];
  for (let word = 0; word * nColumns < vectors.length; word++) {
    if (word === row) continue;
    let product = 0;
    let square = 0;
    for (let k = 0, place = word * nColumns; k < nColumns; k++, place++) {
      product += asked[k] * vectors[place];
      square += weights[k] * vectors[place] * vectors[place];
    }
    const norm = Math.sqrt(square * own);
    keepBest(best, { word, cosine: norm > 0 ? product / norm : 0 }, n);
  }
  return best;
}

/** Insert a candidate into the n best, which are in descending order; of equal ones the first stays first. */
function keepBest(best, candidate, n) {
  if (best.length === n && candidate.cosine <= best[n - 1].cosine) return;
  let place = best.length;
  while (place > 0 && best[place - 1].cosine < candidate.cosine) place--;
  best.splice(place, 0, candidate);
  if (best.length > n) best.pop();
}

/** Neighbors of a word at the precomputed stage nearest to a time. */
function stagedNeighbors(stages, word, time, n) {
  const distances = stages.times.map((each) => Math.abs(each - time));
  const stage = distances.indexOf(Math.min(...distances));
  const first = (stage * stages.nWords + word) * stages.nNeighbors;
  return Array.from({ length: Math.min(n, stages.nNeighbors) }, (_, rank) => ({
    word: stages.rows[first + rank],
    cosine: stages.cosines[first + rank],
  }));
}
