import type { LabelTask } from '../../schemas/labelled-utterance.ts';

/** What a public set is about, who marked it, and which of its labels may be taken as marks of a tutor turn. */
export interface PublicSet {
  domain: string;
  goal: string;
  raters: readonly string[];
  source: string;
  tasks: readonly LabelTask[];
}

/**
 * The five public sets. `open_question` of MathDial is no task of it: probing against focus is a weak proxy for an open
 * question. CIMA and Bridge carry `telling` alone.
 */
export const PUBLIC_SETS: Readonly<Record<string, PublicSet>> = {
  mathdial: {
    domain: 'mathematics',
    goal: 'The student solves the word problem on their own.',
    raters: ['mathdial-teacher'],
    source: 'MathDial (Macina et al., EMNLP Findings 2023), CC BY-SA 4.0',
    tasks: ['telling'],
  },
  mrbench: {
    domain: 'mathematics',
    goal: 'The student finds and mends their own mistake.',
    raters: ['mrbench-annotators'],
    source: 'MRBench (Maurya et al., NAACL 2025), CC BY-SA 4.0',
    tasks: ['reveals_answer'],
  },
  bridge: {
    domain: 'mathematics',
    goal: 'The student understands the step they got wrong.',
    raters: ['bridge-teacher'],
    source: 'Bridge (Wang et al., NAACL 2024), MIT',
    tasks: ['telling'],
  },
  cima: {
    domain: 'language learning',
    goal: 'The student finds the words of the phrase on their own.',
    raters: ['cima-tutor'],
    source: 'CIMA (Stasaski et al., BEA 2020), CC BY 2.5',
    tasks: ['telling'],
  },
  ncte: {
    domain: 'mathematics',
    goal: 'The student explains their own thinking in the lesson.',
    raters: ['ncte-raters-majority'],
    source: 'NCTE exchanges (Alic et al., BEA 2022; Demszky et al., ACL 2021), MIT',
    tasks: ['open_question', 'builds_on_prior'],
  },
};
