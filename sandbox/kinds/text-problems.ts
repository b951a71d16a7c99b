/** What Go's parsers say of a text that is no time, and no base64. */

interface Step {
  /** The layout's element, as the message names it. */
  layout: string;
  shape: RegExp;
}

/** The layout 2006-01-02T15:04:05Z07:00, element by element. */
const RFC3339: readonly Step[] = [
  { layout: '2006', shape: /^\d{4}/ },
  { layout: '-', shape: /^-/ },
  { layout: '01', shape: /^\d{2}/ },
  { layout: '-', shape: /^-/ },
  { layout: '02', shape: /^\d{2}/ },
  { layout: 'T', shape: /^T/ },
  { layout: '15', shape: /^\d{2}/ },
  { layout: ':', shape: /^:/ },
  { layout: '04', shape: /^\d{2}/ },
  { layout: ':', shape: /^:/ },
  { layout: '05', shape: /^\d{2}(\.\d+)?/ },
  { layout: 'Z07:00', shape: /^(Z|[+-]\d{2}:\d{2})/ },
];

/** The problem of an RFC 3339 time; undefined when it is one. */
export function timeProblem(text: string): string | undefined {
  const head = `parsing time ${JSON.stringify(text)}`;
  let rest = text;
  for (const { layout, shape } of RFC3339) {
    const match = shape.exec(rest);
    if (match === null) {
      return `${head} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(rest)} as "${layout}"`;
    }
    rest = rest.slice(match[0].length);
  }
  if (rest !== '') return `${head}: extra text: ${JSON.stringify(rest)}`;
  const range = outOfRange(text);
  return range === undefined ? undefined : `${head}: ${range} out of range`;
}

function outOfRange(text: string): string | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/[-T:Z.+]/).map(Number);
  if (month < 1 || month > 12) return 'month';
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return 'day';
  if (hour > 23) return 'hour';
  if (minute > 59) return 'minute';
  return second > 59 ? 'second' : undefined;
}

/** The problem of standard, padded base64; undefined when it is some. Line breaks are ignored, as Go does. */
export function base64Problem(text: string): string | undefined {
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === '\n' || letter === '\r') continue;
    if (letter === '=') return paddingProblem(text, at, digits % 4);
    if (!/[A-Za-z0-9+/]/.test(letter)) return illegal(at);
    digits++;
  }
  // What is missing is missed at the start of its group of four.
  return digits % 4 === 0 ? undefined : illegal(text.length - (digits % 4));
}

const illegal = (at: number) => `illegal base64 data at input byte ${at}`;

function paddingProblem(text: string, at: number, inGroup: number): string | undefined {
  if (inGroup < 2) return illegal(at);
  const rest = text.slice(at).replace(/[\r\n]/g, '');
  const wanted = '='.repeat(4 - inGroup);
  if (rest === wanted) return undefined;
  return illegal(rest.startsWith(wanted) ? at + wanted.length : text.length);
}
