import { PROGRAM } from './program.ts';

export const HELP = `k8s-mcp sandbox: a Kubernetes API on this machine with a living cluster behind it, to try things on and to break.
Nothing in it is real: no container runs, nothing is pulled, nothing leaves loopback.

Usage
  ${PROGRAM} [run] [flags]       start it; Ctrl-C ends it, and its state with it
  ${PROGRAM} incidents           what can go wrong in the shop, and what has
  ${PROGRAM} break NAME...       play incidents
  ${PROGRAM} heal [NAME...]      end them; without a name all of them
  ${PROGRAM} advance 5m          move its clock on: what would happen meanwhile happens at once
  ${PROGRAM} status              where it is, and what is in it
  ${PROGRAM} stop                end it from another terminal

Flags of run
  --world shop|bare|scale   shop: six nodes and a shop of about 40 workloads (default); bare: three nodes and users with
                            different rights; scale: a large generated cluster, without controllers
  --port N                  port on 127.0.0.1 (default: a free one)
  --seed N                  the same seed gives the same world (default 1)
  --nodes --pods --services --others N   size of the scale world (default 5000, 150000, 10000, 100000)
  --churn N                 changes a second in the scale world (default 20)
  --folder PATH             where kubeconfig and state are kept (default ~/.local/state/k8s-mcp/sandbox)

Examples
  kubectl --kubeconfig ~/.local/state/k8s-mcp/sandbox/kubeconfig get pods -A
  ${PROGRAM} break bad-image && kubectl --kubeconfig ... get pods -n shop
  k8s-mcp serve --sandbox             the MCP server on it
`;
