// Analogy lanes: when each question is answered. A click says why, or why not.

class AnalogyLanes {
  constructor(model, onChoose) {
    Object.assign(this, { model, onChoose });
    this.lanes = model.questions.map((question) => this.lane(question));
    find("lanes").replaceChildren(...this.lanes.map(({ item }) => item));
    find("analogies").hidden = this.lanes.length === 0;
  }

  lane(question) {
    const [a, b, c, d] = question.words.map(wordText);
    const track = make("span", { className: "track", "aria-hidden": "true" });
    track.style.backgroundImage = this.stripes(question.answered);
    const state = make("span", { className: "state" });
    const button = make("button", { className: "lane", type: "button", "aria-expanded": "false" },
      state, make("span", { className: "question" }, a, " : ", b, " = ", c, " : ", d), this.when(question), track);
    const reason = make("p", { className: "reason", hidden: true });
    button.addEventListener("click", () => this.explain(question, button, reason));
    return { question, button, state, item: make("li", {}, button, reason), answered: null };
  }

  /** The rank and time from which on a question stays answered. */
  when(question) {
    const parts = [];
    if (question.time !== null) parts.push(`from ${shortNumber(question.time)}`);
    if (question.rank !== null) parts.push(`rank ${question.rank}`);
    return make("small", {}, parts.join(", ") || "not answered at the end");
  }

  /** A gradient that is green over the stretches of the slider at which a question is answered. */
  stripes(answered) {
    const places = this.model.questionTimes.map((time) => 100 * positionAt(this.model, time));
    const stops = [...answered].map((flag, step) => {
      const end = step + 1 < places.length ? places[step + 1] : 100;
      const color = flag === "1" ? "var(--good)" : "transparent";
      return `${color} ${places[step].toFixed(2)}% ${end.toFixed(2)}%`;
    });
    return stops.length ? `linear-gradient(to right, transparent 0% ${places[0].toFixed(2)}%, ${stops.join(", ")})` : "none";
  }

  explain(question, button, reason) {
    const opened = reason.hidden;
    reason.hidden = !opened;
    reason.textContent = question.reason;
    button.setAttribute("aria-expanded", String(opened));
    this.onChoose(opened ? question.rows.filter((row) => row !== null) : []);
  }

  /** Turn the lanes green that are answered at the model's time. */
  update() {
    const step = lastBefore(this.model.questionTimes, this.model.time);
    let n = 0;
    for (const lane of this.lanes) {
      const answered = step >= 0 && lane.question.answered[step] === "1";
      n += answered;
      if (lane.answered === answered) continue;
      lane.answered = answered;
      lane.button.classList.toggle("answered", answered);
      lane.state.textContent = answered ? "✓" : "·";
      lane.state.title = answered ? "answered now" : "not answered now";
    }
    find("answered").textContent = `${n} of ${this.lanes.length} answered now`;
    return n;
  }
}

/** Index of the last step at or before a time, or -1. */
function lastBefore(times, time) {
  let last = -1;
  while (last + 1 < times.length && times[last + 1] <= time * (1 + 1e-12)) last++;
  return last;
}
