import { lookup as dnsLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Reach, ResolvedAddress } from '../connection.ts';
import { refusedField } from './request-problems.ts';
import { addressProblem, type ServerCheck, serverProblem } from './request-server.ts';

/** All addresses of a host name. */
export type ResolveName = (host: string) => Promise<readonly ResolvedAddress[]>;

export const resolveByDns: ResolveName = async (host) =>
  (await dnsLookup(host, { all: true, order: 'verbatim' })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

/** This machine's addresses, as the operating system names them now. */
export function localAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
}

/** Judges each address of `server` at each connect. One bad answer refuses all: no honest name leads inside and outside at once. */
export function createReach(server: URL, field: string, check: ServerCheck, resolve: ResolveName): Reach {
  return {
    async resolve(host) {
      const known = serverProblem(server, check);
      if (known !== undefined) throw refusedField(field, known);
      const version = isIP(host);
      const answers: readonly ResolvedAddress[] =
        version === 0 ? await resolve(host) : [{ address: host, family: version === 6 ? 6 : 4 }];
      for (const { address } of answers) {
        const problem = addressProblem(server, address, check);
        if (problem !== undefined) throw refusedField(field, problem);
      }
      return answers;
    },
  };
}
