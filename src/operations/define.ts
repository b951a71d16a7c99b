import { z } from 'zod';
import type { InputOf, Operation, OperationSpec } from './types.ts';

const context = z.string().optional().describe('kubeconfig context');
const confirm = z.string().optional().describe('token of the plan to carry out');

/** Makes one tool of its spec: adds the common arguments and erases the types, here and nowhere else. */
export function defineOperation<
  Shape extends z.ZodRawShape,
  Output extends z.ZodType,
  Accepted extends z.ZodRawShape = Record<never, never>,
>(spec: OperationSpec<Shape, Output, Accepted>): Operation {
  if (spec.effect === 'destructive' && spec.plan === undefined) {
    throw new Error(`${spec.name}: a destructive operation needs a plan`);
  }
  const advertised = z.strictObject({
    ...spec.input,
    context,
    ...(spec.effect === 'destructive' ? { confirm } : {}),
  });
  const input = spec.accepted === undefined ? advertised : advertised.extend(spec.accepted);
  const { plan, command, failed, audited, lines } = spec;
  // The pipeline parses with `input` before it calls any of these, which is what makes the casts true.
  const typed = (value: unknown) => value as InputOf<Shape & Accepted>;
  return {
    ...spec,
    input,
    advertised,
    aliases: spec.aliases ?? {},
    resolve: (value, ctx) => spec.resolve(typed(value), ctx),
    plan: plan && ((value, ctx) => plan.call(spec, typed(value), ctx)),
    command: command && ((value) => command.call(spec, typed(value))),
    failed: failed && ((output) => failed.call(spec, output as z.infer<Output>)),
    audited: audited && ((value, parsed) => audited.call(spec, typed(value), parsed)),
    lines: lines && ((value, ctx) => lines.call(spec, typed(value), ctx)),
    run: (value, ctx) => spec.run(typed(value), ctx),
    render: (output, ctx) => spec.render(output as z.infer<Output>, ctx),
  };
}
