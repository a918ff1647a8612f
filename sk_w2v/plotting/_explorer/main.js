// The page: one clock, one map for each model, and panels about the model that is shown.

class Explorer {
  constructor(data) {
    this.words = data.words;
    this.models = data.models.map((each) => decodeModel(each, data.words.length));
    this.shown = 0;
    this.mode = null; // the chosen concept
    this.word = null; // the searched word
    this.clock = new Clock((position) => this.update(position));
    this.search = new WordSearch(this.words, (row) => this.chooseWord(row));
    this.curves = new Curves();
    find("clear").addEventListener("click", () => this.chooseWord(null));
  }

  get model() {
    return this.models[this.shown];
  }

  async start() {
    this.maps = this.models.map((model, id) => this.makeMap(model, id));
    await Promise.all([...this.maps.map((map) => map.start()), this.curves.start()]);
    this.makeModelChoice();
    this.showModel(0);
    followTheme(() => this.curves.show(this.model, this.mode));
    this.clock.moveTo(1);
    document.documentElement.dataset.state = "ready";
  }

  makeMap(model, id) {
    const canvas = make("div", { className: "map", tabIndex: 0, role: "group",
      "aria-label": `Map of ${this.words.length} words, ${model.name}. Arrow keys move it, plus and minus zoom, 0 shows all.` });
    const figure = make("figure", { className: "map-figure" },
      make("figcaption", {}, make("b", {}, model.name), this.axesChoice(model), this.zoomButtons(model)), canvas);
    find("maps").append(figure);
    return new WordMap(id, model, this.words, canvas, {
      onChoose: (row) => this.chooseWord(row),
      onHover: (row, event) => this.hover(model, row, event),
      isMoving: () => this.clock.playing,
    });
  }

  mapOf(model) {
    return this.maps[this.models.indexOf(model)];
  }

  /** Menus of the modes, or the projection, that the map shows. */
  axesChoice(model) {
    const modes = Array.from({ length: model.nModes }, (_, k) => make("option", { value: k }, `concept ${k + 1}`));
    const axes = model.projection ? [make("option", { value: "projection" }, "projection"), ...modes] : modes;
    const menus = ["x", "y"].map((axis) => make("select", { "aria-label": `${axis} axis` }, ...axes.map((each) => each.cloneNode(true))));
    if (!model.projection && model.nModes > 1) menus[1].value = "1";
    const isProjection = (menu) => menu.value === "projection";
    const second = make("span", { hidden: model.projection !== null }, " × ", menus[1]);
    menus.forEach((menu, place) => menu.addEventListener("change", () => {
      const other = menus[1 - place];
      if (isProjection(menu)) other.value = "projection";
      else if (isProjection(other)) other.value = String(Math.min(model.nModes - 1, menu.value === "0" ? 1 : 0));
      second.hidden = isProjection(menus[0]);
      this.useAxes(model, ...menus.map((each) => each.value));
    }));
    return make("span", { className: "axes" }, "Axes ", menus[0], second);
  }

  useAxes(model, x, y) {
    const map = this.mapOf(model);
    if (x === "projection") return map.useAxes({ kind: "projection" }, { x: "", y: "" });
    return map.useAxes({ kind: "modes", x: Number(x), y: Number(y) }, { x: `concept ${Number(x) + 1}`, y: `concept ${Number(y) + 1}` });
  }

  zoomButtons(model) {
    const button = (text, label, act) => {
      const one = make("button", { type: "button", "aria-label": label }, text);
      one.addEventListener("click", () => act(this.mapOf(model)));
      return one;
    };
    return make("span", { className: "zoom" },
      button("+", "Zoom in", (map) => map.zoom(0.8)), button("−", "Zoom out", (map) => map.zoom(1.25)),
      button("All", "Show all words", (map) => map.reset()));
  }

