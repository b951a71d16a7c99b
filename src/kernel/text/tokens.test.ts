import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { estimateTokens, mostTokens } from './tokens.ts';

/** A fixed sequence, so that the samples are the same in every run. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

function letters(next: (below: number) => number, length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[next(alphabet.length)]).join('');
}

const next = sequence(42);
const suffix = (length: number) => letters(next, length, 'bcdfghjklmnpqrstvwxz2456789');
const pick = <T>(...of: T[]): T => of[next(of.length)]!;
const times = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

const NAMES = [
  'web',
  'checkout-api',
  'payments-worker',
  'coredns',
  'ingress-nginx-controller',
  'redis-master',
  'prometheus-operator',
];
const pod = () => `${pick(...NAMES)}-${suffix(9)}-${suffix(5)}`;

const SAMPLES: Record<string, string> = {
  'pod table': `NAME READY STATUS RESTARTS AGE IP NODE\n${times(
    60,
    (i) =>
      `${pod()} 1/1 ${pick('Running', 'CrashLoopBackOff', 'Pending', 'Completed')} ${next(9)} ${i}d 10.244.${next(9)}.${next(250)} ip-10-0-${next(200)}-${next(200)}.ec2.internal`,
  )}`,
  'aligned table': times(
    40,
    () => `${pod().padEnd(50)}1/1     ${'Running'.padEnd(20)}${next(9)}          ${next(99)}d`,
  ),
  'service table': times(
    40,
    () =>
      `default ${pick(...NAMES)} ClusterIP 10.96.${next(250)}.${next(250)} <none> 80/TCP,443:3${next(9999)}/TCP ${next(99)}d app=${pick(...NAMES)}`,
  ),
  yaml: times(
    12,
    (i) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${pick(...NAMES)}
  namespace: shop-prod
  uid: ${letters(next, 8, '0123456789abcdef')}-${letters(next, 4, '0123456789abcdef')}-4${letters(next, 3, '0123456789abcdef')}-a${letters(next, 3, '0123456789abcdef')}-${letters(next, 12, '0123456789abcdef')}
  resourceVersion: "${next(9_999_999)}"
  creationTimestamp: "2026-11-${10 + i}T08:12:44Z"
  labels:
    app.kubernetes.io/name: web
    pod-template-hash: ${suffix(9)}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    spec:
      containers:
        - name: web
          image: registry.example.com/shop/web:v1.${i}.7
          imagePullPolicy: IfNotPresent
          resources:
            limits: {cpu: 500m, memory: 512Mi}
          readinessProbe:
            httpGet: {path: /healthz, port: 8080}
            periodSeconds: 10
          terminationMessagePath: /dev/termination-log
      tolerations:
        - key: node.kubernetes.io/not-ready
          effect: NoExecute
          tolerationSeconds: 300`,
  ),
  'compact json': JSON.stringify(
    Array.from({ length: 20 }, (_, i) => ({
      metadata: { name: pod(), namespace: 'default', labels: { app: 'web' } },
      status: { phase: 'Running', podIP: `10.0.0.${i}`, hostIP: '10.1.2.3', ready: true },
    })),
  ),
  'pretty json': JSON.stringify(
    Array.from({ length: 12 }, (_, i) => ({
      name: pod(),
      restartCount: i,
      image: 'nginx:1.27.1',
      state: { running: { startedAt: '2026-11-20T10:00:00Z' } },
    })),
    null,
    2,
  ),
  'klog lines': times(
    30,
    (i) =>
      `I1120 08:12:${10 + i}.${100_000 + next(899_999)}       1 reconciler.go:${next(999)}] "Starting reconciler" pod="default/${pod()}" podUID="${suffix(8)}"`,
  ),
  'json logs': times(
    30,
    (i) =>
      `{"level":"info","ts":"2026-11-20T08:12:${10 + i}.${next(999)}Z","caller":"server/handler.go:${next(999)}","msg":"request completed","method":"GET","path":"/api/v1/orders/${next(99_999)}","status":200,"duration_ms":${next(300)}}`,
  ),
  'access log': times(
    30,
    () =>
      `10.0.${next(250)}.${next(250)} - - [20/Nov/2026:08:12:44 +0000] "GET /cart/items?id=${next(9999)} HTTP/1.1" 200 ${next(9999)} "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"`,
  ),
  'stack trace': times(
    20,
    (i) =>
      `\tat com.example.shop.checkout.PaymentService.authorizePayment(PaymentService.java:${100 + i})\n\tat org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:${i})`,
  ),
  events: times(
    30,
    () => `${next(59)}m Warning BackOff pod/${pod()} Back-off restarting failed container web in pod ${pod()}_default`,
  ),
  base64: times(10, () => letters(next, 76, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')),
  hex: times(20, () => `sha256:${letters(next, 64, '0123456789abcdef')}`),
  prose: times(
    8,
    () =>
      'The deployment was rolled back because the readiness probe of the new replica set failed for ten minutes; check the database credentials and the network policy before you try again.',
  ),
  diff: times(
    20,
    (i) =>
      `-        image: registry.example.com/web:v1.${i}\n+        image: registry.example.com/web:v1.${i + 1}\n         imagePullPolicy: Always`,
  ),
  chinese: times(
    10,
    (i) =>
      `部署 ${pick(...NAMES)} 的第 ${i} 个副本无法启动,因为容器镜像拉取失败。请检查镜像仓库的凭据和网络策略,然后重新部署。`,
  ),
  japanese: times(
    10,
    () => 'コンテナの起動に失敗しました。イメージを取得できません。レジストリの認証情報を確認してください。',
  ),
  korean: times(
    10,
    () => '컨테이너를 시작할 수 없습니다. 이미지 레지스트리의 자격 증명과 네트워크 정책을 확인하십시오.',
  ),
  russian: times(
    10,
    () => 'Не удалось запустить контейнер: образ не найден в реестре, проверьте учётные данные и сетевую политику.',
  ),
  german: times(
    10,
    () =>
      'Der Container konnte nicht gestartet werden, weil das Abbild für den Dienst nicht verfügbar ist; prüfen Sie die Zugangsdaten.',
  ),
};

describe('estimateTokens', () => {
  it.each(Object.entries(SAMPLES))('is at most 5 % under and 25 % over on %s', (_, text) => {
    const ratio = estimateTokens(text) / countTokens(text);
    expect(ratio).toBeGreaterThanOrEqual(0.95);
    expect(ratio).toBeLessThanOrEqual(1.25);
  });

  it('counts nothing for nothing, and takes any text', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('\ud800')).toBeGreaterThan(0);
    expect(estimateTokens('a'.repeat(1_000_000))).toBeGreaterThan(80_000);
  });

  it('never counts more than the most', () => {
    const units = fc.constantFrom(...'aZ0 \n\t.,:{é한カ字😀\ud800\udc00\u0300');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(units).map((all) => all.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          expect(estimateTokens(text)).toBeLessThanOrEqual(mostTokens(text));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
