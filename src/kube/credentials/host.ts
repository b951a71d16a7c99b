import type { Clock } from '../../kernel/clock.ts';
import type { FindProgram } from '../../process/find-program.ts';
import type { RunProgram } from '../../process/run-program.ts';

/** What ways of authentication need from outside. */
export interface CredentialHost {
  clock: Clock;
  run: RunProgram;
  find: FindProgram;
  /** What an exec plugin inherits (its own `env` is added), and where proxies are named. */
  env: Readonly<Record<string, string | undefined>>;
  home: string | undefined;
  /** For one run of an exec plugin, ms. */
  execTimeLimitMs: number;
  /** Ends running plugins and requests when the server stops. */
  shutdown: AbortSignal;
}
