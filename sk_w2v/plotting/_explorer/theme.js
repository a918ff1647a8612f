// Colors come from the style sheet, so that charts follow the light or dark scheme of the reader.

const LABEL_FONT = "12px system-ui, sans-serif";
const N_COLORS = 7; // concepts with a color of their own

/** Read the colors of the present scheme from the style sheet. */
function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: color("ink"),
    faint: color("faint"),
    line: color("line"),
    paper: color("panel"),
    accent: color("accent"),
    concepts: Array.from({ length: N_COLORS }, (_, k) => color(`concept-${k}`)),
  };
}

/** Color of a concept: its own, or that of all later ones. */
function conceptColor(theme, mode) {
  return mode >= 0 && mode < N_COLORS ? theme.concepts[mode] : theme.faint;
}

/** Call a function now and whenever the scheme changes. */
function followTheme(use) {
  use(readTheme());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => use(readTheme()));
}
