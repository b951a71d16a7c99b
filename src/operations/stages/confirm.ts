import { AppError } from '../../kernel/errors.ts';
import type { CallRequest, PendingPlan } from '../gateway.ts';
import type { PlanTokens, TokenCheck } from '../plan-token.ts';
import type { OpenCluster } from '../ports.ts';
import type { CallContext, CommonInput, Operation, Plan } from '../types.ts';

/** Ends a call that must be confirmed first: the error callers see, and the plan that a surface may show to a person. */
export class ConfirmationNeeded extends Error {
  override readonly name = 'ConfirmationNeeded';
  readonly error: AppError;
  readonly plan: PendingPlan;

  constructor(error: AppError, plan: PendingPlan) {
    super(error.message);
    this.error = error;
    this.plan = plan;
  }
}

interface Confirmation {
  operation: Operation;
  input: CommonInput;
  ctx: CallContext;
  request: CallRequest;
  cluster: OpenCluster;
  mode: 'auto' | 'human' | 'never';
  tokens: PlanTokens;
}

const WHY: Record<Exclude<TokenCheck, 'good'>, string> = {
  used: 'This plan was carried out before.',
  expired: 'This plan is older than 10 minutes.',
  other: 'This token is not for these arguments, or the object has changed since.',
};

/** Lets a destructive call through only with a yes: of a person, or by the token of a plan that still holds. */
export async function confirm(confirmation: Confirmation): Promise<void> {
  const { operation, input, ctx, request, cluster, mode, tokens } = confirmation;
  if (operation.effect !== 'destructive' || operation.plan === undefined || mode === 'never' || isDryRun(input)) return;
  const plan = await operation.plan(input, ctx);
  if (plan === undefined) return;
  if (mode === 'human' && request.human === undefined) {
    throw new AppError(
      'confirmation_refused',
      'This server lets only a person confirm, and this client cannot ask one.',
      {
        remedy: 'Use a client with elicitation, or run it in a terminal: k8s-mcp call.',
      },
    );
  }
  const { confirm: token, ...rest } = input;
  const binding = {
    tool: operation.name,
    input: rest,
    principal: request.principal.id,
    cluster: cluster.id,
    basis: plan.basis,
  };
  let note: string | undefined;
  if (token !== undefined && (mode === 'auto' || request.human === 'accepted')) {
    const check = tokens.redeem(token, binding);
    if (check === 'good') return;
    note = WHY[check];
  }
  throw needed(plan, tokens.issue(binding), mode, note);
}

function isDryRun(input: CommonInput): boolean {
  return 'dryRun' in input && input.dryRun === true;
}

function needed(plan: Plan, token: string, mode: Confirmation['mode'], note: string | undefined): ConfirmationNeeded {
  const lines = [
    ...(note === undefined ? [] : [note]),
    'Nothing was changed yet.',
    plan.title,
    ...plan.effects.map((e) => `- ${e}`),
  ];
  const remedy =
    mode === 'human'
      ? 'A person has to confirm.'
      : `If the user wants this, call again with the same arguments and confirm=${token} (10 minutes, once).`;
  const error = new AppError('confirmation_required', lines.join('\n'), {
    remedy,
    ...(mode === 'human' ? {} : { facts: { confirm: token } }),
  });
  return new ConfirmationNeeded(error, { title: plan.title, effects: plan.effects, token });
}
