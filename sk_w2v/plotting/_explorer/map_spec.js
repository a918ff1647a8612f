// The map as a Vega specification. Functions of the page say where a word is; the signal `frame` says when to ask.

const N_LABELS = 90;
const N_RINGS = 60;

const numbered = (n) => Array.from({ length: n }, (_, i) => ({ i }));

/** Signals that let pointer, wheel and two fingers move the limits of the axes. */
function panAndZoomSignals() {
  const moved = (limits, delta) => `[${limits}[0] + span(${limits}) * ${delta}, ${limits}[1] + span(${limits}) * ${delta}]`;
  const zoomed = (limits, at) => `[${at} + (${limits}[0] - ${at}) * zoom, ${at} + (${limits}[1] - ${at}) * zoom]`;
  const dragging =
    "[pointerdown, window:pointerup] > window:pointermove!, touchmove![event.touches.length === 1]";
  return [
    { name: "down", value: null, on: [
      { events: "touchend", update: "null" },
      { events: "pointerdown, touchstart", update: "xy()" },
    ] },
    { name: "xBefore", value: null, on: [{ events: "pointerdown, touchstart, touchend", update: "slice(xLimits)" }] },
    { name: "yBefore", value: null, on: [{ events: "pointerdown, touchstart, touchend", update: "slice(yLimits)" }] },
    { name: "delta", value: [0, 0], on: [
      { events: dragging, update: "down ? [down[0] - x(), y() - down[1]] : [0, 0]" },
    ] },
    { name: "anchor", value: [0, 0], on: [
      { events: "wheel", update: "[invert('x', x()), invert('y', y())]" },
      { events: "touchstart[event.touches.length === 2]",
        update: "[(xLimits[0] + xLimits[1]) / 2, (yLimits[0] + yLimits[1]) / 2]" },
    ] },
    { name: "zoom", value: 1, on: [
      { events: "wheel!", force: true, update: "pow(1.001, event.deltaY * pow(16, event.deltaMode))" },
      { events: { signal: "pinched" }, force: true, update: "pinch / pinched" },
    ] },
    { name: "pinch", value: 0, on: [
      { events: "touchstart[event.touches.length === 2]", update: "pinchDistance(event)" },
      { events: { signal: "pinched" }, update: "pinched" },
    ] },
    { name: "pinched", value: 0, on: [
      { events: "touchmove![event.touches.length === 2]", update: "pinchDistance(event)" },
    ] },
    { name: "xLimits", value: [-1, 1], on: [
      { events: { signal: "delta" }, update: moved("xBefore", "delta[0] / width") },
      { events: { signal: "zoom" }, update: zoomed("xLimits", "anchor[0]") },
    ] },
    { name: "yLimits", value: [-1, 1], on: [
      { events: { signal: "delta" }, update: moved("yBefore", "delta[1] / height") },
      { events: { signal: "zoom" }, update: zoomed("yLimits", "anchor[1]") },
    ] },
  ];
}

function mapAxis(orient, scale, title) {
  return {
    orient, scale, grid: true, tickCount: 5, domain: false, ticks: false,
    gridColor: { signal: "theme.line" }, labelColor: { signal: "theme.faint" }, titleColor: { signal: "theme.faint" },
    title: { signal: title }, titleFontWeight: "normal", labelFontSize: 11, titleFontSize: 12,
  };
}

function labelMark(ask, text, extra) {
  return {
    type: "text", from: { data: "labels" }, clip: true, interactive: false,
    encode: {
      enter: { fontSize: { value: 12 }, font: { value: "system-ui, sans-serif" }, baseline: { value: "middle" } },
      update: {
        x: { signal: ask("labelX") }, y: { signal: ask("labelY") },
        text: { signal: ask(text) }, ...extra,
      },
    },
  };
}

/** The whole map: points, rings around chosen words, labels with a halo. Functions are global: `id` tells maps apart. */
function mapSpec(nWords, id) {
  const ask = (name) => `${name}${id}(datum.i, frame)`;
  const at = (axis, of) => ({ scale: axis, signal: ask(`${of}${axis.toUpperCase()}`) });
  return {
    $schema: "https://vega.github.io/schema/vega/v6.json",
    width: 600, height: 400, padding: 5, autosize: { type: "fit", contains: "padding" },
    signals: [
      { name: "frame", value: 0 }, { name: "theme", value: readTheme() },
      { name: "xTitle", value: "" }, { name: "yTitle", value: "" },
      ...panAndZoomSignals(),
    ],
    data: [
      { name: "words", values: numbered(nWords) },
      { name: "rings", values: numbered(N_RINGS) },
      { name: "labels", values: numbered(N_LABELS) },
    ],
    scales: [
      { name: "x", domain: { signal: "xLimits" }, range: "width", zero: false },
      { name: "y", domain: { signal: "yLimits" }, range: "height", zero: false },
    ],
    axes: [mapAxis("bottom", "x", "xTitle"), mapAxis("left", "y", "yTitle")],
    marks: [
      { type: "symbol", name: "points", from: { data: "words" }, clip: true, encode: {
        enter: { size: { value: 38 }, cursor: { value: "pointer" } },
        update: {
          x: at("x", "word"), y: at("y", "word"),
          fill: { signal: ask("wordFill") }, stroke: { signal: ask("wordColor") },
          strokeWidth: { signal: ask("wordStroke") }, opacity: { signal: ask("wordOpacity") },
        },
      } },
      { type: "symbol", from: { data: "rings" }, clip: true, interactive: false, encode: {
        enter: { size: { value: 110 }, strokeWidth: { value: 2 } },
        update: {
          x: at("x", "ring"), y: at("y", "ring"), stroke: { signal: "theme.ink" },
          opacity: { signal: ask("ringOpacity") },
        },
      } },
      labelMark(ask, "haloText", { stroke: { signal: "theme.paper" }, strokeWidth: { value: 4 }, strokeJoin: { value: "round" } }),
      labelMark(ask, "labelText", { fill: { signal: "theme.ink" } }),
    ],
  };
}
