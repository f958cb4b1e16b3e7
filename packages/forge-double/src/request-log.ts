/** What was asked of the double, so that a test can count what an idle poll costs or show that no admin call was made. */
import type { FastifyRequest } from 'fastify';
import { callerOf } from './access.ts';
import { Refusal } from './refusal.ts';
import type { World } from './world.ts';

export interface Asked {
  method: string;
  /** With the query. */
  path: string;
  /** Whose token came with it; undefined for none, or a wrong one. */
  login: string | undefined;
  status: number;
}

export interface RequestLog {
  add(request: FastifyRequest, status: number): void;
  all(): readonly Asked[];
  /** Forgets what was asked so far. */
  clear(): void;
}

export function requestLog(world: World): RequestLog {
  let asked: Asked[] = [];
  return {
    add: (request, status) => {
      asked.push({ method: request.method, path: request.url, login: loginOf(world, request.headers.authorization), status });
    },
    all: () => asked,
    clear: () => {
      asked = [];
    },
  };
}

function loginOf(world: World, authorization: string | undefined): string | undefined {
  try {
    return callerOf(world, authorization).person?.login;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
