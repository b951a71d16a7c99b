import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type HostEnv, withDotEnv } from '../config/host-env.ts';
import { parseFlags, readSettings } from '../config/read.ts';
import type { Settings } from '../config/table.ts';
import { AppError } from '../kernel/errors.ts';
import { createHttpSurface } from '../surfaces/http/server.ts';
import { createMcpHttp, type McpHttpParts } from '../surfaces/mcp/http.ts';
import { banner } from './banner.ts';
import { serverFace } from './face.ts';
import { createHealth, readyOf } from './health.ts';
import { createIntelligentPages } from './intelligent.ts';
import { keepGraph } from './keep-graph.ts';
import { createProduct, hasNoCluster } from './product.ts';
import { onSandbox, type RunningSandbox, startSandbox } from './sandbox.ts';
import { authToken, type Token, tlsFiles } from './serve-files.ts';
import { keepHeapSmall } from './small-heap.ts';
import { untilSignal } from './until-signal.ts';

/** Running calls get this long to end when the server is told to stop. */
const GRACE_MS = 10_000;

/** `k8s-mcp serve`: MCP, REST and docs over HTTP until a signal ends it. */
export async function serve(
  given: HostEnv,
  argv: readonly string[],
  /** `start`: works on the sandbox when there is no kubeconfig at all. One that fails to load stays an error. */
  { sandboxInNeed = false }: { sandboxInNeed?: boolean } = {},
): Promise<number> {
  const host = withDotEnv(given);
  const { values, words } = parseFlags(argv);
  if (words.length > 0) throw new AppError('invalid_argument', `serve takes no word ${JSON.stringify(words[0])}.`);
  const asked = readSettings(values, host.env);
  keepHeapSmall();
  const withSandbox = sandboxInNeed && !asked.sandbox && (await hasNoCluster(host, asked));
  const wanted = withSandbox ? readSettings(new Map([...values, ['sandbox', 'true']]), host.env) : asked;
  // Settings that cannot be served are told before anything is started.
  const token = authToken(wanted, host);
  const tls = tlsFiles(wanted, host);
  if (withSandbox) process.stderr.write('k8s-mcp: there is no kubeconfig, so this starts the sandbox ...\n');
  const sandbox = wanted.sandbox ? await startSandbox(host, wanted) : undefined;
  try {
    return await serveOn(host, onSandbox(wanted, sandbox), { token, tls, sandbox });
  } finally {
    await sandbox?.stop();
  }
}

interface Prepared {
  token: Token;
  tls: ReturnType<typeof tlsFiles>;
  sandbox: RunningSandbox | undefined;
}

async function serveOn(host: HostEnv, settings: Settings, { token, tls, sandbox }: Prepared): Promise<number> {
  const product = await createProduct(host, settings, { surface: 'http' });
  const state = await product.store.state();
  if (state.kind === 'invalid') {
    await product.close();
    throw state.error;
  }
  const face = serverFace();
  const extend = await conformanceFixtures(settings);
  const mcp = createMcpHttp({
    ...face,
    gateway: product.gateway,
    maxBodyBytes: settings.maxBodyBytes,
    onError: (error) => product.log.debug(error),
    ...(extend === undefined ? {} : { extend }),
  });
  const surface = createHttpSurface({
    gateway: product.gateway,
    mcp,
    info: face.info,
    settings: {
      host: settings.host,
      port: settings.port,
      endpointPath: settings.endpointPath,
      transport: settings.transport === 'stdio' ? 'all' : settings.transport,
      allowedHosts: settings.allowedHosts ?? [],
      allowedOrigins: settings.allowedOrigins ?? [],
      allowUnauthenticated: settings.allowUnauthenticated,
      maxBodyBytes: settings.maxBodyBytes,
      assetsDir: assetsFolder(),
      ...(token === undefined ? {} : { authToken: token.value }),
      ...(tls === undefined ? {} : { tls }),
    },
    health: createHealth(product),
    intelligent: createIntelligentPages(settings, () => product.graphs.current(), Date.now),
    ready: () => readyOf(product),
    toolStatus: async () => ({ tools: await product.toolStatus() }),
    onRefusal: (refusal) => product.audit.refusal(refusal),
    log: product.log,
  });
  const { url, port } = await surface.start();
  product.listensOn(port);
  process.stderr.write(banner({ url, settings, state, token, tools: product.gateway.tools().length, sandbox }));
  keepGraph(product, settings);
  await untilSignal();
  product.log.info({}, 'stopping: running calls get 10 s to end');
  await surface.stop(GRACE_MS);
  await product.close();
  return 0;
}

/** Hidden switch: the module that adds what the conformance suite looks for. */
async function conformanceFixtures({ conformanceFixtures: path }: Settings) {
  if (path === undefined) return undefined;
  const module: { extend: NonNullable<McpHttpParts['extend']> } = await import(pathToFileURL(resolve(path)).href);
  return module.extend;
}

/** Swagger UI's two files: beside the bundle, or in the package of a checkout. */
function assetsFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.includes(`${join('src', 'app')}`)
    ? join(here, '..', '..', 'node_modules', 'swagger-ui-dist')
    : join(here, here.endsWith('chunks') ? '..' : '.', 'assets');
}
