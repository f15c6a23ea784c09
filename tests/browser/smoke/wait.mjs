// Conditions with a deadline, in place of sleeping.

/**
 * Asks until the answer is true to `good`.
 * @param {string} what for the error, as in "the call to end"
 * @param {() => Promise<any>} ask
 * @param {(answer: any) => boolean} good
 * @returns {Promise<any>} the answer; Error with the last one after `seconds`
 */
export async function until(what, ask, good = Boolean, seconds = 10) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > deadline) {
      throw new Error(`waited ${seconds} s for ${what}; last: ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
