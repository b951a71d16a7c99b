/** /docs in a real browser: the page works offline, breaks none of its own rules, and asks no other host for anything. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MANIFEST } from '../../src/app/face.ts';
import { type Served, serve } from '../support/product.ts';

const CHROMIUM = '/usr/bin/chromium';
const missing = !existsSync(CHROMIUM);
if (missing) console.log(`The /docs page was not tested: ${CHROMIUM} is missing (apt-get install chromium).`);

const READS = MANIFEST.filter((tool) => tool.effect === 'read').map((tool) => tool.name);

describe.skipIf(missing)('the page /docs', () => {
  let served: Served;
  let browser: Browser;
  let page: Page;
  /** What the browser complained about, and every address it asked for. */
  const complaints: string[] = [];
  const addresses: string[] = [];

  beforeAll(async () => {
    served = await serve({});
    // Chromium has no sandbox of its own where the tests run as root, in a container.
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
    page.on('request', (request) => addresses.push(request.url()));
    await page.goto(new URL('/docs', served.url).href);
    await page.locator('.opblock').first().waitFor();
  });
  afterAll(() => browser?.close());

  test('shows every tool as an operation', async () => {
    const paths = await page.locator('.opblock-summary-path').evaluateAll((elements) =>
      // Long words are broken with zero-width spaces.
      elements.map((element) => (element.textContent ?? '').replaceAll('\u200b', '')),
    );
    expect(paths).toEqual(expect.arrayContaining([...READS.map((name) => `/tools/${name}`), '/tools', '/health']));
    expect(await page.title()).toBe('k8s-mcp API');
  });

  test('tries an operation and shows its answer', async () => {
    const operation = page.locator('.opblock', { has: page.locator('[data-path="/tools/k8s-get-pods"]') });
    await operation.locator('.opblock-summary').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table');
    await answer.waitFor();
    expect(await answer.textContent()).toContain('no_cluster');
  });

  test('breaks no rule of its content security policy and throws nothing', () => {
    // The answer that was tried is a 503, which browsers report too.
    expect(complaints.filter((text) => !text.includes('503'))).toEqual([]);
  });

  test('asks nobody but the server itself', () => {
    const foreign = addresses.filter((address) => !address.startsWith(served.url) && !address.startsWith('data:'));
    expect(foreign).toEqual([]);
    expect(addresses).toContain(new URL('/openapi.json', served.url).href);
  });
});
