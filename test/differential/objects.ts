/** Objects that sequences begin with. No scheduler looks at these pods, so that nothing happens to them. */

type Fields = Record<string, unknown>;

export const pod = (name: string, spec: Fields = {}, metadata: Fields = {}): Fields => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'nginx:1.27' }], ...spec },
});

const template = (spec: Fields = {}): Fields => ({
  metadata: { labels: { app: 'x' } },
  spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'nginx:1.27' }], ...spec },
});

export const deployment = (name: string, spec: Fields = {}, podSpec: Fields = {}): Fields => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { app: 'x' } },
  spec: { selector: { matchLabels: { app: 'x' } }, template: template(podSpec), ...spec },
});

export const workload = (apiVersion: string, kind: string, name: string, spec: Fields = {}): Fields => ({
  apiVersion,
  kind,
  metadata: { name },
  spec: { selector: { matchLabels: { app: 'x' } }, template: template(), ...spec },
});

export const job = (name: string, spec: Fields = {}, podSpec: Fields = {}): Fields => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    template: {
      spec: {
        schedulerName: 'nobody',
        restartPolicy: 'Never',
        containers: [{ name: 'main', image: 'busybox' }],
        ...podSpec,
      },
    },
    ...spec,
  },
});
