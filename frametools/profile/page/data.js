// The payload: base64, deflated, then JSON and the planes of each column.

async function readPayload() {
  const packed = fromBase64(document.getElementById("data").textContent.trim());
  const stream = new Blob([packed]).stream();
  const inflated = stream.pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(inflated).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const facts = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { facts, columns: readColumns(bytes, 4 + length, facts) };
}

function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

function readColumns(bytes, at, { size, columns }) {
  const read = {};
  for (const [name, planes] of columns) {
    const column = new Float64Array(size);
    for (let plane = 0; plane < planes; plane++, at += size) {
      addPlane(column, bytes.subarray(at, at + size), 256 ** plane);
    }
    read[name] = column;
  }
  return read;
}

function addPlane(column, plane, weight) {
  for (let node = 0; node < plane.length; node++) column[node] += plane[node] * weight;
}
