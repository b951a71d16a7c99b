/** CustomResourceDefinitions, APIServices, admission configuration, flow control, CSRs and resource claims. */
import { copyJson } from '../../json-value.ts';
import { crdProblems, crdUpdateProblems } from '../../kinds/crd-validation.ts';
import { crdWarnings } from '../../kinds/crd-warnings.ts';
import type { KubeObject } from '../../types.ts';
import { zeroStruct } from './canonical-form.ts';
import { immutable, labelSelector, oneOf, qualifiedName } from './common-validation.ts';
import { crdDefaults } from './crd-defaults.ts';
import type { Findings } from './field-errors.ts';
import { ensure, type Fields, fieldsOf, has, itemsOf, numberOf, setDefault, stringsOf, textOf } from './fields.ts';
import { kindStrategy } from './kind-strategy.ts';
import { dnsSubdomainProblems } from './names.ts';

const specOf = (object: KubeObject) => fieldsOf(object['spec']);
const HTTPS = 443;

function webhookDefaults(configuration: Fields): void {
  for (const hook of itemsOf(configuration['webhooks'])) {
    setDefault(hook, 'failurePolicy', 'Fail');
    setDefault(hook, 'matchPolicy', 'Equivalent');
    setDefault(hook, 'namespaceSelector', {});
    setDefault(hook, 'objectSelector', {});
    setDefault(hook, 'timeoutSeconds', 10);
    for (const rule of itemsOf(hook['rules'])) setDefault(rule, 'scope', '*');
    const service = fieldsOf(hook['clientConfig'])['service'];
    if (service !== undefined) setDefault(fieldsOf(service), 'port', HTTPS);
  }
}

const MAX_TIMEOUT = 30;

function webhooks(found: Findings, configuration: Fields): void {
  const names: string[] = [];
  for (const [index, hook] of itemsOf(configuration['webhooks']).entries()) {
    const field = `webhooks[${index}]`;
    const name = textOf(hook['name']);
    if (name === '') found.required(`${field}.name`);
    else {
      const problems = dnsSubdomainProblems(name);
      found.invalidEach(`${field}.name`, name, problems);
      if (problems.length === 0 && name.split('.').length < 3) {
        found.invalid(`${field}.name`, name, 'should be a domain with at least three segments separated by dots');
      }
    }
    if (names.includes(name)) found.duplicate(`${field}.name`, name);
    names.push(name);
    for (const [at, rule] of itemsOf(hook['rules']).entries()) ruleParts(found, `${field}.rules[${at}]`, rule);
    oneOf(found, `${field}.failurePolicy`, hook['failurePolicy'], ['Fail', 'Ignore']);
    oneOf(found, `${field}.matchPolicy`, hook['matchPolicy'], ['Equivalent', 'Exact']);
    const effects = textOf(hook['sideEffects']);
    if (effects === '') found.required(`${field}.sideEffects`, 'must specify one of None, NoneOnDryRun');
    else oneOf(found, `${field}.sideEffects`, effects, ['None', 'NoneOnDryRun']);
    const seconds = numberOf(hook['timeoutSeconds']);
    if (seconds > MAX_TIMEOUT || seconds < 1) {
      found.invalid(`${field}.timeoutSeconds`, seconds, 'the timeout value must be between 1 and 30 seconds');
    }
    labelSelector(found, `${field}.namespaceSelector`, hook['namespaceSelector']);
    labelSelector(found, `${field}.objectSelector`, hook['objectSelector']);
    const client = fieldsOf(hook['clientConfig']);
    if (has(client, 'url') === has(client, 'service')) {
      found.required(`${field}.clientConfig`, 'exactly one of url or service is required');
    }
    const reviews = stringsOf(hook['admissionReviewVersions']);
    if (reviews.length === 0) found.required(`${field}.admissionReviewVersions`, 'must specify one of v1, v1beta1');
  }
}

function ruleParts(found: Findings, field: string, rule: Fields): void {
  for (const part of ['operations', 'apiGroups', 'apiVersions', 'resources']) {
    const values = stringsOf(rule[part]);
    if (values.length === 0) found.required(`${field}.${part}`);
    else if (values.length > 1 && values.includes('*') && part !== 'resources') {
      found.invalid(`${field}.${part}`, values, "if '*' is present, must not specify other values");
    }
  }
}

