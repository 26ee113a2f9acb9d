/** One thing wrong with a definition. */
export interface DefinitionProblem {
  /** `Invalid`: AWS refuses it too. `NotImplemented`: AWS may take it, this engine does not. */
  readonly kind: 'Invalid' | 'NotImplemented';
  /** The field, e.g. `States.RunDialogues.ItemProcessor.States.Run.Retry[0].BackoffRate`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** Thrown instead of running a definition with problems. */
export class DefinitionError extends Error {
  readonly problems: readonly DefinitionProblem[];

  constructor(problems: readonly DefinitionProblem[]) {
    const lines = problems.map(
      ({ kind, path, message }) => `  ${path || '(definition)'}: ${message} [${kind}]`,
    );
    super(`The state machine cannot be run:\n${lines.join('\n')}`);
    this.name = 'DefinitionError';
    this.problems = problems;
  }
}
