import { request as httpRequest } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  cleanups,
  guardListener,
  heard,
  heardUntil,
  rawProxy,
  scriptedCall,
} from '../../../test/support/guard-setup.ts';
import { CLOSED_PORT } from '../../../test/support/scripted-api.ts';
import type { GuardTicket } from './types.ts';

const login = ({ proxy }: GuardTicket) => {
  const { username, password } = new URL(proxy);
  return Buffer.from(`${username}:${password}`).toString('base64');
};

async function ask(
  target: string,
  {
    reach = [] as string[],
    addresses = {} as Record<string, string[]>,
    auth = login,
    first = `CONNECT ${target} HTTP/1.1`,
  } = {},
) {
  const asked: string[] = [];
  const resolved: string[] = [];
  const guard = guardListener({
    network: {
      resolve: async (host) => {
        resolved.push(host);
        return addresses[host] ?? [];
      },
      dial: () => {
        throw new Error('nothing may be dialled');
      },
    },
  });
  const ticket = await guard.admit(
    'dev',
    scriptedCall({
      mayReach: (host, port) => {
        asked.push(`${host}:${port}`);
        return reach.includes(`${host}:${port}`);
      },
    }),
  );
  const socket = await rawProxy(ticket);
  const answer = heard(socket);
  socket.write(`${first}\r\nHost: ${target}\r\nProxy-Authorization: Basic ${auth(ticket)}\r\n\r\n`);
  const [line = ''] = (await answer).split('\r\n');
  return { line, asked, resolved };
}

