/** Selector, template and strategy checks that the workload kinds share. */
import { isEmptySelector, isUsableSelector, labelSelector, selectorMatches } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { type Fields, fieldsOf, has, textOf, textsOf } from './fields.ts';
import { podTemplate } from './pod-spec-validation.ts';

/** `emptyAs` is what the real message calls the kind. Returns whether the selector can be used. */
export function requiredSelector(found: Findings, spec: Fields, emptyAs: string): boolean {
  const selector = spec['selector'];
  if (!has(spec, 'selector')) {
    found.required('spec.selector');
    return true;
  }
  labelSelector(found, 'spec.selector', selector);
  if (isEmptySelector(selector)) found.invalid('spec.selector', selector, `empty selector is invalid for ${emptyAs}`);
  return isUsableSelector(selector);
}

export function templateLabels(spec: Fields): Record<string, string> {
  return textsOf(fieldsOf(fieldsOf(spec['template'])['metadata'])['labels']);
}

/** The finding of a template that its own selector does not select. */
export function selectsTemplate(found: Findings, spec: Fields): void {
  const labels = templateLabels(spec);
  // A missing selector selects nothing; an empty one is reported elsewhere.
  if (has(spec, 'selector') && isEmptySelector(spec['selector'])) return;
  if (!has(spec, 'selector') || !selectorMatches(spec['selector'], labels)) {
    const shown =
      Object.keys(labels).length === 0
        ? null
        : Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    found.invalid('spec.template.metadata.labels', shown, '`selector` does not match template `labels`');
  }
}

export function runsForever(found: Findings, spec: Fields, kind: string): void {
  const pod = fieldsOf(fieldsOf(spec['template'])['spec']);
  const policy = textOf(pod['restartPolicy']);
  if (policy !== 'Always') found.notSupported('spec.template.spec.restartPolicy', policy, ['Always']);
  if (has(pod, 'activeDeadlineSeconds')) {
    found.forbidden('spec.template.spec.activeDeadlineSeconds', `activeDeadlineSeconds in ${kind} is not Supported`);
  }
}

export const template = (found: Findings, spec: Fields) =>
  podTemplate(found, 'spec.template', fieldsOf(spec['template']));
