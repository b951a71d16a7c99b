/** The project says what an Application may do. It lives in the namespace of Argo CD, which is the Application's own but for Applications in any namespace. */
import { defineRelation } from '../../define.ts';

export const applicationProject = defineRelation(
  {
    id: 'application-project',
    rows: [61],
    verb: 'belongs to',
    sources: ['Application.argoproj.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.project', to: 'AppProject.argoproj.io', optional: true }],
);
