/**
 * Text that arrives in pieces, cut into lines, JSON elements or CSV cells. Every reader takes `push(text)` any number of
 * times, then `end()`; work grows with the length of the text, however it is cut.
 */

/** @typedef {{ push: (text: string) => void, end: () => void }} Reader */

const MAX_ROW = 1_000_000;

/**
 * Calls back with every line and its number from 1, without its line end (LF or CR LF).
 * @param {(line: string, number: number) => void} onLine
 * @returns {Reader}
 */
export function lineReader(onLine) {
  /** @type {string[]} */
  let parts = [];
  let number = 0;
  /** @param {string} line */
  const emit = (line) => onLine(line.endsWith("\r") ? line.slice(0, -1) : line, ++number);
  return {
    push(text) {
      let start = 0;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
        const tail = text.slice(start, end);
        if (parts.length > 0) {
          parts.push(tail);
          emit(parts.join(""));
          parts = [];
        } else emit(tail);
        start = end + 1;
      }
      if (start < text.length) parts.push(text.slice(start));
    },
    end() {
      if (parts.length > 0) emit(parts.join(""));
      parts = [];
    },
  };
}

/**
 * Calls back with the text of every element of one JSON list, or of every object in a sequence, with its number from 1.
 * @param {boolean} isList
 * @param {(text: string, number: number) => void} onElement
 * @param {(number: number, message: string) => void} onTrouble
 * @returns {Reader}
 */
export function elementReader(isList, onElement, onTrouble) {
  const base = isList ? 1 : 0;
  /** @type {string[]} */
  let parts = [];
  let number = 0;
  let depth = 0;
  let isQuoted = false;
  let isEscaped = false;
  let isClosed = false;
  let hasRest = false;

  /** @param {string} tail @param {boolean} isLast */
  function emit(tail, isLast) {
    parts.push(tail);
    const text = parts.join("").trim();
    parts = [];
    if (text !== "") onElement(text, ++number);
    else if (!isLast) onTrouble(++number, "there is nothing between two commas, skipped");
  }

  return {
    push(text) {
      let start = 0;
      for (let i = 0; i < text.length && !isClosed; i++) {
        const code = text.charCodeAt(i);
        if (isQuoted) {
          if (isEscaped) isEscaped = false;
          else if (code === 92) isEscaped = true;
          else if (code === 34) isQuoted = false;
        } else if (code === 34) isQuoted = true;
        else if (code === 91 || code === 123) {
          if (++depth === 1 && isList) start = i + 1;
        } else if (code === 93 || code === 125) {
          depth = Math.max(0, depth - 1);
          if (depth > 0) continue;
          emit(text.slice(start, isList ? i : i + 1), true);
          start = i + 1;
          isClosed = isList;
        } else if (code === 44 && isList && depth === base) {
          emit(text.slice(start, i), false);
          start = i + 1;
        }
      }
      if (!isClosed) parts.push(text.slice(start));
      else if (!hasRest && text.slice(start).trim() !== "") {
        hasRest = true;
        onTrouble(number + 1, "what follows the end of the list is left out");
      }
    },
    end() {
      if (isClosed) return;
      if (parts.join("").trim() !== "") emit("", true);
      if (isList) onTrouble(number + 1, "the list is not closed: its end is missing");
    },
  };
}

/**
 * Calls back with the cells of every CSV row (RFC 4180) and the number of its first line. A row goes on over line ends while
 * a quote is open, to a bound.
 * @param {string} delimiter
 * @param {(cells: string[], number: number) => void} onRow
 * @param {(number: number, message: string) => void} onTrouble
 * @returns {Reader}
 */
export function rowSplitter(delimiter, onRow, onTrouble) {
  /** @type {string[]} */
  let lines = [];
  let first = 0;
  let length = 0;
  let isOpen = false;
  const reader = lineReader((line, number) => {
    if (lines.length === 0) {
      if (line.trim() === "") return;
      first = number;
    }
    lines.push(line);
    length += line.length;
    for (let i = line.indexOf('"'); i >= 0; i = line.indexOf('"', i + 1)) isOpen = !isOpen;
    if (!isOpen) onRow(cellsOf(lines.join("\n"), delimiter), first);
    else if (length > MAX_ROW) giveUp(number);
    else return;
    reset();
  });

  /** @param {number} last */
  function giveUp(last) {
    onTrouble(first, `a quote is not closed${last > first ? `; lines ${first} to ${last} are` : ", the line is"} skipped`);
  }

  function reset() {
    lines = [];
    length = 0;
    isOpen = false;
  }

  return {
    push: reader.push,
    end() {
      reader.end();
      if (lines.length > 0) giveUp(first + lines.length - 1);
      reset();
    },
  };
}

/**
 * The cells of one CSV row.
 * @param {string} row
 * @param {string} delimiter one character
 * @returns {string[]}
 */
export function cellsOf(row, delimiter) {
  if (!row.includes('"')) return row.split(delimiter);
  const cells = [];
  let i = 0;
  for (;;) {
    let cell = "";
    if (row[i] === '"') {
      let end = row.indexOf('"', i + 1);
      while (end >= 0 && row[end + 1] === '"') end = row.indexOf('"', end + 2);
      if (end < 0) end = row.length;
      cell = row.slice(i + 1, end).replaceAll('""', '"');
      i = end + 1;
    }
    const next = row.indexOf(delimiter, i);
    cells.push(cell + row.slice(i, next < 0 ? row.length : next));
    if (next < 0) return cells;
    i = next + 1;
  }
}
