import type { Context, Hono } from 'hono';
import { AppError } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import { problem } from './problem.ts';
import type { HttpEnv } from './types.ts';

/** 405 with Allow where the path has other methods, else 404 with the nearest routes. */
export function unknownRoute(app: Hono<HttpEnv>, c: Context<HttpEnv>): Response {
  const { method, path } = c.req;
  const routes = app.routes.filter((route) => route.method !== 'ALL');
  const methods = new Set(routes.filter((route) => matches(route.path, path)).map((route) => route.method));
  const requestId = c.get('requestId');
  if (methods.size > 0) {
    const allow = [...methods].sort().join(', ');
    const error = new AppError('invalid_argument', `${method} is not a method of this path.`, {
      remedy: `Use ${allow}.`,
    });
    return problem(error, { status: 405, headers: { allow }, requestId });
  }
  const paths = [...new Set(routes.map((route) => route.path))];
  const near = nearest(path.slice(0, 100), paths);
  const error = new AppError('not_found', 'This server has no such path.', {
    remedy:
      near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'GET / lists the entry points, /docs the whole API.',
    ...(near.length > 0 ? { candidates: near } : {}),
  });
  return problem(error, { status: 404, requestId });
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return wanted.length === given.length && wanted.every((part, i) => part.startsWith(':') || part === given[i]);
}
