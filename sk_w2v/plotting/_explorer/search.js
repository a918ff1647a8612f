// Search of a word: its neighbors at the slider's time, and how they changed.

const N_NEIGHBORS = 10;
const N_STAGES = 12;

class WordSearch {
  constructor(words, onChoose) {
    Object.assign(this, { words, onChoose });
    this.rows = new Map(words.map((word, row) => [word, row]));
    this.input = find("search");
    find("words").append(...words.map((word) => make("option", { value: word })));
    this.input.addEventListener("change", () => this.search());
    find("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
    });
  }

  search() {
    const asked = this.input.value.trim();
    if (asked === "") return this.onChoose(null);
    const row = this.rows.get(asked) ?? this.rows.get(asked.toLowerCase());
    if (row !== undefined) return this.onChoose(row);
    find("neighbors").replaceChildren(
      make("p", { className: "note" }, "“", wordText(asked), `” is not among the ${this.words.length.toLocaleString("en")} words of this page.`),
    );
  }

  /** Show the neighbors of a word in a model now, and at a dozen stages. */
  show(row, models, goTo) {
    this.input.value = this.words[row];
    find("neighbors").replaceChildren(...models.map((model) => this.neighborsIn(model, row, models.length > 1, goTo)));
  }

  neighborsIn(model, row, named, goTo) {
    const now = model.neighbors(row, model.time, N_NEIGHBORS);
    const list = make("ol", { className: "neighbors" }, ...now.map((each) => this.item(each)));
    return make("div", { className: "answer" },
      make("h3", {}, "Neighbors of ", wordText(this.words[row]), ` at ${clockText(model)}`, named ? ` (${model.name})` : ""),
      list, this.history(model, row, goTo));
  }

  item({ word, cosine }) {
    const button = make("button", { className: "word", type: "button" }, wordText(this.words[word]));
    button.addEventListener("click", () => this.onChoose(word));
    return make("li", {}, button, make("span", { className: "cosine" }, cosine.toFixed(2)));
  }

  /** The first neighbors at each stage; those that the stage before did not have are bold. */
  history(model, row, goTo) {
    let before = new Set();
    const stages = stagePositions(model).map((position) => {
      const found = model.neighbors(row, timeAt(model, position), 5).map(({ word }) => word);
      const texts = found.flatMap((word, place) => [
        place > 0 ? ", " : "",
        make(before.has(word) ? "span" : "b", {}, wordText(this.words[word])),
      ]);
      before = new Set(found);
      const button = make("button", { className: "stage", type: "button" }, shortNumber(timeAt(model, position)));
      button.addEventListener("click", () => goTo(position));
      return make("li", {}, button, make("span", {}, ...texts));
    });
    const details = make("details", { open: this.open === true },
      make("summary", {}, "How they changed"), make("ol", { className: "stages" }, ...stages));
    details.addEventListener("toggle", () => (this.open = details.open));
    return details;
  }
}

/** A dozen positions of the slider, or those that neighbors are known at. */
function stagePositions(model) {
  if (model.stages) return model.stages.times.map((time) => positionAt(model, time));
  return Array.from({ length: N_STAGES }, (_, stage) => (stage + 1) / N_STAGES);
}
