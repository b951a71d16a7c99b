/** Templates of the analyses that decide whether a Rollout goes on. */
import type { Reference, Relation } from '../../../types.ts';
import { fieldsOf, nameReference, namespaceOf } from '../../define.ts';
import { fieldPath, isRecord, textOf } from '../../field-path.ts';

const PATHS = [
  'spec.strategy.canary.analysis.templates[]',
  'spec.strategy.canary.steps[].analysis.templates[]',
  'spec.strategy.canary.steps[].experiment.analyses[]',
  'spec.strategy.blueGreen.prePromotionAnalysis.templates[]',
  'spec.strategy.blueGreen.postPromotionAnalysis.templates[]',
].map(fieldPath);

export const rolloutAnalysis: Relation = {
  id: 'rollout-analysis',
  rows: [52],
  verb: 'is judged by',
  sources: ['Rollout.argoproj.io'],
  class: 'dependsOn',
  strength: 'hard',
  fields: fieldsOf(PATHS),
  references(object) {
    const found: Reference[] = [];
    for (const path of PATHS) {
      path.each(object, (value, where) => {
        if (!isRecord(value)) return;
        const kind = value['clusterScope'] === true ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
        const name = textOf(value['templateName']);
        const reference = nameReference(`${kind}.argoproj.io`, namespaceOf(object), name, `${where}.templateName`);
        if (reference !== undefined) found.push(reference);
      });
    }
    return found;
  },
};
