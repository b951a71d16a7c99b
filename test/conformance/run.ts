/**
 * `npm run conformance [-- --in-process]`: the official suite against the product, once with the suite's fixtures (nothing
 * may fail) and once as shipped (only what baselines/ lists may fail, and all of it must). `--in-process` serves the MCP
 * surface alone, on a gateway of static tools.
 */
import { startProduct } from './product.ts';
import { startConformanceServer } from './serve.ts';
import { runSuite } from './suite.ts';

const REVISIONS = ['2026-07-28', '2025-11-25'];

const start = process.argv.includes('--in-process') ? startConformanceServer : startProduct;
let passed = 0;
let failed = 0;
for (const fixtures of [true, false]) {
  const server = await start({ fixtures });
  for (const revision of REVISIONS) {
    const result = await runSuite(server.url, revision, !fixtures);
    passed += result.passed;
    failed += result.failed;
    const what = fixtures ? 'with fixtures' : 'as shipped, against the baseline';
    const { notScored } = result;
    const rest = `not scored: ${notScored.passed} pass, ${notScored.failed} fail`;
    console.log(`${revision} ${what}: ${result.passed} scenarios passed, ${result.failed} failed (${rest})`);
    if (result.detail !== '') console.log(result.detail);
  }
  await server.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
