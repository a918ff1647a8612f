// Arrays in the file are little-endian numbers in base64.

function decodeBytes(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
}

function decodeFloats(text) {
  return new Float32Array(decodeBytes(text));
}

/** The model of its kind, with its arrays decoded. */
function decodeModel(data, nWords) {
  if (data.stages) {
    data.stages.rows = new Int32Array(decodeBytes(data.stages.rows));
    data.stages.cosines = decodeFloats(data.stages.cosines);
  }
  return data.kind === "flow" ? new FlowModel(data, nWords) : new RecordedModel(data, nWords);
}
