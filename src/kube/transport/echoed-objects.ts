/**
 * `Invalid value: "{\"apiVersion\":…}"`: for a patch whose result it cannot read, the API server repeats the whole object in its message,
 * a Secret's data included (seen on 1.36 with fieldValidation=Strict). Also matches one that was cut before its closing quote.
 */
const ECHOED_OBJECT = /Invalid value: "[{[](?:[^"\\]|\\.)*"?/g;

/** A server's message without the objects it repeats; the reason that follows them stays. */
export function withoutEchoedObjects(message: string): string {
  return message.replace(ECHOED_OBJECT, 'Invalid value: (the object)');
}
