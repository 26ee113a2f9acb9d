/** What the engine does with a field. */
type Support =
  /** Does what AWS does. */
  | 'supported'
  /** Exists on AWS, refused here as NotImplemented. */
  | 'not implemented'
  /** Belongs to JSONPath; AWS refuses it in a JSONata state, and so does the engine. */
  | 'JSONPath only';

/** One field of the States Language. */
export interface Field {
  readonly support: Support;
  /** Takes `{% … %}`, also inside objects and arrays. */
  readonly expression?: true;
  readonly required?: true;
  readonly note?: string;
}

const yes = (note = ''): Field => ({ support: 'supported', note });
const required = (note = ''): Field => ({ support: 'supported', required: true, note });
const expression = (note = ''): Field => ({ support: 'supported', expression: true, note });
const no = (note = ''): Field => ({ support: 'not implemented', note });
const path = (): Field => ({ support: 'JSONPath only' });

const COMMON = {
  Type: required(),
  Comment: yes('kept, without effect'),
  QueryLanguage: yes('`JSONata`, here or on the machine; `JSONPath` is not implemented'),
};
const TRANSITION = { Next: yes('either this'), End: yes('or `true` here') };
const OUTPUT = {
  Output: expression('any JSON; `null`, `0`, `""` and `false` are outputs'),
  Assign: expression('values as at entry, stored together'),
};
const ERRORS = { Retry: yes(), Catch: yes() };
const PATHS = { InputPath: path(), OutputPath: path() };
const RESULT_PATHS = { Parameters: path(), ResultSelector: path(), ResultPath: path() };

