/**
 * The reader's own log in the browser's store: one log, in batches, with what is known about it and the edits made to it.
 * Nothing here throws: a browser that keeps nothing answers false or null.
 */

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("own-log", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("log");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * One transaction.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T> | undefined} use
 * @returns {Promise<T | undefined>}
 */
async function transact(mode, use) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction("log", mode);
      const request = use(transaction.objectStore("log"));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/**
 * Keeps a log in place of the one before.
 * @param {any} about
 * @param {any[][]} batches
 * @returns {Promise<boolean>}
 */
export async function keep(about, batches) {
  try {
    await transact("readwrite", (store) => void store.clear());
    for (const [i, batch] of batches.entries()) await transact("readwrite", (store) => store.put(batch, i));
    await transact("readwrite", (store) => store.put({ ...about, batches: batches.length }, "about"));
    return true;
  } catch {
    return false;
  }
}

/** @param {any[][]} edits @returns {Promise<boolean>} */
export async function keepEdits(edits) {
  try {
    const about = await transact("readonly", (store) => store.get("about"));
    if (about) await transact("readwrite", (store) => store.put({ ...about, edits }, "about"));
    return Boolean(about);
  } catch {
    return false;
  }
}

/** @returns {Promise<{ about: any, records: any[] } | null>} the log that was kept */
export async function kept() {
  try {
    const about = await transact("readonly", (store) => store.get("about"));
    if (!about) return null;
    const records = [];
    for (let i = 0; i < about.batches; i++) {
      for (const record of (await transact("readonly", (store) => store.get(i))) ?? []) records.push(record);
    }
    return { about, records };
  } catch {
    return null;
  }
}

/** Forgets the log. */
export async function forget() {
  try {
    await transact("readwrite", (store) => void store.clear());
  } catch {
    // Where nothing can be kept, nothing is there to forget.
  }
}
