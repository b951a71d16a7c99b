/** Pods and pod templates that stand alone. */
import { copyJson } from '../../json-value.ts';
import { fieldsOf, itemsOf, numberOf, textOf } from './fields.ts';
import { asFields, kindStrategy } from './kind-strategy.ts';
import { firstPodStatus, podDefaults } from './pod-defaults.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { podSpec, podTemplate } from './pod-spec-validation.ts';
import { podUpdate } from './pod-update.ts';

export const POD_STRATEGIES = {
  pods: kindStrategy('core.Pod', {
    generation: true,
    defaults: podDefaults,
    prepareCreate(pod) {
      const spec = fieldsOf(pod['spec']);
      if (numberOf(spec['terminationGracePeriodSeconds']) < 0) spec['terminationGracePeriodSeconds'] = 1;
      pod['status'] = firstPodStatus(fieldsOf(pod['spec']), pod.metadata.creationTimestamp ?? null);
    },
    prepareUpdate(pod, old) {
      pod['status'] = copyJson(old['status']);
    },
    validate(found, pod) {
      const spec = fieldsOf(pod['spec']);
      podSpec(found, 'spec', spec, { podName: pod.metadata.name, isPod: true });
      for (const list of ['containers', 'initContainers']) {
        for (const [index, container] of itemsOf(spec[list]).entries()) {
          const image = textOf(container['image']);
          if (image !== image.trim()) {
            found.invalid(`spec.${list}[${index}].image`, image, 'must not have leading or trailing whitespace');
          }
        }
      }
    },
    validateUpdate: (found, pod, old) => podUpdate(found, fieldsOf(pod['spec']), fieldsOf(old['spec'])),
    gracePeriodSeconds(pod) {
      const spec = fieldsOf(pod['spec']);
      const phase = fieldsOf(pod['status'])['phase'];
      if (textOf(spec['nodeName']) === '' || phase === 'Failed' || phase === 'Succeeded') return 0;
      const seconds = numberOf(spec['terminationGracePeriodSeconds']);
      return seconds < 0 ? 1 : seconds;
    },
  }),
  podtemplates: kindStrategy('core.PodTemplate', {
    generation: true,
    createOnUpdate: false,
    defaults: (object) => templateDefaults(asFields(object)),
    validate: (found, object) => podTemplate(found, 'template', fieldsOf(object['template'])),
  }),
};
