/**
 * Turns facts into sentences.
 */

/** @typedef {"engineer" | "manager"} Voice */
/** @typedef {Record<string, Record<Voice, (data: any) => string>>} Sentences */

/**
 * A narrator over a table of sentences: `narrate(fact, voice)` gives one sentence, or an empty text for a code or voice that
 * the table does not know.
 * @param {Sentences} sentences by fact code
 * @returns {(fact: { code: string, data?: any }, voice: Voice) => string}
 */
export function narrator(sentences) {
  return (fact, voice) => {
    const words = Object.hasOwn(sentences, fact.code) ? sentences[fact.code] : undefined;
    return words && Object.hasOwn(words, voice) ? words[voice](fact.data) : "";
  };
}
