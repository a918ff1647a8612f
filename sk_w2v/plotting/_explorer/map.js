// A map of one model: computes positions, colors and labels of a frame, and has Vega draw them.

const SUBDUED = 0.13; // opacity of words that are not chosen, while others are
const N_LABEL_CANDIDATES = 400;

class WordMap {
  constructor(id, model, words, element, { onChoose, onHover, isMoving }) {
    Object.assign(this, { id, model, words, element, onChoose, onHover, isMoving }); // halos are slow to draw: none while moving
    this.nWords = words.length;
    this.x = new Float64Array(this.nWords);
    this.y = new Float64Array(this.nWords);
    this.concepts = new Int32Array(this.nWords);
    this.axes = model.projection ? { kind: "projection" } : { kind: "modes", x: 0, y: Math.min(1, model.nModes - 1) };
    this.labels = [];
    this.rings = [];
    this.chosen = new Set();
    this.frame = 0;
  }

  /** Have Vega draw for the first time. */
  async start() {
    const functions = {
      wordX: (i) => this.x[i], wordY: (i) => this.y[i],
      wordColor: (i) => this.colors[i], wordFill: (i) => (this.isHigh(i) ? this.colors[i] : this.theme.paper),
      wordStroke: (i) => (this.isHigh(i) ? 0 : 1.5), wordOpacity: (i) => this.opacity(i),
      ringX: (i) => (i < this.rings.length ? this.x[this.rings[i]] : 0),
      ringY: (i) => (i < this.rings.length ? this.y[this.rings[i]] : 0),
      ringOpacity: (i) => (i < this.rings.length ? 1 : 0),
      labelX: (i) => (i < this.labels.length ? this.labels[i].box.left : -1000),
      labelY: (i) => (i < this.labels.length ? this.labels[i].y : -1000),
      haloText: (i) => (i < this.labels.length && !this.isMoving() ? this.labels[i].text : ""),
      labelText: (i) => (i < this.labels.length ? this.labels[i].text : ""),
    };
    const named = Object.fromEntries(Object.entries(functions).map(([name, of]) => [name + this.id, of]));
    this.theme = readTheme();
    this.compute();
    const options = { actions: false, renderer: "canvas", tooltip: false, expressionFunctions: named };
    this.view = (await vegaEmbed(this.element, mapSpec(this.nWords, this.id), options)).view;
    this.listen();
    this.fit();
    this.resize();
    followTheme((theme) => this.useTheme(theme));
  }

  listen() {
    const wordOf = (item) => (item && item.mark && item.mark.name === "points" ? item.datum.i : null);
    this.view.addEventListener("pointermove", (event, item) => this.onHover(wordOf(item), event));
    this.view.addEventListener("click", (event, item) => wordOf(item) !== null && this.onChoose(wordOf(item)));
    this.view.addSignalListener("xLimits", () => requestAnimationFrame(() => this.draw()));
    this.element.addEventListener("pointerleave", () => this.onHover(null));
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  /** Positions, nearest concepts and colors at the model's time. */
  compute() {
    if (this.axes.kind === "modes") this.placeOnModes(this.axes.x, this.axes.y);
    else this.placeByProjection(this.model.projection);
    for (let i = 0; i < this.nWords; i++) this.concepts[i] = nearestConcept(this.model, i);
    this.colors = Array.from(this.concepts, (mode) => conceptColor(this.theme, mode));
  }

  /** Words that are not chosen fade; those without a color of their own stay in the background. */
  opacity(word) {
    if (this.chosen.size > 0) return this.chosen.has(word) ? 1 : SUBDUED;
    return this.concepts[word] >= 0 && this.concepts[word] < N_COLORS ? 0.9 : 0.4;
  }

  placeOnModes(first, second) {
    for (let i = 0; i < this.nWords; i++) {
      this.x[i] = this.model.entry(i, first);
      this.y[i] = this.model.entry(i, second);
    }
  }

  placeByProjection(projection) {
    const n = this.model.nModes;
    for (let i = 0; i < this.nWords; i++) {
      let x = 0;
      let y = 0;
      for (let k = 0; k < n; k++) {
        const entry = this.model.entry(i, k);
        x += entry * projection[k][0];
        y += entry * projection[k][1];
      }
      this.x[i] = x;
      this.y[i] = y;
    }
  }

  /** Whether a word is at the high end of its nearest concept: a disk, or else a ring. */
  isHigh(word) {
    return this.concepts[word] < 0 || this.model.finalEntry(word, this.concepts[word]) >= 0;
  }

  /** Choose the limits of the axes for the positions at the end. */
  fit() {
    const now = this.model.time;
    this.model.moveTo(this.model.range[1]);
    this.compute();
    this.view.signal("xLimits", limitsOf(this.x)).signal("yLimits", limitsOf(this.y));
    this.model.moveTo(now);
    this.compute();
  }

  useAxes(axes, titles) {
    this.axes = axes;
    this.view.signal("xTitle", titles.x).signal("yTitle", titles.y);
    this.fit();
    this.draw();
  }

  useTheme(theme) {
    this.theme = theme;
    this.view.signal("theme", theme);
    this.refresh();
  }

  resize() {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth > 0) this.view.width(clientWidth).height(clientHeight).run();
    this.draw();
  }

