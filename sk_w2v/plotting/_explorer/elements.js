// Words reach the page as text nodes alone, never as markup.

/** Make an element with properties and children; strings become text. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/** A word in its own direction of writing. */
function wordText(word) {
  return make("bdi", {}, word);
}

/** Words with commas between them. */
function wordList(words) {
  return words.flatMap((word, place) => (place > 0 ? [", ", wordText(word)] : [wordText(word)]));
}

function find(id) {
  return document.getElementById(id);
}

/** A number with three significant digits, without a trailing exponent where it can be helped. */
function shortNumber(value) {
  return value >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}
