import { isAbsolute } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import { type FindProgram, findProgram, type ProgramSearch } from '../process/find-program.ts';
import { findLauncher, type Launcher } from '../process/launcher.ts';
import type { BinarySpec } from './binaries/spec.ts';
import type { CliTool } from './types.ts';

/** Programs that commands need, on this machine. */
export interface ChildPrograms {
  /** Throws `program_missing`, saying how to get it. */
  find(tool: CliTool): Promise<string>;
  /** It could not be started: look again next time. */
  forget(tool: CliTool): void;
  diff(): Promise<string | undefined>;
  launcher(): Promise<Launcher>;
}

export interface ProgramPlaces {
  search: ProgramSearch;
  /** From the settings; absolute. */
  paths: Partial<Record<CliTool, string>>;
  /** How to get each. */
  specs: Readonly<Partial<Record<CliTool, Pick<BinarySpec, 'install'>>>>;
}

/** Finds each program once; one that is missing is looked for again at every command, as it may have been installed since. */
export function createChildPrograms(
  { search, paths, specs }: ProgramPlaces,
  find: FindProgram = findProgram,
): ChildPrograms {
  const found = new Map<CliTool, string>();
  let diff: Promise<string | undefined> | undefined;
  let launcher: Promise<Launcher> | undefined;
  return {
    async find(tool) {
      const known = found.get(tool);
      if (known !== undefined) return known;
      const set = paths[tool];
      const path = set === undefined || isAbsolute(set) ? await find(set ?? tool, search) : undefined;
      if (path === undefined) throw missing(tool, set, specs[tool]?.install);
      found.set(tool, path);
      return path;
    },
    forget(tool) {
      found.delete(tool);
    },
    diff() {
      // The tools split what they are told at spaces.
      diff ??= find('diff', search).then((path) => (path?.includes(' ') ? undefined : path));
      return diff;
    },
    launcher() {
      launcher ??= findLauncher(search, find);
      return launcher;
    },
  };
}

function missing(tool: CliTool, set: string | undefined, install: string | undefined): AppError {
  const problem =
    set === undefined
      ? `${tool} is not installed where this server looks for it.`
      : `K8S_MCP_${tool.toUpperCase()}_PATH does not name a program that can be run.`;
  return new AppError('program_missing', problem, install === undefined ? {} : { remedy: install });
}