  /** Choose words: the others fade, and `ringed` ones get a ring. */
  choose(words, ringed = words) {
    this.chosen = new Set(words);
    this.rings = ringed.slice(0, N_RINGS);
    this.draw();
  }

  /** Compute and draw a frame. */
  refresh() {
    this.compute();
    this.draw();
  }

  draw() {
    this.labels = this.placedLabels();
    this.view.signal("frame", ++this.frame).run();
  }

  placedLabels() {
    const [width, height] = [plotSize(this.view, "x"), plotSize(this.view, "y")];
    const toX = pixelsOf(this.view.signal("xLimits"), [0, width]);
    const toY = pixelsOf(this.view.signal("yLimits"), [height, 0]);
    const before = new Map(this.labels.map((each) => [each.word, each.side]));
    const candidates = [];
    const shown = this.chosen.size > 0 ? this.chosen : this.x.keys();
    for (const word of shown) {
      const [x, y] = [toX(this.x[word]), toY(this.y[word])];
      if (x < 0 || x > width || y < 0 || y > height) continue;
      const importance = Math.hypot(x - toX(0), y - toY(0)) * (before.has(word) ? 1.25 : 1) + (this.chosen.has(word) ? 1e6 - word : 0);
      candidates.push({ word, text: this.words[word], x, y, side: before.get(word), importance });
    }
    candidates.sort((left, right) => right.importance - left.importance);
    return placeLabels(candidates.slice(0, N_LABEL_CANDIDATES), width, height, Math.min(N_LABELS, (width * height) / 5000));
  }

  onKey(event) {
    const moves = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowDown: [0, -0.1], ArrowUp: [0, 0.1] };
    if (event.key in moves) this.pan(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(0.8);
    else if (event.key === "-") this.zoom(1.25);
    else if (event.key === "0") this.reset();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  pan(right, up) {
    this.changeLimits((limits, axis) => limits.map((each) => each + (axis === "x" ? right : up) * (limits[1] - limits[0])));
  }

  zoom(factor) {
    this.changeLimits((limits) => {
      const middle = (limits[0] + limits[1]) / 2;
      return limits.map((each) => middle + (each - middle) * factor);
    });
  }

  reset() {
    this.fit();
    this.draw();
  }

  changeLimits(change) {
    for (const axis of ["x", "y"]) {
      this.view.signal(`${axis}Limits`, change(this.view.signal(`${axis}Limits`), axis));
    }
    this.draw();
  }
}

/** The mode whose direction a word's vector is nearest to, or -1 while it is not half learned. */
function nearestConcept(model, word) {
  let nearest = 0;
  let largest = -1;
  for (let k = 0; k < model.nModes; k++) {
    const size = Math.abs(model.entry(word, k));
    if (size > largest) [largest, nearest] = [size, k];
  }
  return model.progress(nearest) >= 0.5 ? nearest : -1;
}

/** Limits around values and zero, with a margin. */
function limitsOf(values) {
  let [low, high] = [0, 0];
  for (const each of values) [low, high] = [Math.min(low, each), Math.max(high, each)];
  const margin = 0.06 * (high - low) || 1;
  return [low - margin, high + margin];
}

function pixelsOf([low, high], [first, last]) {
  return (value) => first + ((value - low) / (high - low)) * (last - first);
}

/** Width or height of the area between the axes, in pixels. */
function plotSize(view, axis) {
  const range = view.scale(axis).range();
  return Math.max(...range);
}
