/** Required affinity and anti-affinity between pods, in both directions. */

import { selects } from '../controllers/kit/selector.ts';
import type { Pod, PodAffinityTerm } from '../kubelet/pod-types.ts';
import type { NodeState } from './cluster.ts';
import type { Refusal, Request } from './filters.ts';

/** `topologyKey=value` of the domains where some pod meets a term; one set for each term. */
export interface Company {
  wanted: { term: PodAffinityTerm; domains: Set<string> }[];
  unwanted: { term: PodAffinityTerm; domains: Set<string> }[];
  /** Where a pod that is already there does not want this one. */
  hostile: Set<string>;
}

type NamespaceLabels = Request['namespaceLabels'];

/** Whether a term of `owner` is about `other`. */
export function termCovers(term: PodAffinityTerm, owner: Pod, other: Pod, labelsOf: NamespaceLabels): boolean {
  const { namespaces = [], namespaceSelector, labelSelector } = term;
  const own = owner.metadata.namespace ?? '';
  const theirs = other.metadata.namespace ?? '';
  const listed = namespaces.length === 0 && namespaceSelector === undefined ? [own] : namespaces;
  const covered =
    listed.includes(theirs) || (namespaceSelector !== undefined && selects(namespaceSelector, labelsOf(theirs)));
  if (!covered || !selects(labelSelector, other.metadata.labels ?? {})) return false;
  return (term.matchLabelKeys ?? []).every(
    (key) => owner.metadata.labels?.[key] === undefined || owner.metadata.labels[key] === other.metadata.labels?.[key],
  );
}

const required = (pod: Pod, kind: 'podAffinity' | 'podAntiAffinity') =>
  pod.spec.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

function domainOf(state: NodeState, term: PodAffinityTerm): string | undefined {
  const value = state.node.metadata.labels?.[term.topologyKey];
  return value === undefined ? undefined : `${term.topologyKey}=${value}`;
}

export function companyOf({ pod, namespaceLabels }: Request, all: readonly NodeState[]): Company {
  const company: Company = {
    wanted: required(pod, 'podAffinity').map((term) => ({ term, domains: new Set() })),
    unwanted: required(pod, 'podAntiAffinity').map((term) => ({ term, domains: new Set() })),
    hostile: new Set(),
  };
  const terms = [...company.wanted, ...company.unwanted];
  for (const state of all) {
    for (const { pod: other } of state.pods.values()) {
      for (const { term, domains } of terms) {
        const domain = domainOf(state, term);
        if (domain !== undefined && termCovers(term, pod, other, namespaceLabels)) domains.add(domain);
      }
      for (const term of required(other, 'podAntiAffinity')) {
        const domain = domainOf(state, term);
        if (domain !== undefined && termCovers(term, other, pod, namespaceLabels)) company.hostile.add(domain);
      }
    }
  }
  return company;
}

export function refusedCompany(company: Company, request: Request, on: NodeState): Refusal | undefined {
  const { pod, namespaceLabels } = request;
  if (!affine(company, pod, on, namespaceLabels))
    return { reasons: ["node(s) didn't match pod affinity rules"], unresolvable: true };
  for (const { term, domains } of company.unwanted)
    if (domains.has(domainOf(on, term) ?? ''))
      return { reasons: ["node(s) didn't match pod anti-affinity rules"], unresolvable: false };
  for (const [key, value] of Object.entries(on.node.metadata.labels ?? {}))
    if (company.hostile.has(`${key}=${value}`))
      return { reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"], unresolvable: false };
  return undefined;
}

function affine({ wanted }: Company, pod: Pod, on: NodeState, labelsOf: NamespaceLabels): boolean {
  if (wanted.some(({ term }) => domainOf(on, term) === undefined)) return false;
  if (wanted.every(({ term, domains }) => domains.has(domainOf(on, term) ?? ''))) return true;
  // The first of a group that wants to be together has to start somewhere.
  const nobody = wanted.every(({ domains }) => domains.size === 0);
  return nobody && wanted.every(({ term }) => termCovers(term, pod, pod, labelsOf));
}
