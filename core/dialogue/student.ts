import type { ReplyReading } from '../heuristics/read-reply.ts';
import { withTypos } from './noise.ts';
import { createScene, type Scene, type StudentOptions, type StudentReply } from './scene.ts';
import { createSpeech } from './speech.ts';

/** A scripted student in one dialogue. */
export interface Student {
  /**
   * The next message. `null` for both opens the dialogue with the seed's statement; later turns take the reading and the
   * text of the tutor's last reply. Work per call is O(reply + message).
   */
  next(reading: ReplyReading | null, tutorText: string | null): StudentReply;
}

/**
 * A student who speaks by the seed's beats and the script, reacts to the tutor's last reply and carries the phase's
 * load. A pure function of its options and the replies so far: feeding it the stored replies again gives the same
 * messages. Pad and pressure change what is pasted and which tactics are used, never the random draws, so that the arms
 * of a factorial share them.
 */
export function createStudent(options: StudentOptions): Student {
  const scene = createScene(options);
  const speech = createSpeech(scene);
  return {
    next(reading, tutorText) {
      if (reading === null || tutorText === null) return open(scene);
      return answer(scene, speech, reading, tutorText);
    },
  };
}

/** Turn 1: the opening statement as the seed has it. */
function open(scene: Scene): StudentReply {
  const statement = scene.seed.seed.student_statement;
  scene.begin();
  return scene.finish({ said: statement, core: statement, phrases: [], move: 'assertion' });
}

function answer(
  scene: Scene,
  speech: ReturnType<typeof createSpeech>,
  reading: ReplyReading,
  tutorText: string,
): StudentReply {
  const turn = scene.hear(reading, tutorText);
  const { core, phrases, move, parts } = speech.compose(turn);
  const clean = parts.filter((part) => part !== '').join(' ');
  const said = withTypos(clean, scene.typoFrac, turn.random, (word) => scene.isProtected(word, turn));
  return scene.finish({ said, core, phrases, move });
}