function matchDefaults(constraints: unknown): void {
  if (constraints === undefined || constraints === null) return;
  const match = fieldsOf(constraints);
  setDefault(match, 'matchPolicy', 'Equivalent');
  setDefault(match, 'namespaceSelector', {});
  setDefault(match, 'objectSelector', {});
  for (const list of ['resourceRules', 'excludeResourceRules']) {
    for (const rule of itemsOf(match[list])) setDefault(rule, 'scope', '*');
  }
}

function policyDefaults(object: KubeObject): void {
  const spec = ensure(object, 'spec');
  setDefault(spec, 'failurePolicy', 'Fail');
  matchDefaults(spec['matchConstraints']);
}

function admissionPolicy(found: Findings, object: KubeObject): void {
  const spec = specOf(object);
  const match = fieldsOf(spec['matchConstraints']);
  if (!has(spec, 'matchConstraints')) found.required('spec.matchConstraints');
  else if (itemsOf(match['resourceRules']).length === 0) found.required('spec.matchConstraints.resourceRules');
  oneOf(found, 'spec.failurePolicy', spec['failurePolicy'], ['Fail', 'Ignore']);
  if (object.kind !== 'ValidatingAdmissionPolicy') return;
  const validations = itemsOf(spec['validations']);
  if (validations.length + itemsOf(spec['auditAnnotations']).length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item';
    found.required('spec.validations', why);
    found.required('spec.auditAnnotations', why);
  }
  for (const [index, validation] of validations.entries()) {
    const path = `spec.validations[${index}].expression`;
    if (textOf(validation['expression']).trim() === '') found.required(path, 'expression is not specified');
  }
}

function policyBinding(found: Findings, object: KubeObject): void {
  const spec = specOf(object);
  const name = textOf(spec['policyName']);
  if (name === '') found.required('spec.policyName');
  else found.invalidEach('spec.policyName', name, dnsSubdomainProblems(name));
  if (object.kind !== 'ValidatingAdmissionPolicyBinding') return;
  const actions = stringsOf(spec['validationActions']);
  if (actions.length === 0) found.required('spec.validationActions', 'at least one validation action is required');
  for (const action of actions) oneOf(found, 'spec.validationActions', action, ['Audit', 'Deny', 'Warn']);
}

const ADMISSION = 'admissionregistration.k8s.io';
const RESOURCE = 'resource.k8s.io';
const FLOW = 'flowcontrol.apiserver.k8s.io';

const ADMISSION_STRATEGIES = {
  [`validatingwebhookconfigurations.${ADMISSION}`]: kindStrategy(
    'admissionregistration.ValidatingWebhookConfiguration',
    {
      generation: true,
      defaults: webhookDefaults,
      validate: webhooks,
    },
  ),
  [`mutatingwebhookconfigurations.${ADMISSION}`]: kindStrategy('admissionregistration.MutatingWebhookConfiguration', {
    generation: true,
    defaults(object) {
      webhookDefaults(object);
      for (const hook of itemsOf(object['webhooks'])) setDefault(hook, 'reinvocationPolicy', 'Never');
    },
    validate: webhooks,
  }),
  [`validatingadmissionpolicies.${ADMISSION}`]: kindStrategy('admissionregistration.ValidatingAdmissionPolicy', {
    generation: true,
    status: 'admissionregistration.ValidatingAdmissionPolicyStatus',
    defaults: policyDefaults,
    validate: admissionPolicy,
  }),
  [`mutatingadmissionpolicies.${ADMISSION}`]: kindStrategy('admissionregistration.MutatingAdmissionPolicy', {
    generation: true,
    defaults: policyDefaults,
    validate: admissionPolicy,
  }),
  [`validatingadmissionpolicybindings.${ADMISSION}`]: kindStrategy(
    'admissionregistration.ValidatingAdmissionPolicyBinding',
    {
      generation: true,
      defaults: (object) => matchDefaults(specOf(object)['matchResources']),
      validate: policyBinding,
    },
  ),
  [`mutatingadmissionpolicybindings.${ADMISSION}`]: kindStrategy(
    'admissionregistration.MutatingAdmissionPolicyBinding',
    {
      generation: true,
      defaults: (object) => matchDefaults(specOf(object)['matchResources']),
      validate: policyBinding,
    },
  ),
};

