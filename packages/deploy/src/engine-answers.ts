import { z } from 'zod';

/** Labels as the engine reports them; null where there are none. */
const Labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((labels) => labels ?? {});
const Count = z.number().nullish();

export const EngineInfo = z.object({
  ID: z.string().min(1),
  DockerRootDir: z.string().startsWith('/'),
  SystemTime: z.coerce.date(),
  ServerVersion: z.string().default('of an unknown version'),
  Swarm: z.object({ LocalNodeState: z.string(), ControlAvailable: z.boolean() }).optional(),
});
export type EngineInfo = z.infer<typeof EngineInfo>;

/** A service, as far as its state is judged. `TaskTemplate` is kept whole: tasks are compared with it. */
export const EngineService = z.object({
  ID: z.string(),
  Spec: z.object({
    Name: z.string(),
    Labels,
    TaskTemplate: z.looseObject({
      ContainerSpec: z.looseObject({ Image: z.string() }).optional(),
      RestartPolicy: z.looseObject({ Condition: z.string().optional() }).optional(),
    }),
    Mode: z.looseObject({
      Replicated: z.object({ Replicas: Count }).optional(),
      Global: z.looseObject({}).optional(),
      ReplicatedJob: z.object({ TotalCompletions: Count, MaxConcurrent: Count }).optional(),
      GlobalJob: z.looseObject({}).optional(),
    }),
    /** Nanoseconds. */
    UpdateConfig: z.looseObject({ Monitor: Count }).optional(),
  }),
  UpdateStatus: z.object({ State: z.string().optional(), Message: z.string().optional() }).optional(),
  ServiceStatus: z.object({ DesiredTasks: Count }).optional(),
  JobStatus: z.object({ JobIteration: z.object({ Index: Count }).optional() }).optional(),
});
export type EngineService = z.infer<typeof EngineService>;

/** One task of a service: one attempt to run one of its containers. */
export const EngineTask = z.object({
  ID: z.string(),
  ServiceID: z.string().default(''),
  NodeID: z.string().default(''),
  Slot: z.number().default(0),
  CreatedAt: z.coerce.date(),
  /** Kept as it is, to be compared with the service's `TaskTemplate`. */
  Spec: z.looseObject({ ContainerSpec: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }).optional() }),
  DesiredState: z.string(),
  JobIteration: z.object({ Index: Count }).optional(),
  Status: z.object({
    State: z.string(),
    Timestamp: z.coerce.date(),
    Err: z.string().optional(),
    ContainerStatus: z.object({ ExitCode: z.number().optional(), ContainerID: z.string().optional() }).nullish(),
  }),
});
export type EngineTask = z.infer<typeof EngineTask>;

export const EngineContainer = z.object({
  Id: z.string(),
  Names: z
    .array(z.string())
    .nullish()
    .transform((names) => names ?? []),
  Labels,
  Mounts: z
    .array(z.object({ Type: z.string(), Name: z.string().optional() }))
    .nullish()
    .transform((mounts) => mounts ?? []),
});
/** What a container sees of volumes and folders. */
const EngineMount = z.object({ Type: z.string(), Name: z.string().optional(), Destination: z.string() });
export type EngineMount = z.infer<typeof EngineMount>;
export const EngineMounts = z.object({
  Mounts: z
    .array(EngineMount)
    .nullish()
    .transform((mounts) => mounts ?? []),
});
export const EngineNetwork = z.object({ Id: z.string(), Name: z.string(), Labels });
export const EngineVolumes = z.object({
  Volumes: z
    .array(z.object({ Name: z.string(), Labels }))
    .nullish()
    .transform((volumes) => volumes ?? []),
});
/** A secret or a config. */
export const EngineFile = z.object({ ID: z.string(), Spec: z.object({ Name: z.string(), Labels }) });

export const EngineImage = z.object({
  Id: z.string(),
  RepoDigests: z.array(z.string()).nullish(),
  Config: z.object({ Labels }).nullish(),
  /** Bytes, its layers unpacked. */
  Size: z.number().default(0),
});

/** How much memory a container uses, in bytes; nothing where the host does not count it. */
export const EngineStats = z.object({
  memory_stats: z.object({
    usage: z.number().optional(),
    stats: z.object({ inactive_file: z.number().optional(), total_inactive_file: z.number().optional() }).optional(),
  }),
});

/** What a container was and said of itself; `Health` is there when it has a health check, its image's included. */
export const EngineContainerState = z.object({
  State: z.object({
    OOMKilled: z.boolean().default(false),
    Running: z.boolean(),
    Health: z
      .object({
        Status: z.string(),
        Log: z
          .array(z.object({ Output: z.string() }))
          .nullish()
          .transform((log) => log ?? []),
      })
      .nullish(),
  }),
});

/** A line of the engine's events. */
export const EngineEvent = z.object({
  Action: z.string(),
  Actor: z.object({ Attributes: z.record(z.string(), z.string()).default({}) }),
});
export type EngineEvent = z.infer<typeof EngineEvent>;

/** A line of a pull's progress. */
export const PullProgress = z.object({ error: z.string().optional() });

/** `GET /networks/<bridge>`, as far as it says where its host is. */
export const EngineGateway = z.object({ IPAM: z.object({ Config: z.array(z.object({ Gateway: z.string().optional() })) }) });

/** A network as it is looked at by its name. */
export const EngineNetworkKind = z.object({ Driver: z.string(), Scope: z.string() });
export type EngineNetworkKind = z.infer<typeof EngineNetworkKind>;