/** Every field of the States Language, by the object it stands in. The check reads this table; docs/engine.md shows it. */
export const FIELDS = {
  'State machine': {
    StartAt: required(),
    States: required('names are unique over the whole machine, at most 80 characters'),
    QueryLanguage: yes('default for all states; AWS defaults to JSONPath, which is not implemented'),
    Comment: yes('kept, without effect'),
    Version: yes('`1.0`'),
    TimeoutSeconds: yes('1 to 99,999,999; ends the execution as TIMED_OUT'),
  },
  Branch: { StartAt: required(), States: required(), Comment: yes('kept, without effect') },
  Pass: {
    ...COMMON,
    ...TRANSITION,
    ...OUTPUT,
    ...PATHS,
    Parameters: path(),
    Result: path(),
    ResultPath: path(),
  },
  Task: {
    ...COMMON,
    ...TRANSITION,
    ...OUTPUT,
    ...ERRORS,
    Resource: required(
      'a handler must be bound to it; `.waitForTaskToken` and activities are not implemented',
    ),
    Arguments: expression(
      'evaluated anew at every try; without it the task gets the input; `lambda:invoke` and `ecs:runTask.sync` need it',
    ),
    TimeoutSeconds: expression(
      'for each try; without it there is no limit (AWS: 99,999,999 s); 0 is not implemented',
    ),
    HeartbeatSeconds: expression(
      'checked for its value; only activities and task tokens send heartbeats, neither is implemented',
    ),
    Credentials: no(),
    ...PATHS,
    ...RESULT_PATHS,
    TimeoutSecondsPath: path(),
    HeartbeatSecondsPath: path(),
  },
  Choice: { ...COMMON, ...OUTPUT, Choices: required(), Default: yes(), ...PATHS },
  'Choice rule': {
    Condition: {
      support: 'supported',
      expression: true,
      required: true,
      note: '`true`, `false` or an expression',
    },
    Next: required(),
    ...OUTPUT,
    Comment: yes('kept, without effect'),
    Variable: path(),
    And: path(),
    Or: path(),
    Not: path(),
  },
  Wait: {
    ...COMMON,
    ...TRANSITION,
    ...OUTPUT,
    Seconds: expression('whole number, 0 to 99,999,999'),
    Timestamp: expression('ISO-8601 with `T` and offset; the past continues at once'),
    ...PATHS,
    SecondsPath: path(),
    TimestampPath: path(),
  },
  Succeed: { ...COMMON, Output: OUTPUT.Output, ...PATHS },
  Fail: { ...COMMON, Error: expression(), Cause: expression(), ErrorPath: path(), CausePath: path() },
  Parallel: {
    ...COMMON,
    ...TRANSITION,
    ...OUTPUT,
    ...ERRORS,
    Branches: required(),
    Arguments: expression('the input of all branches'),
    ...PATHS,
    ...RESULT_PATHS,
  },
  Map: {
    ...COMMON,
    ...TRANSITION,
    ...OUTPUT,
    ...ERRORS,
    ItemProcessor: required(),
    Items: expression('an array; objects are not implemented, nor Items beside an ItemReader'),
    ItemReader: yes('DISTRIBUTED only'),
    ItemSelector: expression('alone sees `$states.context.Map.Item.Index` and `.Value`'),
    ItemBatcher: no(),
    ResultWriter: yes('DISTRIBUTED only'),
    MaxConcurrency: expression('0: no limit of its own; at most 40 INLINE, 10,000 DISTRIBUTED'),
    ToleratedFailureCount: expression('counts in DISTRIBUTED mode; INLINE the first failure fails the Map'),
    ToleratedFailurePercentage: expression('0 to 100, fails above, not at; as above'),
    Label: yes('DISTRIBUTED only; at most 40 characters'),
    Iterator: no('the old name of ItemProcessor'),
    ...PATHS,
    ...RESULT_PATHS,
    ItemsPath: path(),
    MaxConcurrencyPath: path(),
    ToleratedFailureCountPath: path(),
    ToleratedFailurePercentagePath: path(),
  },
  ItemProcessor: {
    StartAt: required(),
    States: required(),
    ProcessorConfig: yes('without it the mode is INLINE'),
    Comment: yes('kept, without effect'),
  },
  ProcessorConfig: {
    Mode: yes('`INLINE` or `DISTRIBUTED`'),
    ExecutionType: yes('`STANDARD`; `EXPRESS` is not implemented'),
  },
  ItemReader: {
    Resource: required('`arn:aws:states:::s3:getObject`; `s3:listObjectsV2` is not implemented'),
    Arguments: { support: 'supported', expression: true, required: true, note: '`Bucket`, `Key`' },
    ReaderConfig: required(),
    Parameters: path(),
  },
  ReaderConfig: {
    InputType: required('`JSON` (an array) or `JSONL`; `CSV`, `PARQUET` and `MANIFEST` are not implemented'),
    MaxItems: expression('0: no limit'),
    MaxItemsPath: path(),
    Transformation: no(),
    ManifestType: no(),
    ItemsPointer: no(),
    CSVDelimiter: no(),
    CSVHeaderLocation: no(),
    CSVHeaders: no(),
  },
  ResultWriter: {
    Resource: yes('`arn:aws:states:::s3:putObject`; WriterConfig alone is not implemented'),
    Arguments: expression('`Bucket`, `Prefix`'),
    WriterConfig: yes('without it as with `NONE` and `JSON`'),
    Parameters: path(),
  },
  WriterConfig: {
    Transformation: yes('`NONE`; `COMPACT` and `FLATTEN` are not implemented'),
    OutputType: yes('`JSON`; `JSONL` is not implemented'),
  },
  Retrier: {
    ErrorEquals: required('`States.ALL` alone and last'),
    IntervalSeconds: yes('default 1'),
    MaxAttempts: yes('retries, not tries; default 3, 0 is never'),
    BackoffRate: yes('at least 1; default 2'),
    MaxDelaySeconds: yes('1 to 31,622,400'),
    JitterStrategy: yes('`FULL` or `NONE`'),
    Comment: yes('kept, without effect'),
  },
  Catcher: {
    ErrorEquals: required('`States.ALL` alone and last'),
    Next: required(),
    Output: expression('without it the Error Output alone'),
    Assign: OUTPUT.Assign,
    Comment: yes('kept, without effect'),
    ResultPath: path(),
  },
} as const satisfies Record<string, Record<string, Field>>;

/** An object of the States Language that has fields. */
export type Place = keyof typeof FIELDS;

/** The fields of one place. */
export function fieldsOf(place: Place): Readonly<Record<string, Field>> {
  return FIELDS[place];
}
