// Labels on the map: the most important words first, none over another one.

const LABEL_HEIGHT = 15; // pixels
const LABEL_GAP = 6; // from the middle of a point

/** Measure a text in the font of the labels, once. */
const labelWidth = (() => {
  const context = document.createElement("canvas").getContext("2d");
  const known = new Map();
  return (text) => {
    if (!known.has(text)) {
      context.font = LABEL_FONT;
      known.set(text, context.measureText(text).width);
    }
    return known.get(text);
  };
})();

/** The box of a label right (side 1) or left (side -1) of a point. */
function labelBox(x, y, width, side) {
  const left = side > 0 ? x + LABEL_GAP : x - LABEL_GAP - width;
  return { left, right: left + width, top: y - LABEL_HEIGHT / 2, bottom: y + LABEL_HEIGHT / 2, side };
}

function overlaps(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function isInside(box, width, height) {
  return box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
}

/** Place labels in the order of the candidates, {word, text, x, y, side}; those without room are left out. */
function placeLabels(candidates, width, height, most) {
  const placed = [];
  for (const each of candidates) {
    if (placed.length === most) break;
    const size = labelWidth(each.text);
    const sides = [each.side || 1, -(each.side || 1)]; // the side of the last frame first, so that labels do not jump
    const box = sides
      .map((side) => labelBox(each.x, each.y, size, side))
      .find((one) => isInside(one, width, height) && !placed.some((other) => overlaps(one, other.box)));
    if (box) placed.push({ ...each, box, side: box.side });
  }
  return placed;
}
