import { parse } from 'yaml';
import { z } from 'zod';
import { RecipeUnreadable } from './recipe-unreadable.ts';

const Texts = z.record(z.string(), z.coerce.string());
const Healthcheck = z.looseObject({ test: z.array(z.string()).optional(), disable: z.boolean().optional() });
const Deploy = z.looseObject({ labels: Texts.optional(), mode: z.string().optional(), replicas: z.number().optional() });
const Mount = z.looseObject({ type: z.string(), source: z.string().optional(), target: z.string() });
const Port = z.looseObject({
  target: z.number(),
  published: z.number().optional(),
  protocol: z.string().optional(),
  mode: z.string().optional(),
});
/** A config or secret as one service uses it. */
const UsedFile = z.looseObject({ source: z.string(), target: z.string().optional() });
const Attachment = z.looseObject({ aliases: z.array(z.string()).optional() });

const Service = z.looseObject({
  image: z.string(),
  /** null: a bare name, filled from the environment of the client. */
  environment: z.record(z.string(), z.string().nullable()).optional(),
  /** As written. */
  env_file: z.array(z.string()).optional(),
  /** Of the containers; labels of the service are in `deploy`. */
  labels: Texts.optional(),
  deploy: Deploy.optional(),
  healthcheck: Healthcheck.optional(),
  configs: z.array(UsedFile).optional(),
  secrets: z.array(UsedFile).optional(),
  volumes: z.array(Mount).optional(),
  ports: z.array(Port).optional(),
  networks: z.record(z.string(), Attachment.nullable()).optional(),
  logging: z.looseObject({ driver: z.string().optional() }).optional(),
  cap_add: z.array(z.string()).optional(),
  devices: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  sysctls: Texts.optional(),
  privileged: z.boolean().optional(),
  network_mode: z.string().optional(),
  pid: z.string().optional(),
  ipc: z.string().optional(),
  userns_mode: z.string().optional(),
  cgroupns_mode: z.string().optional(),
  cgroup_parent: z.string().optional(),
  isolation: z.string().optional(),
  credential_spec: z.looseObject({}).optional(),
  oom_score_adj: z.number().optional(),
});

/** What every top-level resource has; without a name it becomes `<stack>_<key>`. */
const resource = {
  name: z.string().optional(),
  external: z.boolean().optional(),
  labels: Texts.optional(),
  driver: z.string().optional(),
  driver_opts: Texts.optional(),
};
const Network = z.looseObject({ ...resource, ipam: z.looseObject({ driver: z.string().optional() }).optional() });
const Volume = z.looseObject(resource);
/** `file` is absolute. */
const NamedFile = z.looseObject({ ...resource, file: z.string().optional(), template_driver: z.string().optional() });

/** The one merged document that `docker stack config` prints. Only what is read or judged is typed; everything else passes through untouched. */
export const StackDocument = z.looseObject({
  version: z.string(),
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), Network).optional(),
  volumes: z.record(z.string(), Volume).optional(),
  secrets: z.record(z.string(), NamedFile).optional(),
  configs: z.record(z.string(), NamedFile).optional(),
});
export type StackDocument = z.infer<typeof StackDocument>;
export type StackService = z.infer<typeof Service>;

/** Reads what `docker stack config` printed. Throws RecipeUnreadable. */
export function parseDocument(yaml: string): StackDocument {
  const document = StackDocument.safeParse(parseYaml(yaml));
  if (document.success) return document.data;
  const [issue] = document.error.issues;
  throw new RecipeUnreadable(
    {
      file: 'compose.yml',
      problem: `\`${issue?.path.join('.') || 'services'}\` of the merged compose files is not as expected (${issue?.message ?? 'unknown'})`,
      remedy: 'Check what `docker stack config` prints for it.',
    },
    { cause: document.error },
  );
}

function parseYaml(yaml: string): unknown {
  try {
    return parse(yaml);
  } catch (cause) {
    const remedy = 'Check what `docker stack config` prints.';
    throw new RecipeUnreadable(
      { file: 'compose.yml', problem: 'the merged compose files are not valid YAML', remedy },
      { cause },
    );
  }
}

/** Every image of the document, each once, in the order of the services. */
export function imagesOf(document: StackDocument): string[] {
  return [...new Set(Object.values(document.services).map((service) => service.image))];
}

/** The label `coop-cloud.<stack>.version`, on service `app` or else wherever it is; undefined where it is missing or empty. */
export function recipeVersionOf(document: StackDocument, stack: string): string | undefined {
  return serviceLabel(document, `coop-cloud.${stack}.version`);
}

/** Seconds that the recipe allows for convergence (label `coop-cloud.<stack>.timeout`); undefined where it does not say. */
export function timeoutOf(document: StackDocument, stack: string): number | undefined {
  const seconds = Number(serviceLabel(document, `coop-cloud.${stack}.timeout`));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** Throws RecipeUnreadable for a document of which nothing would run: whatever it is, a test of it would say nothing. */
export function requireTasks(document: StackDocument): void {
  const services = Object.values(document.services);
  const runs = services.some(({ deploy }) => deploy?.mode?.startsWith('global') || deploy?.replicas !== 0);
  if (runs) return;
  const problem = services.length === 0 ? 'it has no services' : 'all its services ask for 0 replicas, so nothing would run';
  throw new RecipeUnreadable({ file: 'compose.yml', problem, remedy: 'Give the service that people use a replica.' });
}

/** abra reads the labels of services only, never those of containers. */
function serviceLabel(document: StackDocument, label: string): string | undefined {
  const { app, ...others } = document.services;
  const found = [app, ...Object.values(others)].map((service) => service?.deploy?.labels?.[label]);
  return found.find((value) => value !== undefined && value !== '');
}
