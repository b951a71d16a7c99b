import { describe, expect, test } from 'vitest';
import { EXEC_SHAPES, matchArgs } from './exec-shapes.ts';

const AKS = '6dae42f8-4368-4678-94ff-3960e28e3630';

describe('the command line of a credential program', () => {
  test.each([
    [
      'aws as update-kubeconfig writes it',
      'aws',
      ['--region', 'eu-west-1', 'eks', 'get-token', '--cluster-name', 'prod', '--output', 'json'],
      ['eks', 'get-token', '--cluster-name=prod', '--region=eu-west-1', '--output=json'],
    ],
    [
      'aws with a role by its short name',
      'aws',
      ['eks', 'get-token', '--cluster-name=prod', '--role', 'arn:aws-cn:iam::123456789012:role/team/dev'],
      ['eks', 'get-token', '--cluster-name=prod', '--role-arn=arn:aws-cn:iam::123456789012:role/team/dev'],
    ],
    ['aws-iam-authenticator', 'aws-iam-authenticator', ['token', '-i', 'prod'], ['token', '--cluster-id=prod']],
    ['gke-gcloud-auth-plugin', 'gke-gcloud-auth-plugin', [], []],
    [
      'kubelogin as convert-kubeconfig writes it',
      'kubelogin',
      ['get-token', '--login', 'azurecli', '--server-id', AKS],
      ['get-token', '--login=azurecli', `--server-id=${AKS}`],
    ],
    [
      'kubelogin with short names',
      'kubelogin',
      ['get-token', '-l', 'msi', '--server-id', AKS, '-t', AKS, '-e', 'AzurePublicCloud'],
      ['get-token', '--login=msi', `--server-id=${AKS}`, `--tenant-id=${AKS}`, '--environment=AzurePublicCloud'],
    ],
  ])('%s is rebuilt', (_what, program, given, args) => {
    expect(matchArgs(EXEC_SHAPES[program]!, given)).toEqual({ ok: true, args });
  });

  test.each([
    ['aws', 'abcdef.gr7.eu-west-1.eks.amazonaws.com', true],
    ['aws', 'abcdef.yl4.cn-north-1.eks.amazonaws.com.cn', true],
    ['aws', 'abcdef.xy.eks-cluster.eu-west-1.api.aws', true],
    ['aws', 'abc.execute-api.eu-west-1.api.aws', false],
    ['aws', 'eks.amazonaws.com', false],
    ['aws', 'x.eks.amazonaws.com.evil.test', false],
    ['kubelogin', 'aks-1.hcp.westeurope.azmk8s.io', true],
    ['kubelogin', 'aks-1.guid.privatelink.westeurope.azmk8s.io', true],
    ['kubelogin', 'azmk8s.io', false],
    ['gke-gcloud-auth-plugin', 'gke-1.europe-west1.gke.goog', true],
    ['gke-gcloud-auth-plugin', 'us-central1-connectgateway.googleapis.com', true],
    ['gke-gcloud-auth-plugin', 'storage.googleapis.com', false],
  ])('%s may serve %s: %s', (program, host, may) => {
    expect(EXEC_SHAPES[program]!.servers.some((name) => name.test(host))).toBe(may);
  });
});
