import type { AttachmentFacts } from '../facts.ts';
import type { Health } from '../types.ts';
import { defineKind } from './define-kind.ts';
import { dict, text } from './read.ts';

export const volumeAttachment = defineKind<AttachmentFacts>({
  kind: 'VolumeAttachment.storage.k8s.io',
  depth: 'object',
  fields: [
    'spec.attacher',
    'spec.nodeName',
    'spec.source.persistentVolumeName',
    'status.attached',
    'status.attachError.message',
    'status.detachError.message',
  ],
  project(object, intern) {
    const spec = dict(object['spec']);
    const status = dict(object['status']);
    return {
      attacher: intern.text(text(spec['attacher'])),
      node: intern.text(text(spec['nodeName'])),
      volume: text(dict(spec['source'])['persistentVolumeName']),
      attached: status['attached'] === true,
      attachError: text(dict(status['attachError'])['message']),
      detachError: text(dict(status['detachError'])['message']),
    };
  },
  health: attachmentHealth,
});

function attachmentHealth({ attached, attachError, detachError }: AttachmentFacts): Health {
  if (attachError !== '') return 'failed';
  if (detachError !== '') return 'warning';
  return attached ? 'ok' : 'progressing';
}
