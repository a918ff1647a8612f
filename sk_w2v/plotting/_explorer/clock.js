// The clock: a slider from 0 to 1, logarithmic in the time of each model, and the button that plays it.

const SLIDER_STEPS = 1000;
const PLAY_SECONDS = 24;

/** The time of a model at a position of the slider; position 0 is the start. */
function timeAt(model, position) {
  const [first, last] = model.range;
  if (position <= 0) return model.kind === "flow" ? 0 : first;
  return first * (last / first) ** position;
}

/** The position of the slider at a time. */
function positionAt(model, time) {
  const [first, last] = model.range;
  if (time <= first || last <= first) return 0;
  return Math.min(1, Math.log(time / first) / Math.log(last / first));
}

/** The time in words: "time 0.08 · 80 steps". */
function clockText(model) {
  const own = model.kind === "flow" ? `time ${shortNumber(model.time)}` : `${shortNumber(model.time)} ${model.unit}`;
  return [own, ...model.clocks.map((clock) => `${shortNumber(model.time * clock.perTime)} ${clock.name}`)].join(" · ");
}

class Clock {
  constructor(onMove) {
    this.onMove = onMove;
    this.position = 1;
    this.playing = false;
    this.slider = find("slider");
    this.button = find("play");
    this.slider.addEventListener("input", () => this.moveTo(this.slider.value / SLIDER_STEPS));
    this.button.addEventListener("click", () => this.toggle());
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  moveTo(position) {
    this.position = Math.max(0, Math.min(1, position));
    this.slider.value = Math.round(this.position * SLIDER_STEPS);
    this.onMove(this.position);
  }

  toggle() {
    this.playing = !this.playing;
    this.button.textContent = this.playing ? "Pause" : "Play";
    if (!this.playing) return this.onMove(this.position);
    if (this.position >= 1) this.position = 0;
    this.last = null;
    requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    if (!this.playing) return;
    const seconds = this.last === null ? 0 : (now - this.last) / 1000;
    this.last = now;
    this.moveTo(this.position + (seconds / PLAY_SECONDS) * Number(find("speed").value));
    if (this.position >= 1) this.toggle();
    else requestAnimationFrame((next) => this.tick(next));
  }

  /** The space bar plays, where it has no other use. */
  onKey(event) {
    if (event.key !== " " || event.target.closest("button, input, select, summary")) return;
    event.preventDefault();
    this.toggle();
  }
}
