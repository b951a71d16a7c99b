/** Security contexts of pods and containers. */
import type { Findings } from './field-errors.ts';
import { type Fields, fieldsOf, has, itemsOf, numberOf, stringsOf, textOf } from './fields.ts';
import { internalForm } from './internal-form.ts';
import { inRange } from './names.ts';
import { relativePath } from './volume-validation.ts';

const MAX_ID = 2 ** 31 - 1;
const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function id(found: Findings, field: string, value: unknown): void {
  if (value === undefined) return;
  const number = numberOf(value);
  if (number < 0 || number > MAX_ID) found.invalid(field, number, inRange(0, MAX_ID));
}

function seccomp(found: Findings, field: string, context: Fields): void {
  if (!has(context, 'seccompProfile')) return;
  const profile = fieldsOf(context['seccompProfile']);
  const type = textOf(profile['type']);
  const path = `${field}.seccompProfile`;
  if (type === '') found.required(`${path}.type`, 'type is required when seccompProfile is set');
  else if (!PROFILE_TYPES.includes(type)) found.notSupported(`${path}.type`, type, PROFILE_TYPES);
  if (type === 'Localhost') {
    if (!has(profile, 'localhostProfile')) {
      found.required(`${path}.localhostProfile`, 'must be set when seccomp type is Localhost');
    } else relativePath(found, `${path}.localhostProfile`, textOf(profile['localhostProfile']));
  } else if (has(profile, 'localhostProfile')) {
    const shown = { Type: type, LocalhostProfile: textOf(profile['localhostProfile']) };
    found.invalid(`${path}.localhostProfile`, shown, 'can only be set when seccomp type is Localhost');
  }
}

const goContext = (context: Fields) => internalForm('core.SecurityContext', context);

export function containerSecurity(found: Findings, field: string, context: Fields, hostUsers: boolean): void {
  id(found, `${field}.runAsUser`, context['runAsUser']);
  id(found, `${field}.runAsGroup`, context['runAsGroup']);
  const procMount = context['procMount'];
  if (procMount !== undefined) {
    if (procMount !== 'Default' && procMount !== 'Unmasked') {
      found.notSupported(`${field}.procMount`, procMount, ['Default', 'Unmasked']);
    }
    if (hostUsers && procMount === 'Unmasked') {
      found.invalid(`${field}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`');
    }
  }
  seccomp(found, field, context);
  if (context['allowPrivilegeEscalation'] !== false) return;
  if (context['privileged'] === true) {
    found.invalid(field, goContext(context), 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true');
  }
  if (stringsOf(fieldsOf(context['capabilities'])['add']).includes('CAP_SYS_ADMIN')) {
    const why = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN';
    found.invalid(field, goContext(context), why);
  }
}

const SYSCTL_SEGMENT = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTL_PATTERN = `^(${SYSCTL_SEGMENT}[\\./])*${SYSCTL_SEGMENT}$`;

export function podSecurity(found: Findings, field: string, spec: Fields): void {
  const context = fieldsOf(spec['securityContext']);
  id(found, `${field}.fsGroup`, context['fsGroup']);
  id(found, `${field}.runAsUser`, context['runAsUser']);
  id(found, `${field}.runAsGroup`, context['runAsGroup']);
  const groups = context['supplementalGroups'];
  for (const [index, group] of (Array.isArray(groups) ? groups : []).entries()) {
    id(found, `${field}.supplementalGroups[${index}]`, group);
  }
  if (spec['shareProcessNamespace'] === true && spec['hostPID'] === true) {
    found.invalid(`${field}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled');
  }
  sysctls(found, `${field}.sysctls`, itemsOf(context['sysctls']));
  const change = context['fsGroupChangePolicy'];
  if (change !== undefined && change !== 'Always' && change !== 'OnRootMismatch') {
    found.notSupported(`${field}.fsGroupChangePolicy`, change, ['Always', 'OnRootMismatch']);
  }
  seccomp(found, field, context);
  const policy = context['supplementalGroupsPolicy'];
  if (policy !== undefined && policy !== 'Merge' && policy !== 'Strict') {
    found.notSupported(`${field}.supplementalGroupsPolicy`, policy, ['Merge', 'Strict']);
  }
}

function sysctls(found: Findings, field: string, list: readonly Fields[]): void {
  const names = new Set<string>();
  for (const [index, sysctl] of list.entries()) {
    const path = `${field}[${index}].name`;
    const name = textOf(sysctl['name']);
    if (name === '') found.required(path);
    else if (name.length > 253 || !new RegExp(SYSCTL_PATTERN).test(name)) {
      found.invalid(path, name, `must have at most 253 characters and match regex ${SYSCTL_PATTERN}`);
    } else if (names.has(name)) found.duplicate(path, name);
    names.add(name);
  }
}
