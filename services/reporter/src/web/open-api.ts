import { Results } from '@cc-ci/shared/contract/results';
import { z } from 'zod';
import { RunsAnswer, RunsQuery } from './api.ts';

const json = (schema: object) => ({ 'application/json': { schema } });
const refusal = (description: string) => ({ description, content: { 'application/problem+json': {} } });
const id = { name: 'id', in: 'path', required: true, description: 'The six digits of a run', schema: { type: 'string' } };
const asSchema = (schema: z.ZodType, io: 'input' | 'output' = 'output'): object =>
  z.toJSONSchema(schema, { io, target: 'openapi-3.0', unrepresentable: 'any' });

/** The description of what tools may read, made of what it is parsed and checked by. */
export function openApi(): object {
  const query = Object.entries(RunsQuery.shape).map(([name, schema]) => ({
    name,
    in: 'query',
    ...(schema.description !== undefined && { description: schema.description }),
    schema: asSchema(schema, 'input'),
  }));
  return {
    openapi: '3.0.3',
    info: {
      title: 'cc-ci, results',
      version: '1',
      description: 'What is private on the forge needs the token of operators, and looks like what is not there without it.',
    },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: {
      '/api/runs': {
        get: {
          summary: 'Runs, the newest first: the verdict about a commit, also where no status can be set',
          parameters: query,
          responses: {
            200: { description: 'A page of them', content: json(asSchema(RunsAnswer)) },
            404: refusal('The repository is no recipe that is tested here'),
            422: refusal('The question is not understood'),
          },
        },
      },
      '/api/runs/{id}': {
        get: {
          summary: 'The record of a run',
          parameters: [id],
          responses: { 200: { description: 'The record' }, 404: refusal('There is none') },
        },
      },
      '/runs/{id}/results.json': {
        get: {
          summary: 'The results of a run that ended',
          parameters: [id],
          responses: {
            200: { description: 'Its results', content: json(asSchema(Results)) },
            404: refusal('There are none, or not yet'),
          },
        },
      },
      '/api/recipes': {
        get: {
          summary: 'The recipes that are watched, each with its last run',
          responses: { 200: { description: 'All of them' } },
        },
      },
      '/badge/{owner}/{recipe}.svg': {
        get: {
          summary: 'What is known of a recipe’s default branch, as a picture',
          parameters: ['owner', 'recipe'].map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
          responses: { 200: { description: 'A badge', content: { 'image/svg+xml': {} } } },
        },
      },
    },
  };
}