  /** Which model the panels speak of, if there are several. */
  makeModelChoice() {
    const menu = find("model");
    menu.append(...this.models.map((model, place) => make("option", { value: place }, model.name)));
    menu.parentElement.hidden = this.models.length < 2;
    menu.addEventListener("change", () => this.showModel(Number(menu.value)));
  }

  showModel(place) {
    this.shown = place;
    this.mode = null;
    this.strip = new ConceptStrip(this.model, this.words, (mode) => this.chooseConcept(mode));
    this.lanes = new AnalogyLanes(this.model, (rows) => this.chooseRows(rows, rows));
    this.curves.show(this.model, null);
    this.update(this.clock.position);
  }

  /** Move everything to a position of the slider. */
  update(position) {
    if (!this.strip) return;
    this.models.forEach((model) => model.moveTo(timeAt(model, position)));
    this.maps.forEach((map) => map.refresh());
    const nLit = this.strip.update(this.clock.playing);
    this.lanes.update();
    this.curves.moveCursor(this.model);
    const texts = this.models.map((model) => (this.models.length > 1 ? `${model.name}: ` : "") + clockText(model));
    find("time").textContent = texts.join("; ");
    find("lit").textContent = `${nLit} of ${this.model.nModes} learned`;
    find("slider").setAttribute("aria-valuetext", `${texts.join(", ")}, ${nLit} concepts learned`);
    if (this.word !== null) this.refreshNeighbors();
  }

  /** Neighbors take a few milliseconds: while playing, four times a second are enough. */
  refreshNeighbors() {
    const now = performance.now();
    if (this.clock.playing && now - (this.neighborsAt || 0) < 250) return;
    this.neighborsAt = now;
    this.search.show(this.word, this.models, (position) => this.clock.moveTo(position));
    this.chooseRows(...this.rowsAround(this.word));
  }

  rowsAround(row) {
    const near = this.models.flatMap((model) => model.neighbors(row, model.time, N_NEIGHBORS).map(({ word }) => word));
    return [[row, ...near], [row]];
  }

  chooseRows(rows, ringed) {
    this.maps.forEach((map) => map.choose(rows, ringed));
  }

  chooseWord(row) {
    this.word = row;
    this.mode = null;
    this.strip.press(null);
    this.neighborsAt = 0;
    if (row !== null) return this.refreshNeighbors();
    find("search").value = "";
    find("neighbors").replaceChildren();
    this.curves.show(this.model, null);
    return this.chooseRows([], []);
  }

  /** Show a concept's words on the map and its sigmoid; a second click ends that. */
  chooseConcept(mode) {
    const again = this.mode === mode;
    this.chooseWord(null);
    if (again) return;
    this.mode = mode;
    this.strip.press(mode);
    const { high, low } = this.strip.ends[mode];
    this.chooseRows([...high, ...low], []);
    this.curves.show(this.model, mode);
  }

  hover(model, row, event) {
    const tip = find("tip");
    tip.hidden = row === null;
    if (row === null) return;
    const mode = this.mapOf(model).concepts[row];
    tip.replaceChildren(make("b", {}, wordText(this.words[row])), mode < 0 ? " no concept learned yet" : ` nearest to concept ${mode + 1}`);
    tip.style.left = `${Math.min(event.clientX + 14, innerWidth - 200)}px`;
    tip.style.top = `${event.clientY + 14}px`;
  }

  /** Move to a time of the shown model, as the slider would. */
  setTime(time) {
    const position = positionAt(this.model, time);
    this.clock.moveTo(position);
  }

  /** Positions of all words on a model's map, as [x, y]. */
  positions(place = 0) {
    const { x, y } = this.maps[place];
    return Array.from(x, (each, row) => [each, y[row]]);
  }
}

/** Let the page be painted first; then build the charts. */
requestAnimationFrame(() => setTimeout(() => {
  window.explorer = new Explorer(JSON.parse(find("data").textContent));
  window.explorer.start();
}));
