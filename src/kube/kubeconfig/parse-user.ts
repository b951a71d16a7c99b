import { sep } from 'node:path';
import { field, flag, items, members, type Place, text, textMap, texts, wrong } from './field-reader.ts';
import { filePath, pemSource } from './file-fields.ts';
import type { ExecConfig, Origin, UserEntry } from './types.ts';

export function parseUser(name: string, place: Place, origin: Origin): UserEntry {
  const exec = field(place, 'exec');
  const provider = field(place, 'auth-provider');
  return {
    name,
    origin,
    clientCertificate: pemSource(place, 'client-certificate'),
    clientKey: pemSource(place, 'client-key'),
    token: headerText(field(place, 'token')),
    tokenFile: filePath(field(place, 'tokenFile')),
    username: text(field(place, 'username')),
    password: text(field(place, 'password')),
    exec: isAbsent(exec) ? undefined : parseExec(exec),
    authProvider: isAbsent(provider)
      ? undefined
      : { name: text(field(provider, 'name')) ?? '', config: textMap(field(provider, 'config')) },
    impersonate: {
      user: headerText(field(place, 'as')),
      uid: headerText(field(place, 'as-uid')),
      groups: items(field(place, 'as-groups')).map((group) => headerText(group) ?? ''),
      extra: Object.fromEntries(
        members(field(place, 'as-user-extra')).map(([key, values]) => [
          key,
          items(values).map((value) => headerText(value) ?? ''),
        ]),
      ),
    },
  };
}

/** Text that will be sent in a header. Line breaks and other control characters cannot be. */
function headerText(place: Place): string | undefined {
  const value = text(place);
  if (value !== undefined && /[\x00-\x1f\x7f]/.test(value))
    throw wrong(place, 'holds control characters (a line break?)');
  return value;
}

function parseExec(place: Place): ExecConfig {
  const command = field(place, 'command');
  const name = text(command);
  if (name === undefined) throw wrong(place, 'has no command');
  if (name.includes('\0')) throw wrong(command, 'is not a program');
  return {
    apiVersion: text(field(place, 'apiVersion')) ?? '',
    // Only a command with a folder in it is a path; a bare name is for PATH.
    command: name.includes('/') || name.includes(sep) ? (filePath(command) ?? name) : name,
    args: texts(field(place, 'args')),
    env: items(field(place, 'env')).map(parseVariable),
    installHint: text(field(place, 'installHint')),
    provideClusterInfo: flag(field(place, 'provideClusterInfo')),
    interactiveMode: interactiveMode(field(place, 'interactiveMode')),
  };
}

function parseVariable(place: Place): { name: string; value: string } {
  const name = text(field(place, 'name'));
  const value = text(field(place, 'value')) ?? '';
  if (name === undefined) throw wrong(place, 'has no name');
  if (/[=\0]/.test(name) || value.includes('\0')) throw wrong(place, 'is no environment variable');
  return { name, value };
}

function interactiveMode(place: Place): ExecConfig['interactiveMode'] {
  const mode = text(place) ?? 'IfAvailable';
  if (mode === 'Never' || mode === 'IfAvailable' || mode === 'Always') return mode;
  throw wrong(place, 'must be Never, IfAvailable or Always');
}

function isAbsent(place: Place): boolean {
  return place.value === undefined || place.value === null;
}