function deviceRequests(spec: Fields): void {
  for (const request of itemsOf(fieldsOf(spec['devices'])['requests'])) {
    const all = has(request, 'exactly') ? [fieldsOf(request['exactly'])] : itemsOf(request['firstAvailable']);
    for (const one of all) {
      setDefault(one, 'allocationMode', 'ExactCount', true);
      if (one['allocationMode'] === 'ExactCount') setDefault(one, 'count', 1, true);
    }
  }
}

const RESOURCE_STRATEGIES = {
  [`resourceclaims.${RESOURCE}`]: kindStrategy('resource.ResourceClaim', {
    status: 'resource.ResourceClaimStatus',
    defaults: (object) => deviceRequests(ensure(object, 'spec')),
    validateUpdate: (found, object, old) => immutable(found, 'spec', specOf(object), specOf(old)),
  }),
  [`resourceclaimtemplates.${RESOURCE}`]: kindStrategy('resource.ResourceClaimTemplate', {
    defaults: (object) => deviceRequests(ensure(ensure(object, 'spec'), 'spec')),
    validateUpdate: (found, object, old) => immutable(found, 'spec', specOf(object), specOf(old)),
  }),
  [`deviceclasses.${RESOURCE}`]: kindStrategy('resource.DeviceClass', { generation: true }),
  [`resourceslices.${RESOURCE}`]: kindStrategy('resource.ResourceSlice', {
    generation: true,
    validateUpdate(found, object, old) {
      for (const field of ['nodeName', 'driver'])
        immutable(found, `spec.${field}`, specOf(object)[field], specOf(old)[field]);
    },
  }),
};

/** Numbers that flow control takes when nobody says. */
const SHARES = 30;
const PRECEDENCE = 1000;

const FLOW_STRATEGIES = {
  [`flowschemas.${FLOW}`]: kindStrategy('flowcontrol.FlowSchema', {
    generation: true,
    status: 'flowcontrol.FlowSchemaStatus',
    defaults: (object) => setDefault(ensure(object, 'spec'), 'matchingPrecedence', PRECEDENCE, true),
    validate(found, object) {
      const spec = specOf(object);
      const precedence = numberOf(spec['matchingPrecedence']);
      if (precedence < 1) found.invalid('spec.matchingPrecedence', precedence, 'must be a positive value');
      if (precedence > 10_000) {
        found.invalid('spec.matchingPrecedence', precedence, 'must not be greater than 10000');
      }
      const level = textOf(fieldsOf(spec['priorityLevelConfiguration'])['name']);
      if (level === '') found.required('spec.priorityLevelConfiguration.name', 'must reference a priority level');
      else found.invalidEach('spec.priorityLevelConfiguration.name', level, dnsSubdomainProblems(level));
    },
  }),
  [`prioritylevelconfigurations.${FLOW}`]: kindStrategy('flowcontrol.PriorityLevelConfiguration', {
    generation: true,
    status: 'flowcontrol.PriorityLevelConfigurationStatus',
    defaults(object) {
      const spec = ensure(object, 'spec');
      if (has(spec, 'limited')) {
        const limited = fieldsOf(spec['limited']);
        setDefault(limited, 'nominalConcurrencyShares', SHARES);
        setDefault(limited, 'lendablePercent', 0);
        if (has(fieldsOf(limited['limitResponse']), 'queuing')) {
          const queuing = fieldsOf(fieldsOf(limited['limitResponse'])['queuing']);
          setDefault(queuing, 'queues', 64, true);
          setDefault(queuing, 'handSize', 8, true);
          setDefault(queuing, 'queueLengthLimit', 50, true);
        }
      }
      if (has(spec, 'exempt')) {
        setDefault(fieldsOf(spec['exempt']), 'nominalConcurrencyShares', 0);
        setDefault(fieldsOf(spec['exempt']), 'lendablePercent', 0);
      }
    },
    validate(found, object) {
      oneOf(found, 'spec.type', specOf(object)['type'], ['Exempt', 'Limited']);
      const response = fieldsOf(fieldsOf(specOf(object)['limited'])['limitResponse']);
      const field = 'spec.limited.limitResponse.queuing';
      if (response['type'] === 'Queue' && !has(response, 'queuing')) {
        found.required(field, 'must not be empty if limited.limitResponse.type is Limited');
      }
      if (response['type'] === 'Reject' && has(response, 'queuing')) {
        found.forbidden(field, 'must be nil if limited.limitResponse.type is not Limited');
      }
    },
  }),
};

