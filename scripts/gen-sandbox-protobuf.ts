/**
 * Writes sandbox/protobuf/data/messages.jsonl: the protobuf field numbers of the built-in kinds, with each field's JSON name and
 * presence. `node scripts/gen-sandbox-protobuf.ts <module cache>/k8s.io v0.36.3`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedMessages } from './gen/published-messages.ts';

const [root = '', version = ''] = process.argv.slice(2);
const lines = publishedMessages(root, version)
  .map(({ name, fields }) => JSON.stringify([name, ...fields]))
  .sort();
const file = join(import.meta.dirname, '..', 'sandbox', 'protobuf', 'data', 'messages.jsonl');
writeFileSync(file, `${lines.join('\n')}\n`);
process.stdout.write(`${lines.length} messages\n`);
