// The gradient flow in closed form, as in `sk_w2v.dynamics`. Arrays are row-major: entry (i, k) is at i * nModes + k.

/** Squared singular value of every mode at a time: lambda / (1 + (lambda / s0^2 - 1) exp(-2 lambda t)). */
function squaredSingularValues(eigenvalues, time, initScale) {
  const start = initScale * initScale;
  return eigenvalues.map((value) => value / (1 + (value / start - 1) * Math.exp(-2 * value * time)));
}

/** Effective number of modes: the exponential of the entropy of their shares. */
function effectiveRank(squared) {
  const total = squared.reduce((sum, each) => sum + each, 0);
  let entropy = 0;
  for (const each of squared) if (each > 0) entropy -= (each / total) * Math.log(each / total);
  return Math.exp(entropy);
}

/** Squared error of the vectors, as a share of the target's squared norm. */
function squaredError(eigenvalues, squared, squaredNorm) {
  let error = squaredNorm;
  for (let k = 0; k < eigenvalues.length; k++) {
    error += (eigenvalues[k] - squared[k]) ** 2 - eigenvalues[k] ** 2;
  }
  return error / squaredNorm;
}

/** A closed form: its state at any time is a formula. */
class FlowModel {
  constructor(data, nWords) {
    Object.assign(this, data);
    this.nWords = nWords;
    this.eigenvalues = Float64Array.from(data.eigenvalues);
    this.modes = decodeFloats(data.modes); // (nWords, nModes)
    this.nModes = this.modes.length / nWords; // a file of many words has the first modes alone
    this.moveTo(data.range[1]);
  }

  /** Set the time: the strength of each mode, and the length that it gives to the vectors. */
  moveTo(time) {
    this.time = time;
    this.strengths = squaredSingularValues(this.eigenvalues, time, this.initScale);
    this.scales = this.lengthsAt(time);
  }

  /** Factors from eigenvectors to word vectors at a time, of length nModes. */
  lengthsAt(time) {
    return squaredSingularValues(this.eigenvalues, time, this.initScale).map((each) => each ** this.exponent);
  }

  /** Share of a mode that is learned. */
  progress(mode) {
    return this.strengths[mode] / this.eigenvalues[mode];
  }

  /** Entry of a word's vector now. */
  entry(word, mode) {
    return this.modes[word * this.nModes + mode] * this.scales[mode];
  }

  /** Entry of a word in a mode at the end, which orders the words of a concept. */
  finalEntry(word, mode) {
    return this.modes[word * this.nModes + mode];
  }

  /** Neighbors of a word at a time: from all vectors, or those of the nearest precomputed stage. */
  neighbors(word, time, n) {
    if (this.stages) return stagedNeighbors(this.stages, word, time, n);
    return nearestRows(this.modes, this.lengthsAt(time), this.nModes, word, n);
  }

  /** Effective rank and loss at a time. */
  measures(time) {
    const squared = squaredSingularValues(this.eigenvalues, time, this.initScale);
    return { rank: effectiveRank(squared), loss: squaredError(this.eigenvalues, squared, this.squaredNorm) };
  }

  /** Share of a mode learned at a time. */
  progressAt(mode, time) {
    const value = this.eigenvalues[mode];
    return squaredSingularValues([value], time, this.initScale)[0] / value;
  }
}
