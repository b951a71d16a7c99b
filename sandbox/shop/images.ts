/** Images that only this world has: those of the shop's own registry and of a partner's. */
import type { ImageEntry } from '../world/kubelet/images.ts';
import { REGISTRY } from './build/app.ts';

const MB = 1_000_000;
const MI = 1024 * 1024;

const own = (name: string, more: Partial<ImageEntry>): ImageEntry => ({
  name: `${REGISTRY}/shop/${name}`,
  sizeBytes: 46 * MB,
  newest: '20',
  startSeconds: 1.5,
  termCode: 0,
  memoryBytes: 58 * MI,
  cpuMilli: 18,
  needsServices: true,
  log: 'http-service',
  ...more,
});

export const SHOP_IMAGES: readonly ImageEntry[] = [
  own('storefront', { sizeBytes: 88 * MB, memoryBytes: 96 * MI, cpuMilli: 42, log: 'frontend' }),
  own('gateway', { cpuMilli: 55 }),
  own('search', { sizeBytes: 120 * MB, startSeconds: 4, memoryBytes: 210 * MI, cpuMilli: 35 }),
  own('recommendations', { sizeBytes: 310 * MB, startSeconds: 5, memoryBytes: 240 * MI, cpuMilli: 48 }),
  own('media', { sizeBytes: 140 * MB, memoryBytes: 150 * MI, cpuMilli: 30 }),
  own('order-worker', { log: 'worker', cpuMilli: 25 }),
  own('notifications', { log: 'worker' }),
  own('mailer', { log: 'worker', cpuMilli: 6 }),
  own('promotions', { log: 'agent', cpuMilli: 5 }),
  // Batch programs come to an end.
  own('toolbox', { runSeconds: 12, needsServices: false, memoryBytes: 40 * MI, log: 'batch' }),
  own('*', {}),
  {
    name: 'registry.partner.example/*',
    sizeBytes: 95 * MB,
    newest: '20',
    private: true,
    startSeconds: 2,
    termCode: 0,
    memoryBytes: 74 * MI,
    cpuMilli: 12,
    log: 'http-service',
  },
  {
    name: 'quay.io/prometheuscommunity/*',
    sizeBytes: 12 * MB,
    termCode: 0,
    memoryBytes: 14 * MI,
    cpuMilli: 2,
    log: 'metrics',
  },
];
