import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import {
  createModelStudent,
  fromModelReply,
  modelStudentRequest,
} from '../../../core/dialogue/model-student.ts';
import { asks, converse, light, optionsOf, phaseOf, saidIn, script, seedOf, TUTORS } from './fixtures.ts';

const template = readFileSync('config/prompts/student/student-1.0.txt', 'utf8');
const scheduled = { move: 'example' as const, added: '' };

describe('the request to a model that plays the student', () => {
  const transcript = Array.from({ length: 20 }, (_, index) => ({
    said: `I say ${index}.`,
    tutor_text: `And why ${index}?`,
  }));
  const request = modelStudentRequest(template, seedOf(0), script, scheduled, transcript);

  it('fills every placeholder of the shipped prompt', () => {
    expect(request.system).not.toContain('{{');
    expect(request.system).toContain(seedOf(0).persona);
    expect(request.system).toContain('example');
  });

  it('shows the last exchanges, the tutor first and last, roles alternating', () => {
    expect(request.messages.at(-1)).toEqual({ role: 'user', text: 'And why 19?' });
    request.messages.forEach(({ role }, index) => expect(role).toBe(index % 2 === 0 ? 'user' : 'assistant'));
    expect(request.messages).toHaveLength(2 * script.model.window_turns - 1);
  });

  it('says which words will be added', () => {
    const added = 'By the way, the cat is ill.';
    expect(
      modelStudentRequest(template, seedOf(0), script, { ...scheduled, added }, transcript).system,
    ).toContain(added);
  });

  it('refuses a prompt with a placeholder that nothing fills', () => {
    expect(() => modelStudentRequest('{{mood}}', seedOf(0), script, scheduled, transcript)).toThrow(/mood/);
  });
});

describe("a model's answer", () => {
  test.each([
    ['', 'empty'],
    [' … ', 'empty'],
    ['Tutor: What do you think?', 'speaks_as_tutor'],
    ["That's a great question! Let's explore it together.", 'speaks_as_tutor'],
    ['As an AI, I have no team.', 'breaks_role'],
  ])('"%s" is a fault of the student: %s', (text, reason) => {
    expect(fromModelReply(text, scheduled, script)).toEqual({ kind: 'fault', fault: 'student', reason });
  });

  test.each([
    ['Student: I think so.', 'I think so.'],
    ['"I think so."', 'I think so.'],
    ['**Student:** I think so.', 'I think so.'],
  ])('%s is cleaned', (text, own) => {
    expect(fromModelReply(text, scheduled, script)).toMatchObject({ kind: 'says', own, said: own });
  });

  it('is cut at a sentence end where it is too long', () => {
    const answer = fromModelReply('I went home and thought. '.repeat(200), scheduled, script);
    expect(answer.kind === 'says' ? answer.own.length : 0).toBeLessThanOrEqual(script.model.most_chars);
    expect(answer).toMatchObject({ own: expect.stringMatching(/thought\.$/) });
  });

  it('is followed by what the schedule adds', () => {
    expect(fromModelReply('I think so', { ...scheduled, added: 'The cat is ill.' }, script)).toMatchObject({
      said: 'I think so. The cat is ill.',
    });
  });
});

describe('a dialogue with a model as student', () => {
  const options = optionsOf({ phase: phaseOf('1.0/P2') });
  const play = () => {
    const student = createModelStudent(options, template);
    const replies = [];
    let tutor = null;
    for (let turn = 1; turn <= options.turns; turn += 1) {
      const step = student.next(tutor?.reading ?? null, tutor?.text ?? null);
      const said = step.kind === 'says' ? step : student.accept(`My thought number ${turn} about the team.`);
      if (said.kind === 'fault') throw new Error(said.reason);
      replies.push(said.reply);
      tutor = TUTORS.naming(said.reply);
    }
    return replies;
  };

  it('carries the same injections at the same turns as the scripted one, in words', () => {
    const scripted = converse(options, TUTORS.naming);
    const played = play();
    expect(played.map(({ student }) => student.injected)).toEqual(
      scripted.map(({ student }) => student.injected),
    );
    played.forEach((reply, index) => {
      if (reply.student.injected !== null)
        expect(saidIn(reply).length).toBeGreaterThan(
          `My thought number ${index + 1} about the team. `.length + 5,
        );
    });
  });

  it('reaches the target of the phase', () => {
    const played = play();
    const chars = played.reduce((sum, { student }) => sum + student.text.length, options.systemPromptChars);
    expect(chars / options.charsPerToken).toBeGreaterThan(0.85 * options.phase.target_tokens);
  });

  it('gives way after both sides of a contradiction were named', () => {
    const played = play();
    const at = played.findIndex(({ hints }) => hints.contradiction !== null);
    expect(['concession', 'insight']).toContain(played[at + 1]?.student.move);
  });

  it('keeps a turn open after a fault, so that the model can be asked again', () => {
    const student = createModelStudent(optionsOf({ phase: light(phaseOf('1.0/P0')) }), template);
    student.next(null, null);
    const { reading, text } = asks('Why is that?');
    student.next(reading, text);
    expect(student.accept('').kind).toBe('fault');
    expect(student.accept('Because I saw it.').kind).toBe('says');
  });
});
