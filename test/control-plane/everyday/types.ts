/** A command as people type it into a shell, and as they send it to us. */
export interface EverydayCommand {
  /** For bash, with the tool's name in front. */
  readonly line: string;
  /** How it is sent where that is not the same: what bash wants quoted, we take as it is. Without the tool's name. */
  readonly sent?: string;
  /** The words that the plain tool gets, where the line is not one for bash. */
  readonly argv?: readonly string[];
  /** The argument `namespace` of the call. */
  readonly namespace?: string;
  readonly stdin?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Ages, resource versions, what is everybody's: what it prints changes by itself, or by other suites, from second to second. */
  readonly moves?: true;
}

export function lines(...texts: readonly string[]): EverydayCommand[] {
  return texts.map((line) => ({ line }));
}

/** Commands whose output tells ages. */
export function moving(...texts: readonly string[]): EverydayCommand[] {
  return texts.map((line) => ({ line, moves: true }));
}
