import { expect, test } from 'vitest';
import { DELETE_TOOL, LIST_TOOL, memoryIo } from './testing.ts';
import { renderTool, renderTools, runTools } from './tools.ts';

test('The list has a line per tool with its effect and gate', () => {
  expect(renderTools([LIST_TOOL, DELETE_TOOL], undefined)).toBe(
    [
      'TOOL             EFFECT       GATE    DESCRIPTION',
      'list_resources   read         -       Lists objects of a kind as a table.',
      'delete_resource  destructive  delete  Deletes an object.',
      '',
    ].join('\n'),
  );
});

test('In a narrow terminal no line wraps', () => {
  const lines = renderTools([LIST_TOOL, DELETE_TOOL], 50).trimEnd().split('\n');
  expect(lines.map((line) => line.length <= 50)).toEqual([true, true, true]);
  expect(lines[1]).toBe('list_resources   read         -       Lists obj...');
});

test('One tool is shown with its arguments, required ones first', () => {
  const text = renderTool(LIST_TOOL);
  expect(text).toContain('list_resources: List objects (read)\n');
  expect(text).toContain('Usage: k8s-mcp call list_resources --kind <string> [arguments]');
  expect(text).toContain(
    'Arguments:\n  --kind            string          required\n  --namespace       string                    all for every namespace\n',
  );
  expect(text).toContain('--limit           integer                   default 100');
  expect(text).toContain('--output          string                    one of table, yaml');
  expect(renderTool(DELETE_TOOL)).toContain('(destructive, needs the gate delete)');
});

test('The command prints a list, one tool, JSON, or the nearest names', async () => {
  const run = async (...argv: string[]) => {
    const { io, printed } = memoryIo();
    return { code: await runTools(argv, [LIST_TOOL, DELETE_TOOL], io), ...printed };
  };
  expect((await run()).out).toContain('TOOL');
  expect((await run('delete_resource')).out).toContain('Delete one object');
  expect(JSON.parse((await run('-o', 'json')).out)).toHaveLength(2);
  expect(JSON.parse((await run('list_resources', '--output=json')).out)).toHaveProperty('name', 'list_resources');
  const unknown = await run('list_resource');
  expect(unknown).toMatchObject({ code: 2, out: '' });
  expect(unknown.err).toContain('Candidates: list_resources');
});
