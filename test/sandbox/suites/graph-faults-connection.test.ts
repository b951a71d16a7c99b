/** F01 to F16 through the fault proxy: connections, streams and bytes. No lost connection leads to a list. */
import { connectionRows } from '../../faults/rows-connection.ts';
import { CONFIG_MAPS } from '../fault-run.ts';
import { testPlans } from '../fault-suite.ts';

testPlans({
  rows: connectionRows(CONFIG_MAPS),
  step: 30,
  together: 14,
  cases: {
    'F03 wrong name': { fired: [3] },
    'F03 other authority': { fired: [3] },
    'F03 expired': { fired: [3] },
    'F04 no SYN answered': { recovery: 300_000 },
    'F06 connection': { recovery: 300_000 },
    'F06 stream': { recovery: 300_000 },
    'F07 after 60 s': { elsewhere: 'graph-faults-time' },
    'F07 after 350 s': { elsewhere: 'graph-faults-time' },
    'F08 drip': { elsewhere: 'graph-faults-time' },
    'F10 graceful': { elsewhere: 'graph-faults-time' },
    'F12 three streams': {},
    'F15 joined': { recovery: 300_000 },
    'F16 no protobuf': { options: { encoding: 'auto' } },
  },
});
