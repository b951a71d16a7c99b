/** How far it is from one run of a CronJob to the next. */
import { parseSchedule } from '../../../../kernel/cron-schedule.ts';

/** Longer ones are none that anybody wrote. */
const LONGEST = 512;

export interface Schedule {
  /** From a run at `ms` to the next, ms; undefined where there is none. */
  gapAfter(ms: number): number | undefined;
}

/** undefined for what is no schedule, or in a zone that nobody knows. */
export function scheduleOf(text: string, timeZone: string): Schedule | undefined {
  if (text.length > LONGEST) return undefined;
  try {
    const { next } = parseSchedule(text, timeZone === '' || timeZone === 'Local' ? undefined : timeZone);
    return {
      gapAfter(ms) {
        const at = next(ms);
        return at === undefined ? undefined : at - ms;
      },
    };
  } catch {
    return undefined;
  }
}
