/**
 * Reads a log off the main thread and keeps it in the browser's own store. Takes `{ source: File | string, name }`; answers
 * with `{ share, count }` while it reads, `{ records }` in batches, `{ stored }` and at last `{ done: {…} }` or `{ error }`.
 */
import { logParser } from "../engine/parse-log.js";
import { keep } from "../player/store.js";

const BATCH = 10_000;
const MOST_RECORDS = 1_000_000;
const PIECE = 1_000_000;

/** What a shell of Windows redirects to a file is UTF-16. @param {Uint8Array} start @returns {string} what its byte order mark says */
const encodingOf = ([first, second]) => (first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8");

/** @param {File | string} source @returns {AsyncGenerator<{ text: string, share: number }>} */
async function* piecesOf(source) {
  if (typeof source === "string") {
    for (let i = 0; i < source.length; i += PIECE) yield { text: source.slice(i, i + PIECE), share: i / source.length };
    return;
  }
  const decoder = new TextDecoder(encodingOf(new Uint8Array(await source.slice(0, 2).arrayBuffer())));
  for (let i = 0; i < source.size; i += PIECE) {
    const bytes = await source.slice(i, i + PIECE).arrayBuffer();
    yield { text: decoder.decode(bytes, { stream: true }), share: i / source.size };
  }
  yield { text: decoder.decode(), share: 1 };
}

/** @param {{ source: File | string, name: string }} wanted */
async function read({ source, name }) {
  const parser = logParser();
  for await (const { text, share } of piecesOf(source)) {
    parser.push(text);
    postMessage({ share, count: parser.count });
  }
  const { records, format, problems } = parser.end();
  if (records.length > MOST_RECORDS) {
    problems.unshift({ line: 0, message: `the log has ${records.length} records: the first ${MOST_RECORDS} are used` });
    records.length = MOST_RECORDS;
  }
  const about = { name, format, count: records.length, problems: problems.slice(0, 200), untold: Math.max(0, problems.length - 200) };
  const batches = [];
  for (let i = 0; i < records.length; i += BATCH) batches.push(records.slice(i, i + BATCH));
  for (const batch of batches) postMessage({ records: batch });
  postMessage({ done: about });
  if (records.length > 0) postMessage({ stored: await keep({ ...about, edits: [] }, batches) });
}

addEventListener("message", ({ data }) => {
  read(data).catch((error) => postMessage({ error: String(error?.message ?? error) }));
});
