import type { ScalarTag, Tags } from 'yaml';

/**
 * kubectl reads YAML 1.1 scalars where the `yaml` package follows 1.2: `defaultMode: 0644` is octal there, and yes, no,
 * on, off are booleans. A manifest must mean here what it means to kubectl, but for a lone y or n, which stay text.
 */
const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0[0-7_]{1,21}$/,
  resolve: (text) => {
    const value = Number.parseInt(text.replace(/[-+_]/g, ''), 8);
    return text.startsWith('-') ? -value : value;
  },
};

const yesNo: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)$/,
  resolve: (text) => /^(?:yes|on)$/i.test(text),
};

export const KUBERNETES_TAGS = (tags: Tags): Tags => [octal, yesNo, ...tags];
