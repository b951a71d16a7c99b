import { expect, test } from 'vitest';
import { chartHosts, requireChartHosts } from './chart-hosts.ts';

test('charts come only from hosts that the operator names', () => {
  const allowed = chartHosts(['charts.example.com', '*.example.org:8443']);
  requireChartHosts([], []);
  requireChartHosts(['charts.example.com', 'a.example.org'], allowed);
  for (const host of ['example.org', 'charts.example.com.evil.test', 'xcharts.example.com', '10.0.0.1'])
    expect(() => requireChartHosts(['charts.example.com', host], allowed)).toThrow(
      `Charts are not fetched from ${host} here.`,
    );
  expect(() => requireChartHosts(['charts.example.com'], [])).toThrow('Charts are not fetched');
});

test('an item that is no host stops the server, rather than allow nothing in silence', () => {
  expect(() => chartHosts(['https://charts.example.com/x'])).toThrow('is no host');
});
