// What was found, as a person reads it and as a program does.

export class Table {
  #rows = [];

  /**
   * @param {string} step
   * @param {string} what
   * @param {string | number} found
   * @param {string} wanted in words; empty if the row is for information only
   * @param {boolean} good
   */
  add(step, what, found, wanted = '', good = true) {
    this.#rows.push({ step, what, found: String(found), wanted, good });
  }

  get failures() {
    return this.#rows.filter((row) => !row.good);
  }

  get rows() {
    return this.#rows;
  }

  toString() {
    const heads = { step: 'step', what: 'what', found: 'found', wanted: 'wanted', verdict: '' };
    const lines = this.#rows.map((row) => ({ ...row, verdict: row.good ? (row.wanted ? 'ok' : '') : 'MISSED' }));
    const keys = Object.keys(heads);
    const widths = keys.map((key) => Math.max(...[heads, ...lines].map((line) => line[key].length)));
    const show = (line) => keys.map((key, i) => line[key].padEnd(widths[i])).join('  ').trimEnd();
    const rule = widths.map((width) => '-'.repeat(width)).join('  ').trimEnd();
    let step = '';
    const body = lines.map((line) => {
      const shown = show(line.step === step ? { ...line, step: '' } : line);
      step = line.step;
      return shown;
    });
    return [show(heads), rule, ...body].join('\n');
  }
}
