import type { MapState } from '../definition.ts';
import { conclude, evaluate, evaluateInteger, queryError, unexpectedType } from '../evaluate.ts';
import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import { runDistributed } from '../map/distributed.ts';
import { runInline } from '../map/inline.ts';
import { readItems } from '../map/item-reader.ts';
import type { MapWork } from '../map/map-work.ts';
import type { Outcome } from '../retry.ts';
import { withErrorHandling } from '../retry.ts';
import type { Visit } from '../run.ts';
import { NotImplementedError } from '../state-error.ts';

/** Map: runs ItemProcessor once for every item, inline or as child executions; a retry starts all items again. */
export async function runMap(state: MapState, visit: Visit): Promise<Outcome> {
  return withErrorHandling(visit, state, async (retryCount) => {
    const items = await selectItems(state, visit, retryCount);
    const work: MapWork = {
      state,
      visit,
      items,
      maxConcurrency: await optionalInteger(visit, state.MaxConcurrency, 'MaxConcurrency', retryCount),
      toleratedCount: await optionalInteger(
        visit,
        state.ToleratedFailureCount,
        'ToleratedFailureCount',
        retryCount,
      ),
      toleratedPercentage: await percentage(state, visit, retryCount),
      childInput: (index) => selectInput(state, visit, items, index, retryCount),
      retryCount,
    };
    visit.run.history.add(); // MapStateStarted
    const distributed = state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED';
    const result = distributed ? await runDistributed(work) : await runInline(work);
    visit.run.history.add(); // MapStateSucceeded
    return { output: await conclude(visit, state, result, { result, retryCount }), next: state.Next };
  });
}

/** The items: from ItemReader, from Items, or the input itself. */
async function selectItems(state: MapState, visit: Visit, retryCount: number): Promise<readonly Json[]> {
  if (state.ItemReader !== undefined) return readItems(state.ItemReader, visit, retryCount);
  const value =
    state.Items === undefined ? visit.input : await evaluate(visit, state.Items, 'Items', { retryCount });
  if (Array.isArray(value)) return value;
  if (isObject(value)) {
    throw new NotImplementedError(
      `States.${visit.name}.Items`,
      'a Map over the members of an object is not implemented',
    );
  }
  if (state.Items === undefined)
    throw queryError(visit, `Map state input must be an array but was: ${JSON.stringify(value)}`);
  throw unexpectedType(visit, state.Items, 'Items', 'array', value);
}

/** An iteration's input: ItemSelector, which alone sees `$states.context.Map.Item`, or the item. */
async function selectInput(
  state: MapState,
  visit: Visit,
  items: readonly Json[],
  index: number,
  retryCount: number,
): Promise<Json> {
  const item = items[index] as Json;
  if (state.ItemSelector === undefined) return item;
  const map = { Item: { Index: index, Value: item } };
  return evaluate(visit, state.ItemSelector, 'ItemSelector', { map, retryCount });
}

async function optionalInteger(visit: Visit, template: Json | undefined, field: string, retryCount: number) {
  return template === undefined
    ? undefined
    : evaluateInteger(visit, template, field, undefined, { retryCount });
}

async function percentage(state: MapState, visit: Visit, retryCount: number): Promise<number | undefined> {
  const template = state.ToleratedFailurePercentage;
  if (template === undefined) return undefined;
  const value = await evaluate(visit, template, 'ToleratedFailurePercentage', { retryCount });
  if (typeof value !== 'number')
    throw unexpectedType(visit, template, 'ToleratedFailurePercentage', 'number', value);
  if (value < 0 || value > 100) {
    throw queryError(
      visit,
      `The ToleratedFailurePercentage field must be between 0 and 100 but was: ${value}`,
    );
  }
  return value;
}
