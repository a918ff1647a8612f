// The strip of concepts: one button for each mode, in the order of learning, that lights up when it is half learned.

const N_END_WORDS = 8;

/** The words at the two ends of a mode, the most extreme first. */
function endsOf(model, mode, nWords) {
  const entries = Array.from({ length: nWords }, (_, word) => ({ word, entry: model.finalEntry(word, mode) }));
  entries.sort((left, right) => right.entry - left.entry);
  const high = entries.slice(0, N_END_WORDS).filter(({ entry }) => entry > 0);
  const low = entries.reverse().slice(0, N_END_WORDS).filter(({ entry }) => entry < 0);
  return { high: high.map(({ word }) => word), low: low.map(({ word }) => word) };
}

class ConceptStrip {
  constructor(model, words, onChoose) {
    Object.assign(this, { model, words, onChoose });
    this.element = find("strip");
    this.ends = Array.from({ length: model.nModes }, (_, mode) => endsOf(model, mode, words.length));
    this.cards = this.ends.map((ends, mode) => this.card(ends, mode));
    this.element.replaceChildren(...this.cards.map(({ button }) => make("li", {}, button)));
  }

  card(ends, mode) {
    const names = (rows) => wordList(rows.slice(0, 3).map((row) => this.words[row]));
    const bar = make("span", { className: "progress" });
    const time = this.model.learningTimes[mode];
    const button = make(
      "button", { className: "concept", type: "button", "aria-pressed": "false" },
      make("span", { className: "number" }, `${mode + 1}`, make("small", {}, time === null ? "" : ` at ${shortNumber(time)}`)),
      make("span", { className: "high" }, ...names(ends.high)),
      make("span", { className: "low" }, ...names(ends.low)),
      bar,
    );
    button.style.setProperty("--own", mode < N_COLORS ? `var(--concept-${mode})` : "var(--faint)");
    button.addEventListener("click", () => this.onChoose(mode));
    return { button, bar, lit: null };
  }

  /** Light the concepts that are learned at the model's time; follow the newest one while playing. */
  update(follow) {
    let newest = -1;
    this.cards.forEach((card, mode) => {
      const progress = this.model.progress(mode);
      this.fill(card, Math.max(0, Math.min(1, progress)).toFixed(2));
      if (progress >= 0.5) newest = mode;
      if (card.lit === progress >= 0.5) return;
      card.lit = progress >= 0.5;
      card.button.classList.toggle("lit", card.lit);
    });
    if (follow && newest !== this.newest && newest >= 0) this.showCard(newest);
    this.newest = newest;
    return this.cards.filter((card) => card.lit).length;
  }

  /** Set the length of a card's bar, if it changed: most modes rest in most frames. */
  fill(card, length) {
    if (card.length !== length) card.bar.style.transform = `scaleX(${length})`;
    card.length = length;
  }

  showCard(mode) {
    const item = this.cards[mode].button.parentElement;
    this.element.scrollLeft = item.offsetLeft - this.element.clientWidth / 2;
  }

  press(mode) {
    this.cards.forEach(({ button }, each) => button.setAttribute("aria-pressed", String(each === mode)));
  }
}