describe('the egress proxy', () => {
  it('refuses every host that its command was not allowed, by name and port', async () => {
    expect(await ask('evil.example:443')).toEqual({
      line: 'HTTP/1.1 403 k8s-mcp does not let commands reach evil.example:443',
      asked: ['evil.example:443'],
      resolved: [],
    });
    expect(await ask('charts.example:8443', { reach: ['charts.example:443'] })).toMatchObject({
      line: 'HTTP/1.1 403 k8s-mcp does not let commands reach charts.example:8443',
    });
  });

  it.each([
    ['127.0.0.1'],
    ['::1'],
    ['169.254.169.254'],
    ['fd00:ec2::254'],
    ['0.0.0.0'],
    ['169.254.1.1'],
    ['224.0.0.1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::a9fe:a9fe'],
    ['2002:7f00:1::'],
  ])('refuses an allowed host that resolves to %s', async (address) => {
    const reach = ['charts.example:443'];
    expect(await ask('charts.example:443', { reach, addresses: { 'charts.example': [address] } })).toMatchObject({
      line: 'HTTP/1.1 403 k8s-mcp lets no command reach the kind of address that charts.example has',
      resolved: ['charts.example'],
    });
  });

  it.each([
    ['127.0.0.1:443', '127.0.0.1:443'],
    ['127.1:443', '127.0.0.1:443'],
    ['2130706433:443', '127.0.0.1:443'],
    ['[::1]:443', '::1:443'],
    ['[::ffff:169.254.169.254]:80', '::ffff:a9fe:a9fe:80'],
  ])('refuses the literal %s even where it was allowed', async (target, name) => {
    const { line, asked, resolved } = await ask(target, { reach: [name] });
    expect(line).toMatch(/^HTTP\/1\.1 403 k8s-mcp lets no command reach/);
    expect({ asked, resolved }).toEqual({ asked: [name], resolved: [] });
  });

  it.each(['nohost', 'a:0', 'a:99999', ':443', 'a b:1', 'u@h:443', 'a/b:443', 'a:b:443'])(
    'refuses the target %j',
    async (target) => {
      const { line, asked } = await ask(target);
      expect(line).toMatch(/^HTTP\/1\.1 400 /);
      expect(asked).toEqual([]);
    },
  );

  it('says that a host has no address', async () => {
    expect((await ask('gone.example:443', { reach: ['gone.example:443'] })).line).toBe(
      'HTTP/1.1 502 k8s-mcp found no address of gone.example',
    );
  });

  it.each<[string, (ticket: GuardTicket) => string]>([
    ['none', () => ''],
    ['a wrong password', () => Buffer.from('k8s-mcp:wrong').toString('base64')],
    ['another user', (ticket) => Buffer.from(`x:${new URL(ticket.proxy).password}`).toString('base64')],
    ['the API token', ({ token }) => Buffer.from(`k8s-mcp:${token}`).toString('base64')],
  ])('asks for credentials when it is given %s', async (_what, auth) => {
    const { line, asked } = await ask('charts.example:443', { reach: ['charts.example:443'], auth });
    expect(line).toMatch(/^HTTP\/1\.1 407 /);
    expect(asked).toEqual([]);
  });

  it.each(['GET http://charts.example/index.yaml HTTP/1.1', 'GET / HTTP/1.1', 'POST http://169.254.169.254/ HTTP/1.1'])(
    'forwards nothing: %s',
    async (first) => {
      const { line, asked } = await ask('charts.example', {
        reach: ['charts.example:80'],
        first: `${first}\r\nConnection: close`,
      });
      expect(line).toBe('HTTP/1.1 403 Forbidden');
      expect(asked).toEqual([]);
    },
  );

  it('knows nobody whose command has ended', async () => {
    const guard = guardListener();
    const ticket = await guard.admit('dev', scriptedCall());
    await guard.admit('dev', scriptedCall());
    ticket.close();
    const socket = await rawProxy(ticket);
    const answer = heard(socket);
    socket.write(
      `CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\nProxy-Authorization: Basic ${login(ticket)}\r\n\r\n`,
    );
    expect(await answer).toMatch(/^HTTP\/1\.1 407 /);
  });

  it('is passed over by nobody who asks for an upgrade', async () => {
    const ticket = await guardListener().admit('dev', scriptedCall());
    const { port } = new URL(ticket.proxy);
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest({ port, headers: { connection: 'Upgrade', upgrade: 'websocket' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });
    expect(status).toBe(403);
  });
});

describe('a tunnel', () => {
  async function through(target: string, dial: (address: string) => number) {
    const dialled: string[] = [];
    const guard = guardListener({
      network: {
        resolve: async () => ['127.0.0.1', '10.1.2.3', '10.1.2.4'],
        dial: (address, port) => {
          dialled.push(`${address}:${port}`);
          return connect({ host: '127.0.0.1', port: dial(address) });
        },
      },
    });
    const ticket = await guard.admit('dev', scriptedCall({ mayReach: () => true }));
    const socket = await rawProxy(ticket);
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic ${login(ticket)}\r\n\r\nearly`);
    return { socket, ticket, dialled };
  }

  async function echo() {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => socket.write(`echo ${chunk}`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => server.close(resolve)));
    return (server.address() as AddressInfo).port;
  }

  it('goes to a safe address of those that were looked at, carries bytes both ways, and ends with its ticket', async () => {
    const far = await echo();
    const { socket, ticket, dialled } = await through('Charts.Example.:8443', () => far);
    expect(await heardUntil(socket, 'echo early')).toBe('HTTP/1.1 200 Connection established\r\n\r\necho early');
    expect(dialled).toEqual(['10.1.2.3:8443']);
    socket.write('late');
    expect(await heardUntil(socket, 'late')).toBe('echo late');
    const ended = heard(socket);
    ticket.close();
    expect(await ended).toBe('');
  });

  it('tries the next address, and says when there is no other', async () => {
    const far = await echo();
    const second = await through('charts.example:443', (address) => (address === '10.1.2.3' ? CLOSED_PORT : far));
    expect(await heardUntil(second.socket, 'echo early')).toContain('200 Connection established');
    expect(second.dialled).toEqual(['10.1.2.3:443', '10.1.2.4:443']);
    const none = await through('charts.example:443', () => CLOSED_PORT);
    expect((await heard(none.socket)).split('\r\n')[0]).toBe(
      'HTTP/1.1 502 k8s-mcp could not connect to charts.example:443',
    );
  });
});
