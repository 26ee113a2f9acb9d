import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ModelRegistry } from '../../schemas/model-config.ts';
import type { PhaseFile } from '../../schemas/phase-profile.ts';
import type { Profile } from '../../schemas/profile.ts';
import { root } from './processes.ts';

/** What a bench changes of the shipped config, each from the shipped file's content. */
export interface Changes {
  profiles: (shipped: Record<string, Profile>) => Record<string, Profile>;
  phases?: (shipped: PhaseFile) => PhaseFile;
  models?: (shipped: ModelRegistry) => ModelRegistry;
}

/** Writes the changed files into a folder for `--config`; all others are the shipped ones. Returns the folder. */
export function writeOverlay(folder: string, { profiles, phases, models }: Changes): string {
  const change = <T>(path: string, edit: (content: T) => T) => {
    const shipped = JSON.parse(readFileSync(join(root, 'config', path), 'utf8')) as T;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(edit(shipped)));
  };
  change<{ version: string; profiles: Record<string, Profile> }>('profiles/profiles-1.0.json', (file) => ({
    ...file,
    profiles: profiles(file.profiles),
  }));
  if (phases !== undefined) change('phases/phases-1.1.json', phases);
  if (models !== undefined) change('models/models-1.0.json', models);
  return folder;
}

/** The weekly profile's models, temperatures and seeds on P0 alone: 40 turns a dialogue, no material pasted, no canary. */
export function shortTurns(shipped: Record<string, Profile>, repeats: number): Profile {
  const weekly = shipped['weekly']!;
  return {
    ...weekly,
    series: 'short',
    phases: ['P0'],
    repeats,
    canary: { ...weekly.canary, is_on: false },
  };
}

/** P0 of so many turns. */
export function withPhaseTurns(target_turns: number): (shipped: PhaseFile) => PhaseFile {
  return (shipped) => ({
    ...shipped,
    profiles: shipped.profiles.map((phase) => (phase.phase === 'P0' ? { ...phase, target_turns } : phase)),
  });
}
