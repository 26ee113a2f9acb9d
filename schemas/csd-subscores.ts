import { z } from 'zod';

/** The eight dimensions of Conversation-level Socratic Dynamism (spec 3.4), lower case as everywhere in the lake. */
export const CSD_DIMENSIONS = ['cr', 'st', 'rhd', 'ap', 'nvt', 'tc', 'ch', 'ma'] as const;
export type CsdDimension = (typeof CSD_DIMENSIONS)[number];

const sub = (meaning: string) =>
  z.number().min(0).max(1).nullable().describe(`${meaning}; null where it does not apply`);

export const csdSubscoresSchema = z
  .object({
    cr: sub('context responsiveness: takes up what the student just said'),
    st: sub('salience tracking: keeps the points that matter alive, in questions'),
    rhd: sub('red-herring discipline: does not follow decoys'),
    ap: sub("adaptive probing: the kind of question fits the student's move"),
    nvt: sub('novelty versus template: does not repeat itself'),
    tc: sub('thread continuity: pursues a thread before leaving it'),
    ch: sub('contradiction handling: surfaces contradictions'),
    ma: sub('meta-adaptation: changes course when asked about the process'),
  })
  .describe('CSD per turn or run, 0–1 each');
export type CsdSubscores = z.infer<typeof csdSubscoresSchema>;

/** Of a turn that says nothing of the conversation: no dimension applies. */
export const NO_SUBSCORES: Readonly<CsdSubscores> = {
  cr: null,
  st: null,
  rhd: null,
  ap: null,
  nvt: null,
  tc: null,
  ch: null,
  ma: null,
};
