import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { AppError } from '../../kernel/errors.ts';
import { problem } from './problem.ts';
import type { HttpEnv } from './types.ts';

/** The only two files taken from swagger-ui-dist. */
const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

/** Nothing from elsewhere and nothing inline, so that the page works offline and text from a tool cannot become a script. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>k8s-mcp API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<main id="docs"></main>
<noscript>This page needs scripts. The document itself is at <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

/** validatorUrl: null keeps the page from sending the document's address to an online validator. */
const START = `window.SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  displayRequestDuration: true,
  docExpansion: 'list',
});
`;

/** GET /docs and its files, the library's read from `assetsDir`. */
export function addDocs(app: Hono<HttpEnv>, assetsDir: string | undefined): void {
  const headers = { 'content-security-policy': POLICY };
  const script = { ...headers, 'content-type': 'text/javascript; charset=utf-8' };
  app.get('/docs', (c) => c.html(PAGE, 200, headers));
  // The page's own references are relative to /docs, so that it also works behind a path prefix.
  app.get('/docs/', (c) => c.redirect('../docs', 308));
  app.get('/docs/start.js', (c) => c.body(START, 200, script));
  for (const [name, type] of Object.entries(ASSETS)) {
    app.get(`/docs/${name}`, async (c) => {
      const content = assetsDir === undefined ? undefined : await readAsset(join(assetsDir, name));
      if (content === undefined) {
        const error = new AppError('not_found', `${name} is not installed with this server.`, {
          remedy: 'Read /openapi.json instead, or install the package again.',
        });
        return problem(error, { requestId: c.get('requestId') });
      }
      return c.body(content, 200, { ...headers, 'content-type': type, 'cache-control': 'public, max-age=3600' });
    });
  }
}

/** Read at each request: 1.5 MB kept for a page seldom opened would count against the memory budget. */
async function readAsset(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch {
    return undefined;
  }
}
