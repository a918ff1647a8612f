// Effective rank, loss and the sigmoids of modes against time: the theory's lines, and those of a recorded run.

const N_CURVE_POINTS = 160;
const N_SIGMOIDS = 12;

class Curves {
  constructor() {
    this.charts = {
      sigmoid: new LineChart(find("sigmoid-chart"), { yTitle: "share learned", log: true }),
      rank: new LineChart(find("rank-chart"), { yTitle: "effective rank", log: true }),
      loss: new LineChart(find("loss-chart"), { yTitle: "share of the loss left", log: true }),
    };
  }

  start() {
    return Promise.all(Object.values(this.charts).map((chart) => chart.start()));
  }

  /** Draw the curves of a model; its chosen mode is drawn bold. */
  show(model, mode) {
    const [limits, times, theme] = [chartLimits(model), curveTimes(model), readTheme()];
    const measures = times.map((time) => model.measures(time));
    const line = (points, color, more) => ({ points, color, ...more });
    const theory = (name) => line(times.map((time, step) => [time, measures[step][name]]), theme.accent);
    const run = (values) => (model.run ? [line(model.run.times.map((time, step) => [time, values[step]]), theme.ink, { dash: [5, 3] })] : []);
    this.charts.sigmoid.show(this.sigmoids(model, mode, times, theme), limits);
    this.charts.rank.show([theory("rank"), ...run(model.run && model.run.ranks)], limits);
    const left = { points: shareLeft(theory("loss").points) };
    this.charts.loss.show([line(left.points, theme.accent), ...run(model.run && model.run.losses).map((each) => ({ ...each, points: shareLeft(each.points) }))], limits);
    find("curve-key").textContent = model.run ? "line: the theory; dashes: the recorded run" : "";
    this.moveCursor(model);
  }

  sigmoids(model, mode, times, theme) {
    const shown = Array.from({ length: Math.min(N_SIGMOIDS, model.nModes) }, (_, k) => k).filter((k) => k !== mode);
    const chosen = mode === null ? [] : [mode];
    return [...shown, ...chosen].map((k) => ({
      points: times.map((time) => [time, model.progressAt(k, time)]),
      color: conceptColor(theme, k), width: k === mode ? 3.5 : 1.2, opacity: mode === null || k === mode ? 1 : 0.35,
    }));
  }

  moveCursor(model) {
    for (const chart of Object.values(this.charts)) chart.moveCursor(model.time);
    const { rank, loss } = model.measures(model.time);
    find("rank-now").textContent = shortNumber(rank);
    find("loss-now").textContent = model.kind === "flow" ? `${(100 * loss).toFixed(1)} % of the target` : `${shortNumber(loss)} nats`;
  }
}

/** Limits of the time axis: an axis needs two, even if a model has one pass. */
function chartLimits({ range: [first, last] }) {
  return first < last ? [first, last] : [first / 1.1, last * 1.1];
}

function curveTimes(model) {
  if (model.kind === "recorded") return model.curveTimes;
  return Array.from({ length: N_CURVE_POINTS }, (_, step) => timeAt(model, Math.max(1e-9, step / (N_CURVE_POINTS - 1))));
}

/** Points with heights from 1 at the highest to 0 at the lowest: losses of different units share an axis. */
function shareLeft(points) {
  const heights = points.map(([, y]) => y);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  return points.map(([x, y]) => [x, high > low ? (y - low) / (high - low) : 0]);
}
