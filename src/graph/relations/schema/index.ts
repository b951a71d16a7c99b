/** References of custom kinds, from the schemas of their definitions. */
export { depthOf, MAX_OBJECT_BYTES } from './depth.ts';
export { referenceRulesOf, schemaFactsOf } from './reference-rules.ts';
export { schemaRelation } from './schema-relation.ts';