export const EXTENSION_STRATEGIES = {
  ...ADMISSION_STRATEGIES,
  ...RESOURCE_STRATEGIES,
  ...FLOW_STRATEGIES,
  'customresourcedefinitions.apiextensions.k8s.io': kindStrategy('apiextensions.CustomResourceDefinition', {
    generation: true,
    defaults: crdDefaults,
    prepareCreate(object) {
      const storage = itemsOf(specOf(object)['versions']).find((version) => version['storage'] === true);
      const zero = zeroStruct('apiextensions.CustomResourceDefinitionStatus');
      object['status'] = { ...zero, storedVersions: storage === undefined ? null : [textOf(storage['name'])] };
    },
    prepareUpdate(object, old) {
      const status = copyJson(fieldsOf(old['status']));
      const storage = itemsOf(specOf(object)['versions']).find((version) => version['storage'] === true);
      const stored = stringsOf(status['storedVersions']);
      const name = textOf(storage?.['name']);
      if (name !== '' && !stored.includes(name)) status['storedVersions'] = [...stored, name];
      object['status'] = status;
    },
    validate: (found, object) => found.append(crdProblems(object)),
    validateUpdate: (found, object, old) => found.append(crdUpdateProblems(object, old)),
    warnings: crdWarnings,
  }),
  'apiservices.apiregistration.k8s.io': kindStrategy('apiregistration.APIService', {
    status: 'apiregistration.APIServiceStatus',
    defaults(object) {
      const spec = specOf(object);
      if (has(spec, 'service')) setDefault(fieldsOf(spec['service']), 'port', HTTPS);
    },
    validate(found, object) {
      const spec = specOf(object);
      const expected = `${textOf(spec['version'])}.${textOf(spec['group'])}`;
      if (object.metadata.name !== expected) {
        found.invalid(
          'metadata.name',
          object.metadata.name,
          `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(expected)}`,
        );
      }
      if (numberOf(spec['groupPriorityMinimum']) <= 0 || numberOf(spec['groupPriorityMinimum']) > 20_000) {
        found.invalid(
          'spec.groupPriorityMinimum',
          numberOf(spec['groupPriorityMinimum']),
          'must be positive and less than 20000',
        );
      }
      if (numberOf(spec['versionPriority']) <= 0 || numberOf(spec['versionPriority']) > 1000) {
        found.invalid('spec.versionPriority', numberOf(spec['versionPriority']), 'must be positive and less than 1000');
      }
      if (has(spec, 'service')) {
        const service = fieldsOf(spec['service']);
        if (textOf(service['namespace']) === '') found.required('spec.service.namespace');
        if (textOf(service['name']) === '') found.required('spec.service.name');
      }
    },
  }),
  'certificatesigningrequests.certificates.k8s.io': kindStrategy('certificates.CertificateSigningRequest', {
    status: 'certificates.CertificateSigningRequestStatus',
    prepareUpdate(object, old) {
      object['spec'] = copyJson(old['spec']);
    },
    validate(found, object) {
      const spec = specOf(object);
      if (textOf(spec['request']) === '') {
        found.invalid('spec.request', spec['request'] ?? '', 'PEM block type must be CERTIFICATE REQUEST');
      }
      if (stringsOf(spec['usages']).length === 0) found.required('spec.usages');
      const signer = textOf(spec['signerName']);
      if (signer === '') found.required('spec.signerName');
      else if (signer.split('/').length !== 2) {
        found.invalid(
          'spec.signerName',
          signer,
          "must be a fully qualified domain and path of the form 'example.com/signer-name'",
        );
      } else qualifiedName(found, 'spec.signerName', signer);
      const seconds = spec['expirationSeconds'];
      if (seconds !== undefined && numberOf(seconds) < 600) {
        found.invalid(
          'spec.expirationSeconds',
          seconds,
          'may not specify a duration less than 600 seconds (10 minutes)',
        );
      }
    },
  }),
};
