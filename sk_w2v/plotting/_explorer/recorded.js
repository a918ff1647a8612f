// A trained model: recorded passes in place of the formula, with straight lines between them.

class RecordedModel {
  constructor(data, nWords) {
    Object.assign(this, data);
    this.nWords = nWords;
    this.nModes = data.nModes;
    this.frames = decodeFloats(data.frames); // (nFrames, nWords, nModes)
    this.moveTo(data.range[1]);
  }

  /** Set the pass: the records before and after it, and how far it lies between them. */
  moveTo(time) {
    this.time = time;
    this.between = placeBetween(this.times, time);
  }

  /** Value between two records of a function of the record. */
  interpolate(valueOf, { before, after, share } = this.between) {
    const first = valueOf(before);
    return first + share * (valueOf(after) - first);
  }

  progress(mode) {
    return this.progressAt(mode, this.time);
  }

  progressAt(mode, time) {
    const last = this.strengths[this.strengths.length - 1][mode];
    return this.interpolate((record) => this.strengths[record][mode], placeBetween(this.times, time)) / last;
  }

  entry(word, mode) {
    const place = word * this.nModes + mode;
    const size = this.nWords * this.nModes;
    return this.interpolate((record) => this.frames[record * size + place]);
  }

  finalEntry(word, mode) {
    return this.frames[(this.times.length - 1) * this.nWords * this.nModes + word * this.nModes + mode];
  }

  neighbors(word, time, n) {
    return stagedNeighbors(this.stages, word, time, n);
  }

  measures(time) {
    const place = placeBetween(this.curveTimes, time);
    return {
      rank: this.interpolate((record) => this.ranks[record], place),
      loss: this.interpolate((record) => this.losses[record], place),
    };
  }
}

/** The records around a time, and the share of the way between them. */
function placeBetween(times, time) {
  let after = times.findIndex((each) => each >= time);
  if (after < 0) after = times.length - 1;
  const before = Math.max(0, after - 1);
  const width = times[after] - times[before];
  return { before, after, share: width > 0 ? Math.max(0, (time - times[before]) / width) : 1 };
}
