import type { DefinitionProblem } from './problem.ts';

/** Collects the problems of one definition. */
export class Problems {
  readonly list: DefinitionProblem[] = [];

  /** Something AWS refuses as well. */
  invalid(path: string, message: string): void {
    this.list.push({ kind: 'Invalid', path, message });
  }

  /** Something AWS may take and this engine does not. */
  notImplemented(path: string, message: string): void {
    this.list.push({ kind: 'NotImplemented', path, message });
  }
}
