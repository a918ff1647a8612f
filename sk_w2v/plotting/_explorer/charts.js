// Small line charts with a cursor, drawn by Vega.

function chartSpec({ yTitle, log }) {
  const axis = (orient, scale, title) => ({
    orient, scale, title, tickCount: 4, grid: orient === "left", domain: orient === "bottom",
    gridColor: { signal: "theme.line" }, domainColor: { signal: "theme.line" }, tickColor: { signal: "theme.line" },
    labelColor: { signal: "theme.faint" }, titleColor: { signal: "theme.faint" },
    titleFontWeight: "normal", labelFontSize: 10, titleFontSize: 11, labelOverlap: true,
    ...(orient === "bottom" ? { format: "~g" } : {}),
  });
  return {
    $schema: "https://vega.github.io/schema/vega/v6.json",
    width: 300, height: 110, padding: 5, autosize: { type: "fit", contains: "padding" },
    signals: [{ name: "cursor", value: 0 }, { name: "limits", value: [0.1, 1] }, { name: "highest", value: 1 },
      { name: "theme", value: readTheme() }],
    data: [{ name: "points", values: [] }],
    scales: [
      { name: "x", type: log ? "log" : "linear", domain: { signal: "limits" }, range: "width", zero: false, nice: false },
      { name: "y", domain: [0, { signal: "highest" }], range: "height", nice: true },
    ],
    axes: [axis("bottom", "x"), axis("left", "y", yTitle)],
    marks: [
      { type: "group", from: { facet: { name: "line", data: "points", groupby: "series" } }, marks: [
        { type: "line", from: { data: "line" }, encode: { update: {
          x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, stroke: { field: "color" },
          strokeWidth: { field: "width" }, strokeDash: { field: "dash" }, strokeOpacity: { field: "opacity" },
        } } },
      ] },
      { type: "rule", encode: { update: {
        x: { scale: "x", signal: "clamp(cursor, limits[0], limits[1])" }, y: { value: 0 }, y2: { signal: "height" },
        stroke: { signal: "theme.accent" }, strokeWidth: { value: 1.5 },
      } } },
    ],
  };
}

class LineChart {
  constructor(element, options) {
    Object.assign(this, { element, options });
  }

  async start() {
    const options = { actions: false, renderer: "canvas", tooltip: false };
    this.view = (await vegaEmbed(this.element, chartSpec(this.options), options)).view;
    new ResizeObserver(() => this.resize()).observe(this.element);
    this.resize();
  }

  resize() {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth > 0) this.view.width(clientWidth).height(clientHeight).run();
  }

  /** Draw lines: {name, color, width, dash, opacity, points: [[x, y], ...]}. */
  show(lines, limits) {
    const rows = lines.flatMap((line, series) =>
      line.points
        .filter(([x]) => x >= limits[0] && x <= limits[1])
        .map(([x, y]) => ({ series, x, y, color: line.color, width: line.width || 2, dash: line.dash || [], opacity: line.opacity || 1 })),
    );
    const highest = Math.max(...rows.map(({ y }) => y));
    this.view.signal("limits", limits).signal("highest", highest).signal("theme", readTheme()).data("points", rows).run();
  }

  moveCursor(time) {
    this.view.signal("cursor", time).run();
  }
}
