import { expect, it } from '@jest/globals';
import { openApiDocument, problemCodes } from './openapi.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { PROBLEM_TYPES } from './problem-types.ts';

const operations = Object.values<Operation>(OPERATIONS);

it('every operation is described, with its id, its answers and its problems', () => {
  const { paths = {} } = openApiDocument();
  for (const operation of operations) {
    const { id, method, path, answers } = operation;
    const described = paths[path]?.[method.toLowerCase() as 'get'];
    expect(described?.operationId).toBe(id);
    const statuses = [
      ...Object.keys(answers).map(Number),
      ...problemCodes(operation).map((code) => PROBLEM_TYPES[code].status),
    ];
    expect(Object.keys(described?.responses ?? {}).map(Number)).toEqual([...new Set(statuses)].sort());
  }
});

it('no two operations are the same request', () => {
  expect(new Set(operations.map(({ method, path }) => `${method} ${path}`)).size).toBe(operations.length);
});

it('every type of problem is one that some operation is answered with, or the router, or a call from inside', () => {
  const known = [...operations.flatMap(problemCodes), 'no-such-path', 'method-not-allowed', 'wrong-account'];
  expect(Object.keys(PROBLEM_TYPES).filter((code) => !known.includes(code))).toEqual([]);
});

it.each(Object.entries(PROBLEM_TYPES))(
  '%s has its words, and the same places in them, in every language',
  (_, type) => {
    const placesIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
    for (const language of ['zh-TW', 'zh-CN'] as const) {
      expect(type.title[language]).not.toBe(type.title.en);
      expect(type.detail[language]).not.toBe(type.detail.en);
      expect(placesIn(type.detail[language])).toEqual(placesIn(type.detail.en));
    }
  },
);
