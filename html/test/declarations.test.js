import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const html = fileURLToPath(new URL('..', import.meta.url));

/** @param {string[]} options */
function tsc(...options) {
  const compiler = join(html, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [compiler, ...options], { cwd: html, encoding: 'utf8' });
  } catch (error) {
    assert.fail(`tsc ${options.join(' ')}\n${error.stdout || error.stderr || error}`);
  }
}

test('library and page pass the strict type check', () => {
  tsc('-p', 'tsconfig.json', '--noEmit');
  tsc('-p', 'tsconfig.demo.json');
});

test('the shipped declarations are those of the code: npm run types makes them', () => {
  const made = mkdtempSync(join(tmpdir(), 'declarations-'));
  try {
    tsc('-p', 'tsconfig.json', '--outDir', made);
    const shipped = join(html, 'types');
    assert.deepEqual(readdirSync(shipped).sort(), readdirSync(made).sort());
    for (const name of readdirSync(made)) {
      assert.equal(readFileSync(join(shipped, name), 'utf8'), readFileSync(join(made, name), 'utf8'), name);
    }
  } finally {
    rmSync(made, { recursive: true });
  }
});
