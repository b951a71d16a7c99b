import { ACCESS } from '../../differential/sequences/access.ts';
import { DOCUMENTS } from '../../differential/sequences/documents.ts';
import { PROTOCOL } from '../../differential/sequences/protocol.ts';
import { QUOTAS } from '../../differential/sequences/quotas.ts';
import { differentialSuite } from '../../differential/suite.ts';

differentialSuite('the sandbox lets in, limits and describes as the real server does', [
  ...QUOTAS,
  ...ACCESS,
  ...PROTOCOL,
  ...DOCUMENTS,
]);
