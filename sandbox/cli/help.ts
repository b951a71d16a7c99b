export const HELP = `k8s-mcp sandbox: a Kubernetes API on this machine with a living cluster behind it, to try things on and to break.
Nothing in it is real: no container runs, nothing is pulled, nothing leaves loopback.

Usage
  k8s-mcp sandbox [run] [flags]       start it; Ctrl-C ends it, and its state with it
  k8s-mcp sandbox incidents           what can go wrong in the shop, and what has
  k8s-mcp sandbox break NAME...       play incidents
  k8s-mcp sandbox heal [NAME...]      end them; without a name all of them
  k8s-mcp sandbox advance 5m          move its clock on: what would happen meanwhile happens at once
  k8s-mcp sandbox status              where it is, and what is in it
  k8s-mcp sandbox stop                end it from another terminal

Flags of run
  --world shop|bare|scale   shop: five nodes and a shop of about 40 workloads (default); bare: three nodes and users with
                            different rights; scale: a large generated cluster, without controllers
  --port N                  port on 127.0.0.1 (default: a free one)
  --seed N                  the same seed gives the same world (default 1)
  --nodes --pods --services --others N   size of the scale world (default 5000, 150000, 10000, 100000)
  --churn N                 changes a second in the scale world (default 20)
  --folder PATH             where kubeconfig and state are kept (default ~/.local/state/k8s-mcp/sandbox)

Examples
  kubectl --kubeconfig ~/.local/state/k8s-mcp/sandbox/kubeconfig get pods -A
  k8s-mcp sandbox break bad-image && kubectl --kubeconfig ... get pods -n shop
  k8s-mcp serve --sandbox             the MCP server on it
`;
